/** Refusals of a sequencer at its start, settings, and the directory lock. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { DirectoryLock } from '../../../host/directory-lock.ts';
import { AzaleaError } from '../../../protocol/errors.ts';
import { ChunkTimes } from '../../../sequencer/build/chunk-times.ts';
import { checkKeys } from '../../../sequencer/keys/check-keys.ts';
import { backoffMs } from '../../../sequencer/process/backoff.ts';
import { environmentName, loadConfig } from '../../../sequencer/process/config.ts';
import { CRASH_POINTS } from '../../../sequencer/process/crash-point.ts';
import { FakeChain } from '../../support/sequencer/fake-l1.ts';
import {
  removeDirectory,
  startHarness,
  temporaryDirectory,
} from '../../support/sequencer/sequencer-harness.ts';

const directories: string[] = [];
const directory = (): string => {
  const path = temporaryDirectory();
  directories.push(path);
  return path;
};
after(() => directories.forEach(removeDirectory));

const coded = (code: string) => (error: unknown) => error instanceof AzaleaError && error.code === code;

test('development keys are refused on every chain but 31337', async () => {
  const chain = new FakeChain();
  Object.assign(chain.info, { chainId: 1 });
  const harness = startHarness({ chain, dataDirectory: directory() });
  await assert.rejects(harness.running, coded('INSECURE_KEYS_REFUSED'));
  await harness.stop();
});

test("keys that are not the rollup's are refused", () => {
  const { info } = new FakeChain();
  assert.throws(() => checkKeys(info, new Map(), new Map([[0, 'transition-small']])), coded('KEY_MISMATCH'));
});

test('a data directory that cannot be made is refused by name', () => {
  const file = join(directory(), 'file');
  writeFileSync(file, '');
  assert.throws(
    () => startHarness({ chain: new FakeChain(), dataDirectory: join(file, 'inside') }),
    coded('STORE_UNUSABLE'),
  );
});

test('a data directory is used by one process at a time, and free after its end', async () => {
  const path = directory();
  const lock = await DirectoryLock.take(path);
  await assert.rejects(DirectoryLock.take(path), coded('STORE_IN_USE'));
  await lock.release();
  await (await DirectoryLock.take(path)).release();
  // Leftovers of a killed process do not lock anybody out.
  writeFileSync(join(path, 'lock.sock'), '');
  await (await DirectoryLock.take(path)).release();
  const deep = join(path, 'x'.repeat(120));
  mkdirSync(deep);
  const deepLock = await DirectoryLock.take(deep);
  await assert.rejects(DirectoryLock.take(deep), coded('STORE_IN_USE'));
  await deepLock.release();
});

test('settings: file, environment and overrides in this order, each checked', () => {
  const key = `0x${'ab'.repeat(32)}`;
  const path = directory();
  const file = join(path, 'config.json');
  writeFileSync(
    file,
    JSON.stringify({ l1Url: 'http://a', rollup: `0x${'11'.repeat(20)}`, port: 1, pollMs: 7 }),
  );
  writeFileSync(join(path, 'key'), `${key}\n`);
  const environment = {
    AZALEA_PORT: '2',
    AZALEA_CONFIRMATIONS: '3',
    AZALEA_PROPOSER_KEY_FILE: join(path, 'key'),
  };
  const config = loadConfig({ file, environment, overrides: { port: 4, host: undefined } });
  assert.deepEqual(
    [config.l1Url, config.port, config.confirmations, config.pollMs, config.host, config.proposerKey],
    ['http://a', 4, 3, 7, '127.0.0.1', key],
  );
  assert.equal(environmentName('maxFeeGwei'), 'AZALEA_MAX_FEE_GWEI');
  assert.throws(() => loadConfig({ file, environment: {} }), coded('CONFIG_INVALID'));
  assert.throws(
    () => loadConfig({ file, environment: { ...environment, AZALEA_PORT: 'x' } }),
    coded('CONFIG_INVALID'),
  );
  assert.throws(() => loadConfig({ file, environment, overrides: { unknown: 1 } }), coded('CONFIG_INVALID'));
  assert.throws(() => loadConfig({ file: join(path, 'absent') }), coded('CONFIG_INVALID'));
  const secret = `0x${'cd'.repeat(31)}`;
  try {
    loadConfig({ file, environment: {}, overrides: { proposerKey: secret } });
    assert.fail('a short key was taken');
  } catch (error) {
    assert.ok(!JSON.stringify(error).includes(secret.slice(4)));
  }
});

test('pauses grow to a limit; proof times follow what is measured; crash points are named once', () => {
  assert.deepEqual(
    [1, 2, 3, 20].map((n) => backoffMs(n, 100, 1000, () => 0)),
    [100, 200, 400, 1000],
  );
  const times = new ChunkTimes({ seconds: { small: 10, large: 20 } });
  for (let k = 0; k < 20; k++) times.observe('small', 2);
  assert.ok(times.seconds.small < 2.1 && times.seconds.large === 20);
  assert.ok(CRASH_POINTS.length >= 20);
  assert.equal(new Set(CRASH_POINTS).size, CRASH_POINTS.length);
});
