/** Proposals through nodes that lag, forget and refuse: a block is signed for another nonce only on proof. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { pino } from 'pino';
import { privateKeyToAccount } from 'viem/accounts';
import { AzaleaError } from '../../../protocol/errors.ts';
import type { Fees, L1Writer, Receipt, SignedTransaction } from '../../../sequencer/l1/port.ts';
import { ViemL1 } from '../../../sequencer/l1/viem.ts';
import { Publisher } from '../../../sequencer/publish/publisher.ts';
import { Store } from '../../../sequencer/state/store.ts';
import { MemoryChain } from '../../support/l1/memory-chain.ts';
import { type MisbehavingNode, misbehavingNode } from '../../support/l1/misbehaving-node.ts';
import { removeDirectory, temporaryDirectory } from '../../support/sequencer/sequencer-harness.ts';

const PROPOSER = `0x${'11'.repeat(20)}`;
const BLOCK = { l2Block: 1, bytes: new Uint8Array([1]), hash: '0xb1' };
const OTHER = { l2Block: 1, bytes: new Uint8Array([2]), hash: '0xb2' };

/** Says what the test wants; a signed transaction is named by its block and nonce. */
class ScriptedL1 implements L1Writer {
  readonly proposer = PROPOSER;
  nonce = 5;
  receipts = new Map<string, Receipt['status']>();
  /** The transaction that has a used nonce. */
  holder: () => string | undefined = () => undefined;
  readonly signed: string[] = [];
  readonly sent: string[] = [];
  async nonceAt(): Promise<number> {
    return this.nonce;
  }
  async transactionOfNonce(): Promise<string | undefined> {
    return this.holder();
  }
  async balance(): Promise<bigint> {
    return 1n;
  }
  async fees(): Promise<Fees> {
    return { maxFeePerGas: 100n, maxPriorityFeePerGas: 10n };
  }
  async simulate(): Promise<bigint> {
    return 1n;
  }
  async sign(block: Uint8Array, nonce: number): Promise<SignedTransaction> {
    const name = `block ${block[0]}, nonce ${nonce}`;
    this.signed.push(name);
    return { hash: name, raw: name };
  }
  async send(raw: string): Promise<void> {
    this.sent.push(raw);
  }
  async receipt(hash: string): Promise<Receipt | undefined> {
    const status = this.receipts.get(hash);
    if (status === undefined) return undefined;
    return { status, blockNumber: 1, blockHash: '0x', gasUsed: 1n, gasPrice: 1n };
  }
}

