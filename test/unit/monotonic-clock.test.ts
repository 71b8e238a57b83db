/** Delays are measured on the monotonic clock: a wall clock that is set must neither stop nor hurry anything. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const ROOT = new URL('../..', import.meta.url).pathname;

/** Uses of the wall clock that are no delay. */
const DATES: Readonly<Record<string, string>> = {
  'pxe/accounts/key-store.ts': 'createdAt',
  'pxe/client/azalea.ts': 'birthdayFromText(options.born, Date.now())',
  'pxe/calls/call-sender.ts': 'createdAt',
  'pxe/bridge/l1-intents.ts': 'createdAt',
  'l1/node/transport.ts': 'Date.parse(header)',
};

test('no delay in the sequencer, the PXE and their clients reads the wall clock', () => {
  const wrong = globSync('{sequencer,pxe,rpc,l1}/**/*.ts', { cwd: ROOT }).flatMap((file) =>
    readFileSync(`${ROOT}/${file}`, 'utf8')
      .split('\n')
      .filter(
        (line) =>
          /Date\.now|new Date\(\)/.test(line) && !line.includes(DATES[file] ?? 'Date.now() is no delay'),
      )
      .map((line) => `${file}: ${line.trim()}`),
  );
  assert.deepEqual(wrong, []);
});
