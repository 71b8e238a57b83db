/** Blocks of several chunks and of both sizes, with real proofs, checked by the contract. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { depositEth } from '../../l1/deposit.ts';
import { NoteTree } from '../../protocol/tree/note-tree.ts';
import { SEQUENCER_CIRCUITS } from '../../sequencer/process/service.ts';
import { type E2eRollup, eventually, startRollup, startSequencer } from '../support/rollup/e2e-rollup.ts';
import { removeDirectory, temporaryDirectory } from '../support/sequencer/sequencer-harness.ts';

let rollup: E2eRollup;
let minted: Awaited<ReturnType<E2eRollup['mint']>>[];
const dataDirectory = temporaryDirectory();
const GENESIS = new NoteTree().root();

before(async () => {
  rollup = await startRollup(SEQUENCER_CIRCUITS);
  minted = [];
  for (let k = 0; k < 9; k++) minted.push(await rollup.mint(GENESIS, BigInt(k + 1)));
});

after(async () => {
  await rollup?.close();
  removeDirectory(dataDirectory);
});

/** Submits, waits until settled, and returns the block. */
async function settleTogether(transactions: typeof minted, environment: Record<string, string>) {
  const sequencer = await startSequencer({
    rollup,
    dataDirectory,
    environment: {
      AZALEA_BLOCK_TRANSACTIONS: String(transactions.length),
      AZALEA_BLOCK_DELAY_MS: '60000',
      ...environment,
    },
  });
  await eventually('ready', async () => (await sequencer.client.getHealth()).status === 'ok');
  for (const { bytes } of transactions) await sequencer.client.submitTransaction(bytes);
  const last = transactions[transactions.length - 1];
  await sequencer.client.waitForTransaction(last.id, 'settled', { timeoutMs: 300_000, intervalMs: 100 });
  const { head } = await sequencer.client.getBlocks();
  const { block, transactionIds } = await sequencer.client.getBlock(head);
  const metrics = await (await fetch(`${sequencer.url}/metrics`)).text();
  const value = (name: string) => Number(new RegExp(`^${name} ([\\d.e-]+)$`, 'm').exec(metrics)?.[1]);
  const verify =
    value('azalea_transition_verify_seconds_sum') / value('azalea_transition_verify_seconds_count');
  console.log(
    `${transactions.length} transactions, ${block.chunks} chunks; verifying one proof ${(1000 * verify).toFixed(0)} ms`,
  );
  for (const line of sequencer
    .output()
    .split('\n')
    .filter((text) => text.includes('chunk proven')))
    console.log(line);
  assert.equal(await sequencer.stop(), '0');
  assert.deepEqual(
    transactionIds,
    transactions.map(({ id }) => id),
  );
  for (const { nullifiers } of transactions) assert.equal(await rollup.timesSettled(nullifiers[0]), 1);
  return block;
}

test('three transactions and six deposits: two small chunks proven side by side', async () => {
  for (let k = 1n; k <= 6n; k++) {
    await depositEth(rollup.client, rollup.wallets[2], rollup.info.bridge, { ownerHash: k, amount: k });
  }
  const block = await settleTogether(minted.slice(0, 3), { AZALEA_PROOF_WORKERS: '2' });
  assert.deepEqual([block.chunks, block.deposits, block.transactions], [2, 6, 3]);
});

test('six transactions: one large chunk when that is proven sooner', async () => {
  const block = await settleTogether(minted.slice(3), {
    AZALEA_SMALL_CHUNK_SECONDS: '30',
    AZALEA_LARGE_CHUNK_SECONDS: '40',
  });
  assert.deepEqual([block.chunks, block.transactions], [1, 6]);
});
