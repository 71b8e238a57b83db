/** The sequencer's life over an L1 in memory: settling, restarts, reorganisations, rivals, outages. */
import assert from 'node:assert/strict';
import { afterEach, mock, test } from 'node:test';
import { ANCHOR_MAX_AGE_L1_BLOCKS } from '../../../protocol/constants.ts';
import { AzaleaError } from '../../../protocol/errors.ts';
import { FakeChain } from '../../support/sequencer/fake-l1.ts';
import {
  badProof,
  type Harness,
  type HarnessOptions,
  removeDirectory,
  startHarness,
  testSignals,
  testTransaction,
} from '../../support/sequencer/sequencer-harness.ts';

const open: Harness[] = [];
async function start(options: HarnessOptions): Promise<Harness> {
  const harness = startHarness(options);
  open.push(harness);
  await harness.until('caught up', () => harness.sequencer.health().status === 'ok');
  return harness;
}
async function stop(harness: Harness): Promise<void> {
  open.splice(open.indexOf(harness), 1);
  await harness.stop();
}
afterEach(async () => {
  const directories = new Set(open.map((harness) => harness.dataDirectory));
  for (const harness of open.splice(0)) await harness.stop();
  for (const directory of directories) removeDirectory(directory);
});

const coded = (code: string) => (error: unknown) => error instanceof AzaleaError && error.code === code;

test('a transaction settles, and its outputs can be read with their leaf indexes', async () => {
  const chain = new FakeChain();
  const harness = await start({ chain });
  const signals = testSignals(harness.noteRoot());
  const { bytes, id } = testTransaction(signals);
  assert.deepEqual(await harness.sequencer.submit(bytes), { id, status: 'pending' });
  const status = await harness.reaches(id, 'settled');
  assert.equal(status.l2Block, 1);
  assert.equal(status.l1TransactionHash, chain.settled()[0].transactionHash);
  const { blocks } = harness.sequencer.notes({});
  assert.equal(blocks.length, 1);
  assert.deepEqual(
    blocks[0].transitions[0].outputs.map(({ index, commitment }) => [index, BigInt(commitment)]),
    [
      [0, signals.commitments[0]],
      [1, signals.commitments[1]],
    ],
  );
  await assert.rejects(harness.sequencer.submit(bytes), coded('TRANSACTION_DUPLICATE'));
});

test('small and large transactions share a block in the order they came, and a fresh node reads the same', async () => {
  const chain = new FakeChain();
  const harness = await start({ chain, settings: { blockDelayMs: 40 } });
  const root = harness.noteRoot();
  const sizes = ['small', 'large', 'large', 'small', 'large'] as const;
  const signals = sizes.map((size) => testSignals(root, {}, size));
  const ids: string[] = [];
  for (const one of signals) ids.push((await harness.sequencer.submit(testTransaction(one).bytes)).id);
  await Promise.all(ids.map((id) => harness.reaches(id, 'settled')));
  const [block] = harness.sequencer.notes({}).blocks;
  assert.deepEqual(
    block.transitions.map(({ transactionId }) => transactionId),
    ids,
  );
  assert.deepEqual(
    block.transitions.map(({ nullifiers, outputs }) => [nullifiers.length, outputs.length]),
    sizes.map((size) => (size === 'large' ? [4, 4] : [2, 2])),
  );
  assert.deepEqual(
    block.transitions.flatMap(({ outputs }) => outputs.map(({ commitment }) => BigInt(commitment))),
    signals.flatMap(({ commitments }) => commitments),
  );
  const other = await start({ chain, proposer: `0x${'22'.repeat(20)}` });
  assert.deepEqual(other.sequencer.notes({}), harness.sequencer.notes({}));
  // Any one of a large transition's nullifiers is spent now.
  for (let k = 0; k < 4; k++) {
    const nullifiers = [1n, 2n, 3n, 4n].with(k, signals[1].nullifiers[k]);
    const again = testSignals(other.noteRoot(), { nullifiers }, 'large');
    await assert.rejects(other.sequencer.submit(testTransaction(again).bytes), coded('NULLIFIER_SPENT'));
  }
});

