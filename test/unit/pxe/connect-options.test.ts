/** Every option of `connect` stands in docs/client.md, and no other. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConnectOptions } from '../../../pxe/node/connect.ts';
import { readText } from '../../support/source-files.ts';

/** The compiler holds these keys to the options. */
const OPTIONS: Record<keyof ConnectOptions, true> = {
  sequencer: true,
  l1: true,
  passphrase: true,
  store: true,
  storeIsHeld: true,
  rollup: true,
  l1LogRange: true,
  notesFromL1: true,
  proofProcesses: true,
  pollMs: true,
  keyDerivation: true,
  onSync: true,
  onKeyDownload: true,
  onKeyBuilding: true,
};

test('docs/client.md lists the options of connect', () => {
  const [, section] = readText('docs/client.md').split('## Options of connect');
  const rows = [...section.split('\n## ')[0].matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
  assert.deepEqual(rows, Object.keys(OPTIONS));
});
