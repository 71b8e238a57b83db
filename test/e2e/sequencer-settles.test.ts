/** One sequencer process, a real Hardhat node, real proofs: transactions and deposits settle, stop and go, rebuild. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { depositEth } from '../../l1/deposit.ts';
import { readNoteRoot } from '../../l1/rollup-info.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import {
  type E2eRollup,
  eventually,
  type SequencerProcess,
  startRollup,
  startSequencer,
} from '../support/rollup/e2e-rollup.ts';
import { removeDirectory, temporaryDirectory } from '../support/sequencer/sequencer-harness.ts';

let rollup: E2eRollup;
let sequencer: SequencerProcess;
let dataDirectory: string;

before(async () => {
  rollup = await startRollup();
  dataDirectory = temporaryDirectory();
  sequencer = await startSequencer({ rollup, dataDirectory });
  await eventually('ready', async () => (await sequencer.client.getHealth()).status === 'ok');
});

after(async () => {
  await sequencer?.stop();
  await rollup?.close();
  removeDirectory(dataDirectory);
});

const newestRoot = async (): Promise<bigint> => {
  const { head } = await sequencer.client.getBlocks();
  return (await readNoteRoot(rollup.client, rollup.info.rollup, head))!;
};

test('a real transaction is verified, proven into a block, checked on L1 and found there', async () => {
  const { bytes, id, nullifiers } = await rollup.mint(await newestRoot());
  const started = Date.now();
  assert.deepEqual(await sequencer.client.submitTransaction(bytes), { id, status: 'pending' });
  const status = await sequencer.client.waitForTransaction(id, 'settled', {
    timeoutMs: 300_000,
    intervalMs: 50,
  });
  console.log(`settled after ${((Date.now() - started) / 1000).toFixed(1)} s`);
  assert.equal(status.l2Block, 1);
  assert.equal(await rollup.timesSettled(nullifiers[0]), 1);
  const root = await readNoteRoot(rollup.client, rollup.info.rollup, 1);
  assert.equal(BigInt((await sequencer.client.getBlock(1)).block.noteRoot), root);
  await assert.rejects(
    sequencer.client.submitTransaction(bytes),
    (error) => error instanceof AzaleaError && error.code === 'TRANSACTION_DUPLICATE',
  );
});

test('a tampered proof and every kind of forged signal are refused by the real verifier', async () => {
  const { bytes } = await rollup.mint(await newestRoot());
  const refused = async (change: (copy: Uint8Array) => void): Promise<string> => {
    const copy = bytes.slice();
    change(copy);
    try {
      await sequencer.client.submitTransaction(copy);
      return 'accepted';
    } catch (error) {
      return (error as AzaleaError).code;
    }
  };
  assert.equal(await refused((copy) => (copy[3 + 31] ^= 1)), 'PROOF_INVALID');
  // A valid point in a wrong place: A and C exchanged.
  assert.equal(await refused((copy) => copy.copyWithin(3, 3 + 192, 3 + 256)), 'PROOF_INVALID');
  assert.equal(await refused((copy) => copy.fill(0, 3, 3 + 256)), 'PROOF_INVALID');
  const signal = (position: number) => 3 + 256 + 32 + 32 * position + 31;
  // Position -1 is the hash of the statement.
  for (const position of [-1, 1, 2, 3, 4, 7, 18, 19, 20]) {
    assert.equal(
      await refused((copy) => (copy[signal(position)] ^= 1)),
      'PROOF_INVALID',
      `signal ${position}`,
    );
  }
  assert.equal(await refused((copy) => (copy[signal(0)] ^= 1)), 'ANCHOR_UNKNOWN');
  assert.equal(await refused((copy) => (copy[signal(27)] ^= 1)), 'ROLLUP_MISMATCH');
});

test('a deposit settles by itself; a stop and a start lose nothing; a fresh node rebuilds from L1 alone', async () => {
  await depositEth(rollup.client, rollup.wallets[2], rollup.info.bridge, {
    ownerHash: 12345n,
    amount: 10n ** 18n,
  });
  await eventually('deposit', async () =>
    (await sequencer.client.getNotes()).blocks.some((b) => b.deposits.length === 1),
  );
  const { bytes, id } = await rollup.mint(await newestRoot());
  await sequencer.client.submitTransaction(bytes);
  assert.equal(await sequencer.stop('SIGTERM'), '0');
  sequencer = await startSequencer({ rollup, dataDirectory });
  await eventually('settled', async () => (await sequencer.client.getTransaction(id)).status === 'settled');
  const freshDirectory = temporaryDirectory();
  const fresh = await startSequencer({ rollup, dataDirectory: freshDirectory });
  await eventually('rebuilt', async () => (await fresh.client.getHealth()).status === 'ok');
  assert.deepEqual(await fresh.client.getNotes(), await sequencer.client.getNotes());
  assert.deepEqual(await fresh.client.getBlocks(), await sequencer.client.getBlocks());
  assert.equal((await fresh.client.getTransaction(id)).status, 'settled');
  await fresh.stop();
  removeDirectory(freshDirectory);
});

test('the proving key can be fetched by its hash', async () => {
  const { artifacts, keys, insecureKeys } = await sequencer.client.getInfo();
  assert.equal(insecureKeys, true);
  assert.equal(keys.length, 2);
  const key = artifacts.find((artifact) => artifact.name === 'transition-small.zkey')!;
  const bytes = await sequencer.client.downloadArtifact(key.sha256, { bytes: key.bytes });
  assert.equal(bytes.length, key.bytes);
});