test('a block takes what its chunks have room for; the large transaction that does not fit is first in the next', async () => {
  const chain = new FakeChain();
  const harness = await start({ chain, settings: { blockDelayMs: 40, maxChunks: 1 } });
  const root = harness.noteRoot();
  // One chunk of 16: small 2, large 4 + 4 + 4; the fourth large does not fit into the 2 left, and the small one waits behind.
  const sizes = ['small', 'large', 'large', 'large', 'large', 'small'] as const;
  const ids: string[] = [];
  for (const size of sizes) {
    const { bytes } = testTransaction(testSignals(root, {}, size));
    ids.push((await harness.sequencer.submit(bytes)).id);
  }
  await Promise.all(ids.map((id) => harness.reaches(id, 'settled')));
  assert.deepEqual(
    ids.map((id) => harness.sequencer.transaction(id).l2Block),
    [1, 1, 1, 1, 2, 2],
  );
});

test('a large transaction that a reorganisation removed settles again', async () => {
  const chain = new FakeChain();
  const harness = await start({ chain });
  const before = chain.blocks.length - 1;
  const { bytes, id } = testTransaction(testSignals(harness.noteRoot(), {}, 'large'));
  await harness.sequencer.submit(bytes);
  const { l1TransactionHash } = await harness.reaches(id, 'settled');
  const { transitions } = harness.sequencer.notes({}).blocks[0];
  chain.reorg(before, 1);
  await harness.until(
    'taken back',
    () => harness.metrics.registry !== undefined && chain.settled().length > 0,
  );
  await harness.reaches(id, 'settled');
  assert.ok(l1TransactionHash !== null);
  assert.equal(harness.sequencer.blocks({}).head, 1);
  assert.deepEqual(harness.sequencer.notes({}).blocks[0].transitions, transitions);
});

test('deposits settle by themselves, in order', async () => {
  const chain = new FakeChain();
  const harness = await start({ chain });
  chain.mine([
    { ownerHash: 5n, amount: 10n },
    { ownerHash: 6n, amount: 20n },
  ]);
  await harness.until('deposits', () => harness.sequencer.blocks({}).head === 1);
  const [block] = harness.sequencer.notes({}).blocks;
  assert.deepEqual(
    block.deposits.map(({ queueIndex, index, ownerHash }) => [queueIndex, index, BigInt(ownerHash)]),
    [
      [0, 4, 5n],
      [1, 5, 6n],
    ],
  );
});

test('several transactions and deposits share blocks; a fresh node rebuilds the same from L1 alone', async () => {
  const chain = new FakeChain();
  const harness = await start({ chain, settings: { blockDelayMs: 30 } });
  const root = harness.noteRoot();
  const ids: string[] = [];
  for (let round = 0; round < 3; round++) {
    chain.mine([{ ownerHash: BigInt(round + 1), amount: 1n }]);
    for (let k = 0; k < 4; k++) {
      const { bytes, id } = testTransaction(testSignals(round === 0 ? root : harness.noteRoot()));
      await harness.sequencer.submit(bytes);
      ids.push(id);
    }
    await Promise.all(ids.map((id) => harness.reaches(id, 'settled')));
  }
  const other = await start({ chain, proposer: `0x${'22'.repeat(20)}` });
  assert.deepEqual(other.sequencer.blocks({}), harness.sequencer.blocks({}));
  assert.deepEqual(other.sequencer.notes({}), harness.sequencer.notes({}));
  assert.deepEqual(other.sequencer.roots({}), harness.sequencer.roots({}));
  for (const id of ids) assert.equal(other.sequencer.transaction(id).status, 'settled');
});

test('an accepted transaction survives a restart, and its stored proofs are not made again', async () => {
  const chain = new FakeChain();
  let hold = true;
  const first = await start({
    chain,
    beforeProof: (signal) =>
      new Promise((resolve, reject) => {
        if (!hold) return resolve();
        signal.addEventListener('abort', () => reject(signal.reason));
      }),
  });
  const { bytes, id } = testTransaction(testSignals(first.noteRoot()));
  await first.sequencer.submit(bytes);
  await first.reaches(id, 'included');
  await stop(first);
  hold = false;
  chain.automine = false;
  const second = await start({ chain, dataDirectory: first.dataDirectory });
  await second.until('sent', () => chain.pending.length === 1);
  assert.equal(second.sequencer.transaction(id).status, 'proven');
  await stop(second);
  const third = await start({ chain, dataDirectory: first.dataDirectory });
  await new Promise((resolve) => setTimeout(resolve, 80));
  assert.equal(third.proofs.count, 0, 'the proof was on disk');
  assert.equal(new Set(chain.received).size, 1, 'only ever one L1 transaction');
  chain.mine();
  await third.reaches(id, 'settled');
  assert.equal(chain.settled().length, 1);
});

