/** examples/sealed-auction.ts as a process against a devnet: three accounts, seven transactions, a prize. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describeDevnet } from '../../devnet/describe.ts';
import { type Devnet, startDevnet } from '../../devnet/start.ts';
import { DEVNET_FILE, writeDevnet } from '../../host/devnet-file.ts';

const SCRIPT = fileURLToPath(new URL('../../examples/sealed-auction.ts', import.meta.url));

describe('the auction app', { timeout: 900_000 }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'azalea-auction-'));
  let net: Devnet;

  before(async () => {
    net = await startDevnet({
      circuits: ['transition-small', 'state-update-small'],
      software: 'test',
      sequencer: { logLevel: 'warn' },
    });
    await writeDevnet(join(directory, DEVNET_FILE), describeDevnet(net));
  });
  after(async () => {
    await net?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  test('sells the painting to the higher bid and pays the other back', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT], { cwd: directory });
    assert.match(stdout, /Alice has 100 chips again\nBob has the painting 77 for 75\n$/);
  });

  test('has fewer than 60 lines', () => {
    assert.ok(readFileSync(SCRIPT, 'utf8').split('\n').length <= 60);
  });
});
