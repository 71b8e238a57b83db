/** Floods of deposits beside transactions: the transactions go on, and overdue deposits are taken. */
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { DEPOSIT_OVERDUE_L1_BLOCKS } from '../../../protocol/constants.ts';
import { FakeChain } from '../../support/sequencer/fake-l1.ts';
import {
  type Harness,
  removeDirectory,
  startHarness,
  testSignals,
  testTransaction,
} from '../../support/sequencer/sequencer-harness.ts';

const open: Harness[] = [];
afterEach(async () => {
  for (const harness of open.splice(0)) {
    await harness.stop();
    removeDirectory(harness.dataDirectory);
  }
});

async function start(chain: FakeChain, beforeProof?: () => Promise<void>): Promise<Harness> {
  const settings = {
    proofWorkers: 1,
    blockDelayMs: 5,
    depositShare: 0.5,
    depositBlockSeconds: 30,
    l1LogRange: 500,
  };
  const harness = startHarness({ chain, settings, beforeProof });
  open.push(harness);
  await harness.until('caught up', () => harness.sequencer.health().status === 'ok');
  return harness;
}

const dust = (count: number) =>
  Array.from({ length: count }, (_, k) => ({ ownerHash: BigInt(5000 + k), amount: 1n }));

test('40 deposits of 1 wei: the block of a transaction has no chunk for them alone', async () => {
  const chain = new FakeChain();
  let go = () => {};
  const held = new Promise<void>((resolve) => {
    go = resolve;
  });
  const harness = await start(chain, () => held);
  chain.mine(dust(40));
  await harness.until('a block begun', () => harness.sequencer.health().candidate !== null);
  const { id } = await harness.sequencer.submit(testTransaction(testSignals(harness.noteRoot())).bytes);
  go();
  const { l2Block } = await harness.reaches(id, 'settled');
  const { blocks } = harness.sequencer.blocks({});
  // 6 s a chunk and 30 s for deposits alone: the block that was begun before the transaction came is bounded, too.
  assert.deepEqual(
    blocks.slice(1, 3).map(({ chunks, deposits, transactions }) => ({ chunks, deposits, transactions })),
    [
      { chunks: 5, deposits: 20, transactions: 0 },
      { chunks: 1, deposits: 4, transactions: 1 },
    ],
  );
  assert.equal(l2Block, 2);
});

test('overdue deposits under load: every block is accepted, and the queue empties', async () => {
  const chain = new FakeChain();
  const harness = await start(chain);
  chain.automine = false;
  chain.mine(dust(24));
  chain.skip(DEPOSIT_OVERDUE_L1_BLOCKS + 5);
  chain.automine = true;
  const ids: string[] = [];
  for (let k = 0; k < 9; k++) {
    const { id } = await harness.sequencer.submit(testTransaction(testSignals(harness.noteRoot())).bytes);
    ids.push(id);
    if (k % 3 === 0) await harness.reaches(id, 'settled');
  }
  await Promise.all(ids.map((id) => harness.reaches(id, 'settled')));
  const taken = () => harness.sequencer.blocks({}).blocks.reduce((sum, block) => sum + block.deposits, 0);
  await harness.until('all deposits taken', () => taken() === 24);
  assert.equal(harness.sequencer.health().problem, null);
  // Nothing was proposed that L1 refused: each proposal that was sent settled.
  assert.equal(chain.received.length, chain.settled().length);
});