describe('a proposal', () => {
  let directory: string;
  let store: Store;
  let l1: ScriptedL1;
  let publisher: Publisher;
  const make = (stuckAfterMs = 60_000) =>
    new Publisher(
      { stuckAfterMs, resendAfterMs: 0, maxFeePerGas: 1000n },
      { store, l1, log: pino({ level: 'silent' }) },
    );
  beforeEach(() => {
    directory = temporaryDirectory();
    store = new Store({ path: directory });
    l1 = new ScriptedL1();
    publisher = make();
  });
  afterEach(async () => {
    await store.close();
    removeDirectory(directory);
  });
  const first = 'block 1, nonce 5';

  test('whose receipts a node misses is waited for, not signed again', async () => {
    await publisher.step(BLOCK, 10);
    // One node counts it as mined, another one knows neither receipt nor block.
    l1.nonce = 6;
    for (const holder of [() => undefined, () => first]) {
      l1.holder = holder;
      for (let k = 0; k < 3; k++) {
        assert.deepEqual(await publisher.step(BLOCK, 11), { kind: 'waiting', transactionHash: first });
        // A restart forgets nothing of it.
        publisher = make();
      }
    }
    l1.receipts.set(first, 'success');
    assert.deepEqual(await publisher.step(BLOCK, 12), { kind: 'mined', transactionHash: first });
    assert.deepEqual(l1.signed, [first]);
  });

  test('is signed again once another transaction is shown to have its nonce, or when it was reverted', async () => {
    await publisher.step(BLOCK, 10);
    l1.nonce = 6;
    l1.holder = () => '0xforeign';
    await publisher.step(BLOCK, 11);
    assert.deepEqual(l1.signed, [first, 'block 1, nonce 6']);
    l1.nonce = 7;
    l1.holder = () => assert.fail('the receipt tells');
    l1.receipts.set('block 1, nonce 6', 'reverted');
    await publisher.step(BLOCK, 12);
    assert.deepEqual(l1.signed.slice(2), ['block 1, nonce 7']);
  });

  test('is not signed for a lower nonce that a lagging node shows; after a reorganisation it is, in the end', async (t) => {
    let now = performance.now();
    t.mock.method(performance, 'now', () => now);
    publisher = make(30);
    await publisher.step(BLOCK, 10);
    l1.nonce = 4;
    for (let k = 0; k < 6; k++) {
      assert.equal((await publisher.step(BLOCK, 9)).kind, 'waiting');
      now += 10;
    }
    assert.deepEqual(l1.signed, [first]);
    assert.ok(l1.sent.length > 2, 'handed in again meanwhile');
    // A block no older than the one it was signed at: the transaction before it is gone from the chain.
    assert.equal((await publisher.step(BLOCK, 10)).kind, 'waiting');
    assert.deepEqual(l1.signed, [first]);
    now += 29;
    assert.equal((await publisher.step(BLOCK, 11)).kind, 'waiting');
    assert.deepEqual(l1.signed, [first]);
    now += 1;
    await publisher.step(BLOCK, 11);
    assert.deepEqual(l1.signed, [first, 'block 1, nonce 4']);
  });

  test('of another block needs no proof: L1 takes one block only after the same state', async () => {
    await publisher.step(BLOCK, 10);
    l1.nonce = 6;
    await publisher.step(OTHER, 11);
    await publisher.step(BLOCK, 11);
    // The second one takes over the nonce of the first.
    assert.deepEqual(l1.signed, [first, 'block 2, nonce 6', 'block 1, nonce 6']);
  });

  test('that is older than the state which nodes keep does not stop the sequencer', async () => {
    await publisher.step(BLOCK, 10);
    l1.nonce = 6;
    l1.holder = () => {
      throw new AzaleaError('L1_CALL_FAILED', 'missing trie node');
    };
    await assert.rejects(publisher.step(BLOCK, 138), { code: 'L1_CALL_FAILED' });
    assert.deepEqual(l1.signed, [first]);
    await publisher.step(BLOCK, 139);
    assert.deepEqual(l1.signed, [first, 'block 1, nonce 6']);
    l1.nonce = 7;
    l1.holder = () => {
      throw new AzaleaError('L1_UNREACHABLE', 'no answer');
    };
    await assert.rejects(publisher.step(BLOCK, 500), { code: 'L1_UNREACHABLE' });
  });
});

describe('a proposal through JSON-RPC', () => {
  const KEY = `0x${'42'.repeat(32)}` as const;
  const account = privateKeyToAccount(KEY);
  let node: MisbehavingNode;
  const raw = (nonce: number, data: `0x${string}` = '0x') =>
    account.signTransaction({ type: 'eip1559', chainId: 31337, nonce, data, gas: 1n, maxFeePerGas: 1n });
  const world = async () => {
    const chain = new MemoryChain();
    node = await misbehavingNode(chain.answer);
    const rollup = `0x${'ab'.repeat(20)}`;
    return { chain, l1: new ViemL1({ url: node.url, rollup, proposerKey: KEY, timeoutMs: 20_000 }) };
  };
  afterEach(() => node.close());

  test('that the node has already, in the words of any node, is no refusal; a refusal is one', async () => {
    const { l1 } = await world();
    for (const message of [
      'already known',
      'AlreadyKnown: transaction already in mempool',
      'known transaction: 0xab',
      'Transaction with the same hash was already imported.',
      'ALREADY_EXISTS: already exists',
      'already in the pool',
      'nonce too low: next nonce 7, tx nonce 5',
      'replacement transaction underpriced',
    ]) {
      node.clear();
      node.rule({
        method: 'eth_sendRawTransaction',
        answer: { kind: 'rpc-error', code: -32000, message },
      });
      await l1.send(await raw(0));
    }
    for (const [message, code] of [
      ['insufficient funds for gas * price + value', 'L1_REJECTED'],
      ['too many requests', 'L1_RATE_LIMITED'],
    ]) {
      node.clear();
      node.rule({ method: 'eth_sendRawTransaction', answer: { kind: 'rpc-error', code: -32000, message } });
      await assert.rejects(l1.send(await raw(0)), { code });
    }
  });

  test('counts the nonce at a block, and finds the transaction that used it', async () => {
    const { chain, l1 } = await world();
    for (let nonce = 0; nonce < 3; nonce++) {
      await l1.send(await raw(nonce));
      chain.mine();
    }
    assert.equal(await l1.nonceAt(chain.head), 3);
    assert.equal(await l1.nonceAt(3), 2);
    assert.equal(await l1.transactionOfNonce(1, 1), chain.mined[1].hash);
    assert.equal(await l1.transactionOfNonce(3, 1), undefined);
  });
});
