/** A data directory on a disk that fills up: a small file system in a namespace of its own. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const directory = mkdtempSync(join(tmpdir(), 'azalea-full-'));
after(() => rmSync(directory, { recursive: true, force: true }));

/** Runs a command where `directory` is 2 MB large. */
const onSmallDisk = (...command: string[]) =>
  spawnSync(
    'unshare',
    ['-rm', 'sh', '-c', 'mount -t tmpfs -o size=2m none "$0" && "$@"', directory, ...command],
    { encoding: 'utf8', timeout: 60_000 },
  );
const possible = onSmallDisk('true').status === 0;

test('a full disk is STORE_UNUSABLE, what was stored stays, and the process ends by itself', {
  skip: !possible && 'no user namespaces here',
}, () => {
  const script = mkdtempSync(join(tmpdir(), 'azalea-full-script-'));
  after(() => rmSync(script, { recursive: true, force: true }));
  writeFileSync(
    join(script, 'fill.ts'),
    `import { Store } from ${JSON.stringify(new URL('../../../sequencer/state/store.ts', import.meta.url).pathname)};
     const store = new Store({ path: process.argv[2] });
     const codes = [];
     let stored = 0;
     for (let i = 0; i < 40; i++) {
       try { store.atomic(() => store.blockBytes.putSync(i, Buffer.alloc(100_000, 1))); stored++; }
       catch (error) { codes.push(error.code); }
     }
     try { store.cursor = { number: 1, hash: '' }; } catch (error) { codes.push(error.code); }
     console.log(JSON.stringify({ stored, codes: [...new Set(codes)], last: store.blockBytes.get(stored - 1)?.length }));
     await store.close();`,
  );
  const { status, stdout, stderr } = onSmallDisk(
    process.execPath,
    join(script, 'fill.ts'),
    join(directory, 'data'),
  );
  assert.equal(status, 0, stderr);
  const { stored, codes, last } = JSON.parse(stdout) as { stored: number; codes: string[]; last: number };
  assert.ok(stored > 5 && stored < 40);
  assert.deepEqual(codes, ['STORE_UNUSABLE']);
  assert.equal(last, 100_000);
});
