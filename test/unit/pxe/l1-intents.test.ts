/** Deposits and claims through misbehaving nodes, crashes and repeated attempts: each wish reaches L1 once. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { type Hex, zeroAddress } from 'viem';
import { accountFromPrivateKey } from '../../../l1/account.ts';
import { connectL1, l1Wallet } from '../../../l1/client.ts';
import { depositEth, depositOf } from '../../../l1/deposit.ts';
import { sendCall } from '../../../l1/send.ts';
import { AzaleaError } from '../../../protocol/errors.ts';
import { DepositCounters } from '../../../pxe/accounts/deposit-counters.ts';
import { KeyStore } from '../../../pxe/accounts/key-store.ts';
import { L1Intents } from '../../../pxe/bridge/l1-intents.ts';
import { memoryBackend } from '../../../pxe/store/backend.ts';
import { EncryptedStore } from '../../../pxe/store/encrypted-store.ts';
import { depositedLog, MemoryChain, type MemoryChainOptions } from '../../support/l1/memory-chain.ts';
import { type MisbehavingNode, misbehavingNode } from '../../support/l1/misbehaving-node.ts';

const BRIDGE = `0x${'bb'.repeat(20)}` as Hex;
const account = accountFromPrivateKey(`0x${'42'.repeat(32)}`);
const SEND = 'eth_sendRawTransaction';

const nodes: MisbehavingNode[] = [];
afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node.close()));
});

/** A chain, a node before it, and a wallet's store; `open` starts the wallet's process anew. */
async function world(options: MemoryChainOptions = {}) {
  let index = 0;
  const chain = new MemoryChain({
    logs: ({ to, input, value, from }) =>
      to === BRIDGE ? [depositedLog(BRIDGE, index++, BigInt(`0x${input.slice(10)}`), value, from)] : [],
    ...options,
  });
  const node = await misbehavingNode(chain.answer);
  nodes.push(node);
  const backend = memoryBackend();
  let owner: bigint | undefined;
  const open = async () => {
    const store = await EncryptedStore.open(backend, 'pass', { N: 2 ** 4, r: 8, p: 1 });
    const keys = await KeyStore.open(store);
    const held = keys.list()[0] ?? (await keys.add());
    owner = held.keys.address.x;
    const deposits = new DepositCounters({ rollupId: 4242n }, { store, keys });
    const client = await connectL1({
      l1: node.url,
      pollingInterval: 2,
      http: { timeout: 500, retryCount: 0, retryDelay: 1 },
    });
    const intents = await L1Intents.open({ store, deposits, client });
    const wallet = l1Wallet(client, account);
    const deposit = (amount: bigint, timeoutMs = 2_000, crash = false) =>
      intents.run(
        { kind: 'deposit', asset: zeroAddress, amount, owner, from: account.address },
        (intent, keep) =>
          depositEth(
            client,
            wallet,
            BRIDGE,
            { ownerHash: intent.ownerHash!, amount },
            {
              timeoutMs,
              keep: async (signed) => {
                await keep(signed);
                if (crash) throw new Error('killed');
              },
            },
          ),
        (receipt) => depositOf(receipt, BRIDGE),
      );
    return { intents, deposit, deposits, client, wallet, held };
  };
  const ownerHashes = () => chain.mined.filter(({ to }) => to === BRIDGE).map(({ input }) => input.slice(10));
  return { chain, node, open, ownerHashes };
}

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => assert.fail('nothing was thrown'),
    (e: unknown) => e,
  );
  return error instanceof AzaleaError ? error.code : String(error);
};