test('a stuck proposal is replaced under the same nonce, and settles once', async () => {
  const chain = new FakeChain();
  chain.automine = false;
  const harness = await start({ chain, settings: { stuckAfterMs: 30 } });
  const { bytes, id } = testTransaction(testSignals(harness.noteRoot()));
  await harness.sequencer.submit(bytes);
  await harness.until('replaced', () => new Set(chain.received).size >= 3);
  const raws = [...new Set(chain.received)].map((raw) => JSON.parse(raw));
  assert.deepEqual(new Set(raws.map((raw) => raw.nonce)), new Set([0]));
  for (let k = 1; k < raws.length; k++) assert.ok(BigInt(raws[k].fee) * 10n >= BigInt(raws[k - 1].fee) * 11n);
  chain.mine();
  await harness.reaches(id, 'settled');
  chain.automine = true;
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(chain.settled().length, 1);
});

test('a clock set back an hour stops neither blocks nor replacements', async (context) => {
  const chain = new FakeChain();
  const harness = await start({ chain, settings: { blockDelayMs: 50, stuckAfterMs: 50 } });
  chain.automine = false;
  const { id } = await harness.sequencer.submit(testTransaction(testSignals(harness.noteRoot())).bytes);
  const { now } = Date;
  context.mock.method(Date, 'now', () => now() - 3_600_000);
  await harness.until('replaced', () => new Set(chain.received).size > 1, 20_000);
  chain.mine();
  await harness.reaches(id, 'settled');
});

test('another proposer settles first: the block is built again and nothing settles twice', async () => {
  const chain = new FakeChain();
  chain.automine = false;
  const ours = await start({ chain });
  const rival = await start({ chain, proposer: `0x${'22'.repeat(20)}` });
  const root = ours.noteRoot();
  const shared = testTransaction(testSignals(root));
  const mine = testTransaction(testSignals(root));
  await ours.sequencer.submit(shared.bytes);
  await ours.sequencer.submit(mine.bytes);
  await ours.until('proposed', () => chain.pending.length === 1);
  const ourProposal = chain.pending.splice(0);
  await rival.sequencer.submit(shared.bytes);
  const ofRival = (raw: string): boolean => JSON.parse(raw).from === rival.l1.proposer;
  await rival.until('proposed', () => chain.pending.some(ofRival));
  chain.pending.splice(0, chain.pending.length, ...chain.pending.filter(ofRival));
  chain.mine();
  await ours.reaches(shared.id, 'settled');
  chain.pending.splice(0, chain.pending.length, ...ourProposal);
  chain.mine();
  await ours.until('built again', () => chain.pending.length === 1);
  chain.mine();
  const status = await ours.reaches(mine.id, 'settled');
  assert.equal(status.l2Block, 2);
  assert.equal(ours.sequencer.transaction(shared.id).l2Block, 1);
});

test('a transaction that conflicts with a settled one is dropped only when that is final', async () => {
  const chain = new FakeChain();
  chain.automine = false;
  // No resending: the proposal that this test takes away must not come back.
  const ours = await start({ chain, settings: { confirmations: 4, resendAfterMs: 60_000 } });
  const rival = await start({ chain, proposer: `0x${'22'.repeat(20)}` });
  const root = ours.noteRoot();
  const spend = testSignals(root);
  const mine = testTransaction(spend);
  const theirs = testTransaction(testSignals(root, { nullifiers: spend.nullifiers }));
  await ours.sequencer.submit(mine.bytes);
  await ours.until('proposed', () => chain.pending.length === 1);
  chain.pending.length = 0;
  await rival.sequencer.submit(theirs.bytes);
  await rival.until('proposed', () =>
    chain.pending.some((raw) => JSON.parse(raw).from === rival.l1.proposer),
  );
  chain.mine();
  await ours.until('parked', () => ours.sequencer.transaction(mine.id).reason?.code === 'NULLIFIER_SPENT');
  assert.equal(ours.sequencer.transaction(mine.id).status, 'pending');
  assert.equal(ours.sequencer.transaction(theirs.id).status, 'proven', 'not enough confirmations yet');
  await assert.rejects(
    ours.sequencer.submit(testTransaction(testSignals(root, { nullifiers: spend.nullifiers })).bytes),
    coded('NULLIFIER_SPENT'),
  );
  for (let k = 0; k < 3; k++) chain.mine();
  await ours.reaches(mine.id, 'dropped');
  await ours.reaches(theirs.id, 'settled');
});

test('a reorganisation takes blocks back, returns their transactions and settles them again', async () => {
  const chain = new FakeChain();
  const harness = await start({ chain });
  const first = testTransaction(testSignals(harness.noteRoot()));
  await harness.sequencer.submit(first.bytes);
  await harness.reaches(first.id, 'settled');
  const before = chain.blocks.length - 1;
  const second = testTransaction(testSignals(harness.noteRoot()));
  await harness.sequencer.submit(second.bytes);
  chain.mine([{ ownerHash: 9n, amount: 3n }]);
  await harness.reaches(second.id, 'settled');
  await harness.until('deposit', () =>
    harness.sequencer.notes({}).blocks.some((block) => block.deposits.length === 1),
  );
  const proofs = harness.proofs.count;
  chain.reorg(before, 1);
  await harness.until(
    'reorg seen',
    () => harness.metrics.registry !== undefined && chain.settled().length >= 2,
  );
  await harness.reaches(second.id, 'settled');
  assert.equal(harness.sequencer.transaction(second.id).l2Block, 2);
  assert.ok(
    harness.sequencer.notes({}).blocks.every((block) => block.deposits.length === 0),
    'the deposit is gone',
  );
  assert.ok(harness.proofs.count - proofs <= 1);
  const fresh = await start({ chain, proposer: `0x${'33'.repeat(20)}` });
  assert.deepEqual(fresh.sequencer.notes({}), harness.sequencer.notes({}));
});

test('a reorganisation while L1 is being read is noticed, wherever it strikes', async () => {
  for (let strike = 0; strike < 12; strike++) {
    const chain = new FakeChain();
    const harness = await start({ chain });
    const first = testTransaction(testSignals(harness.noteRoot()));
    await harness.sequencer.submit(first.bytes);
    await harness.reaches(first.id, 'settled');
    chain.mine([{ ownerHash: BigInt(strike + 1), amount: 1n }]);
    await harness.until('deposit', () =>
      harness.sequencer.notes({}).blocks.some((block) => block.deposits.length === 1),
    );
    chain.skip(10);
    let calls = 0;
    const strikeNow = (): void => {
      if (calls++ === strike) chain.reorg(2, 25);
    };
    for (const name of ['head', 'block', 'events'] as const) {
      const original = harness.l1[name].bind(harness.l1) as (...parameters: number[]) => Promise<never>;
      Object.assign(harness.l1, {
        [name]: async (...parameters: number[]) => {
          const answer = await original(...parameters);
          strikeNow();
          return answer;
        },
      });
    }
    await harness.until('struck', () => calls > strike);
    await harness.until('settled again', () => chain.settled().length === 1);
    await harness.reaches(first.id, 'settled');
    const fresh = await start({ chain, proposer: `0x${'33'.repeat(20)}` });
    assert.deepEqual(harness.sequencer.notes({}), fresh.sequencer.notes({}), `struck at call ${strike}`);
    await stop(harness);
    await stop(fresh);
    removeDirectory(harness.dataDirectory);
    removeDirectory(fresh.dataDirectory);
  }
});

test('what was built on an orphaned block settles once that block is settled again', async () => {
  const chain = new FakeChain();
  const harness = await start({ chain });
  const first = testTransaction(testSignals(harness.noteRoot()));
  await harness.sequencer.submit(first.bytes);
  await harness.reaches(first.id, 'settled');
  const second = testTransaction(testSignals(harness.noteRoot()));
  await harness.sequencer.submit(second.bytes);
  await harness.reaches(second.id, 'settled');
  chain.reorg(2, 1);
  await harness.until('both again', () => chain.settled().length === 2);
  await harness.reaches(second.id, 'settled');
  assert.equal(harness.sequencer.transaction(first.id).l2Block, 1);
  assert.equal(harness.sequencer.transaction(second.id).l2Block, 2);
});