describe('a deposit', () => {
  it('whose answer is lost is reported as what it is: mined once, and the next one has an owner hash of its own', async () => {
    for (const answer of [
      { kind: 'drop', forward: true },
      { kind: 'http', status: 503, forward: true },
      { kind: 'late', ms: 800 },
    ] as const) {
      const { chain, node, open, ownerHashes } = await world();
      node.rule({ method: SEND, times: 1, answer });
      node.rule({
        method: SEND,
        times: 1,
        answer: { kind: 'rpc-error', code: -32000, message: 'already known' },
      });
      const { deposit } = await open();
      assert.equal((await deposit(1n)).resumed, false);
      assert.equal(chain.mined.length, 1);
      node.clear();
      await deposit(1n);
      assert.equal(new Set(ownerHashes()).size, 2);
    }
  });

  it('that was signed before a crash is taken up by the next attempt, sent or not, mined or not', async () => {
    for (const [mined, sent] of [
      [false, false],
      [false, true],
      [true, true],
    ]) {
      const { chain, node, open, ownerHashes } = await world({ autoMine: false });
      const first = await open();
      if (!sent) assert.match(await codeOf(first.deposit(5n, 10, true)), /killed/);
      else assert.equal(await codeOf(first.deposit(5n, 10)), 'L1_OUTCOME_UNKNOWN');
      if (mined) chain.mine();
      chain.autoMine = true;
      const again = await open();
      const timer = setInterval(() => chain.mine(), 10);
      const { result, resumed } = await again.deposit(5n).finally(() => clearInterval(timer));
      assert.equal(resumed, true);
      assert.equal(chain.mined.length, 1);
      assert.equal(result.amount, 5n);
      const raws = node.calls.filter(({ method }) => method === SEND).map(({ params }) => params[0]);
      assert.equal(new Set(raws).size, 1, 'one signature');
      // Now it is done: the same wish again is another deposit.
      assert.equal((await again.deposit(5n)).resumed, false);
      assert.equal(new Set(ownerHashes()).size, 2);
    }
  });

  it('of another amount does not wait for it and takes the next nonce; the first is named, sent again and done', async () => {
    const { chain, open, ownerHashes } = await world({ autoMine: false });
    const first = await open();
    await codeOf(first.deposit(5n, 10, true));
    const again = await open();
    const [named] = await again.intents.look();
    assert.equal(named.state, 'waiting');
    assert.equal(named.intent.amount, 5n);
    const timer = setInterval(() => chain.mine(), 10);
    const other = await again.deposit(6n).finally(() => clearInterval(timer));
    assert.equal(other.resumed, false);
    assert.deepEqual(
      chain.mined.map(({ nonce, value }) => [nonce, value]),
      [
        [0, 5n],
        [1, 6n],
      ],
    );
    assert.equal(new Set(ownerHashes()).size, 2);
    assert.deepEqual(
      (await again.intents.look()).map(({ state }) => state),
      ['mined'],
    );
    assert.deepEqual(await again.intents.look(), []);
  });

  it('gives its counter back only when it can never come', async () => {
    const { chain, node, open } = await world();
    const { deposit, held, intents } = await open();
    const used = () => [held.depositsUsed, [...held.depositsReleased]];
    // Nothing signed: refused by the estimate.
    node.rule({
      method: 'eth_estimateGas',
      times: 1,
      answer: { kind: 'rpc-error', code: 3, message: 'execution reverted' },
    });
    await codeOf(deposit(1n));
    assert.deepEqual(used(), [1, [0]]);
    // Signed, and a node refuses it: others may have seen the bytes.
    node.rule({
      method: SEND,
      times: 1,
      answer: { kind: 'rpc-error', code: -32000, message: 'txpool is full of rules' },
    });
    assert.equal(await codeOf(deposit(1n)), 'L1_SEND_REFUSED');
    assert.deepEqual(used(), [1, []]);
    assert.deepEqual(await intents.look(), [], 'it was reported when it was refused');
    assert.deepEqual(used(), [1, []]);
    // Not taken up by itself: the next deposit is another one, and takes its nonce.
    await deposit(1n);
    assert.equal(chain.mined.length, 1);
    assert.equal(held.depositsUsed, 2);
    assert.deepEqual(
      (await intents.look()).map(({ state }) => state),
      ['replaced'],
    );
    assert.deepEqual(used(), [2, [0]]);
    // Signed, unknown, and another transaction of the account takes the nonce elsewhere.
    node.rule({ method: SEND, answer: { kind: 'drop' } });
    assert.equal(await codeOf(deposit(2n, 10)), 'L1_OUTCOME_UNKNOWN');
    assert.deepEqual(used(), [2, []]);
    node.clear();
    const elsewhere = await connectL1({ l1: node.url, pollingInterval: 2 });
    const call = { to: account.address, data: '0x' } as const;
    await sendCall(elsewhere, l1Wallet(elsewhere, account), 'another program', call, { timeoutMs: 2_000 });
    assert.deepEqual(
      (await intents.look()).map(({ state }) => state),
      ['replaced'],
    );
    assert.deepEqual(used(), [2, [0]]);
  });

  it('that L1 mined and reverted gives its counter back', async () => {
    const { open } = await world({ reverts: () => true });
    const { deposit, held } = await open();
    assert.equal(await codeOf(deposit(1n)), 'L1_REVERTED');
    assert.deepEqual([held.depositsUsed, held.depositsReleased], [1, [0]]);
  });

  it('that was begun and never signed leaves nothing behind', async () => {
    const { open } = await world();
    const { intents, held } = await open();
    const wish = {
      kind: 'deposit',
      asset: zeroAddress,
      amount: 1n,
      owner: held.keys.address.x,
      from: account.address,
    } as const;
    // The process ends while the estimate runs: nothing after it happens.
    await new Promise<void>((began) => {
      const estimate = (): Promise<never> => {
        began();
        return new Promise(() => {});
      };
      void intents.run(wish, estimate, () => assert.fail());
    });
    const again = await open();
    assert.equal(again.held.depositsUsed, 1);
    assert.deepEqual(again.held.depositsReleased, [0]);
    assert.deepEqual(await again.intents.look(), []);
  });

  it('of the same amount twice at the same time is two deposits', async () => {
    const { chain, open, ownerHashes } = await world();
    const { deposit } = await open();
    await Promise.all([deposit(3n), deposit(3n), deposit(3n)]);
    assert.equal(chain.mined.length, 3);
    assert.equal(new Set(ownerHashes()).size, 3);
  });
});