test('a transaction whose anchor a reorganisation removed is parked, and dropped when it would have expired', async () => {
  const chain = new FakeChain();
  chain.automine = false;
  const harness = await start({ chain, settings: { confirmations: 2, l1LogRange: 5000 } });
  const rival = await start({ chain, proposer: `0x${'22'.repeat(20)}` });
  const genesis = harness.noteRoot();
  const spend = testSignals(genesis);
  const first = testTransaction(spend);
  await harness.sequencer.submit(first.bytes);
  await harness.until('proposed', () => chain.pending.length === 1);
  chain.mine();
  await harness.until('on L1', () => harness.sequencer.blocks({}).head === 1);
  const second = testTransaction(testSignals(harness.noteRoot()));
  await harness.sequencer.submit(second.bytes);
  await harness.until('proposed', () => chain.pending.length === 1);
  // On the new fork a rival spends the same record in another transaction: the old root never comes back.
  chain.up = false;
  chain.reorg(2, 1);
  chain.up = true;
  await rival.until('reorg seen', () => rival.sequencer.blocks({}).head === 0);
  const instead = testTransaction(testSignals(genesis, { nullifiers: spend.nullifiers }));
  await rival.sequencer.submit(instead.bytes).catch(() => {});
  await harness.until('reorg seen', () => harness.sequencer.blocks({}).head === 0);
  assert.equal(harness.sequencer.transaction(second.id).reason?.code, 'ANCHOR_UNKNOWN');
  assert.equal(harness.sequencer.transaction(second.id).status, 'pending');
  assert.equal(harness.sequencer.health().mempool.parked, 1);
  chain.up = false;
  chain.pending.length = 0;
  chain.forbidden.add(spend.commitments[0]);
  chain.skip(ANCHOR_MAX_AGE_L1_BLOCKS + 1);
  chain.up = true;
  await harness.until('followed', () => harness.sequencer.health().l1.followed === chain.blocks.length - 1);
  assert.equal(harness.sequencer.transaction(second.id).status, 'pending', 'not final yet');
  chain.mine();
  chain.mine();
  await harness.reaches(second.id, 'dropped');
});

test('an L1 outage is waited for; health says so', async () => {
  const chain = new FakeChain();
  chain.up = false;
  const harness = startHarness({ chain });
  open.push(harness);
  await harness.until('noticed', () => harness.sequencer.health().problem?.code === 'L1_UNREACHABLE');
  assert.equal(harness.sequencer.health().status, 'starting');
  await assert.rejects(harness.sequencer.submit(new Uint8Array()), coded('SEQUENCER_STARTING'));
  chain.up = true;
  await harness.until('ok', () => harness.sequencer.health().status === 'ok');
  chain.up = false;
  await harness.until('noticed again', () => harness.sequencer.health().status === 'degraded');
  const { bytes, id } = testTransaction(testSignals(harness.noteRoot()));
  await harness.sequencer.submit(bytes);
  chain.up = true;
  await harness.reaches(id, 'settled');
});

test('another chain behind the L1 URL later on is waited for, by name, and nothing is lost', async () => {
  const chain = new FakeChain();
  const harness = await start({ chain });
  const first = testTransaction(testSignals(harness.noteRoot()));
  await harness.sequencer.submit(first.bytes);
  await harness.reaches(first.id, 'settled');
  // Other hashes from the first block on, more blocks than the right chain has.
  const right = [...chain.blocks];
  const foreign = right.map((block) => ({
    ...block,
    hash: `0x${'f0'.repeat(32)}`,
    transactions: [],
    deposits: [],
  }));
  chain.blocks.splice(0, chain.blocks.length, ...foreign, ...foreign.slice(-3));
  await harness.until('noticed', () => harness.sequencer.health().problem?.code === 'L1_WRONG_CHAIN');
  assert.equal(harness.sequencer.health().status, 'degraded');
  assert.equal(harness.sequencer.transaction(first.id).status, 'settled');
  chain.blocks.splice(0, chain.blocks.length, ...right);
  await harness.until('ok again', () => harness.sequencer.health().status === 'ok');
  const second = testTransaction(testSignals(harness.noteRoot()));
  await harness.sequencer.submit(second.bytes);
  await harness.reaches(second.id, 'settled');
});

test('health says how old the last look at L1 is, also while a look hangs', async () => {
  const chain = new FakeChain();
  const harness = await start({ chain });
  const age = () => harness.sequencer.health().l1.secondsSincePoll;
  assert.ok(age()! < 5);
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { head } = harness.l1;
  harness.l1.head = async () => {
    await held;
    return head.call(harness.l1);
  };
  const now = performance.now.bind(performance);
  const clock = mock.method(performance, 'now', () => now() + 31_000);
  try {
    await harness.until('stale', () => harness.sequencer.health().status === 'degraded');
    assert.ok(age()! >= 31);
    assert.equal(harness.sequencer.health().problem, null, 'nothing has failed: the answer is late');
  } finally {
    clock.mock.restore();
    release();
  }
  await harness.until('current again', () => harness.sequencer.health().status === 'ok');
});

test('a data directory of another rollup is refused by name', async () => {
  const chain = new FakeChain();
  const harness = await start({ chain });
  await stop(harness);
  const foreign = startHarness({
    chain: new FakeChain({ rollupId: 778n }),
    dataDirectory: harness.dataDirectory,
  });
  await assert.rejects(foreign.running, coded('STORE_FOREIGN'));
  await foreign.stop();
  const restarted = new FakeChain();
  restarted.reorg(0, 5);
  const otherChain = startHarness({ chain: restarted, dataDirectory: harness.dataDirectory });
  await assert.rejects(otherChain.running, coded('STORE_FOREIGN'));
  await otherChain.stop();
  removeDirectory(harness.dataDirectory);
});

test('a transaction that makes any block invalid is found by halving and dropped; the others settle', async () => {
  const chain = new FakeChain();
  const harness = await start({ chain, settings: { blockDelayMs: 100 } });
  const root = harness.noteRoot();
  const signals = Array.from({ length: 6 }, () => testSignals(root));
  chain.forbidden.add(signals[4].commitments[0]);
  const transactions = signals.map((each) => testTransaction(each));
  for (const { bytes } of transactions) await harness.sequencer.submit(bytes);
  await harness.reaches(transactions[4].id, 'dropped');
  assert.equal(harness.sequencer.transaction(transactions[4].id).reason?.code, 'L1_REFUSED');
  for (const { id } of transactions.filter((_, k) => k !== 4)) await harness.reaches(id, 'settled');
});

test('an anchor expires with L1 blocks, and with it the transaction, once that is final', async () => {
  const chain = new FakeChain();
  chain.automine = false;
  const harness = await start({ chain, settings: { confirmations: 3, l1LogRange: 5000 } });
  const root = harness.noteRoot();
  const first = testTransaction(testSignals(root));
  const late = testTransaction(testSignals(root));
  await harness.sequencer.submit(first.bytes);
  await harness.until('proposed', () => chain.pending.length === 1);
  chain.mine();
  await harness.until('on L1', () => harness.sequencer.blocks({}).head === 1);
  await harness.sequencer.submit(late.bytes);
  await harness.until('proposed', () => chain.pending.length === 1);
  const superseded = chain.settled()[0].l1Block;
  chain.pending.length = 0;
  chain.up = false;
  chain.skip(superseded + ANCHOR_MAX_AGE_L1_BLOCKS + 1 - chain.blocks.length);
  chain.up = true;
  await harness.until(
    'parked',
    () => harness.sequencer.transaction(late.id).reason?.code === 'ANCHOR_EXPIRED',
    20_000,
  );
  await assert.rejects(
    harness.sequencer.submit(testTransaction(testSignals(root)).bytes),
    coded('ANCHOR_EXPIRED'),
  );
  assert.equal(harness.sequencer.transaction(late.id).status, 'pending', 'the expiry is not final yet');
  for (let k = 0; k < 3; k++) chain.mine();
  await harness.reaches(late.id, 'dropped');
});

test('a proof that does not verify is refused before anything is stored', async () => {
  const chain = new FakeChain();
  const harness = await start({ chain });
  const { bytes, id } = testTransaction(testSignals(harness.noteRoot()), badProof());
  await assert.rejects(harness.sequencer.submit(bytes), coded('PROOF_INVALID'));
  assert.throws(() => harness.sequencer.transaction(id), coded('TRANSACTION_UNKNOWN'));
});

test('two submissions of one nullifier at the same time: one is accepted', async () => {
  const chain = new FakeChain();
  const harness = await start({ chain });
  const signals = testSignals(harness.noteRoot());
  const twin = testSignals(harness.noteRoot(), { nullifiers: [signals.nullifiers[1], 12345678901n] });
  const results = await Promise.allSettled([
    harness.sequencer.submit(testTransaction(signals).bytes),
    harness.sequencer.submit(testTransaction(twin).bytes),
  ]);
  assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  const rejected = results.find((result) => result.status === 'rejected')!;
  assert.ok(coded('NULLIFIER_PENDING')((rejected as PromiseRejectedResult).reason));
});
