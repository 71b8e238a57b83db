/** Transactions to L1 through nodes and proxies that misbehave: each intent is mined once, and its outcome is told. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { type Hex, keccak256 } from 'viem';
import { accountFromPrivateKey } from '../../../l1/account.ts';
import { transactionOfNonce } from '../../../l1/broadcast.ts';
import { connectL1, l1Wallet } from '../../../l1/client.ts';
import { cameToNothing, lookUp, outcomeOf, type SignedL1Transaction, sendCall } from '../../../l1/send.ts';
import { AzaleaError } from '../../../protocol/errors.ts';
import { MemoryChain, type MemoryChainOptions } from '../../support/l1/memory-chain.ts';
import {
  type MisbehavingNode,
  type Misbehaviour,
  misbehavingNode,
} from '../../support/l1/misbehaving-node.ts';

const TARGET = `0x${'ab'.repeat(20)}` as Hex;
const account = accountFromPrivateKey(`0x${'42'.repeat(32)}`);
const SEND = 'eth_sendRawTransaction';

const nodes: MisbehavingNode[] = [];
afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node.close()));
});

/** @param timeout of one request, in milliseconds; short only where a node answers late */
async function world(options: MemoryChainOptions = {}, timeout = 10_000) {
  const chain = new MemoryChain(options);
  const node = await misbehavingNode(chain.answer);
  nodes.push(node);
  const client = await connectL1({
    l1: node.url,
    pollingInterval: 2,
    http: { timeout, retryCount: 1, retryDelay: 1, longestPause: 2 },
  });
  return { chain, node, client, wallet: l1Wallet(client, account) };
}

const call = (data: Hex) => ({ to: TARGET, data });
const codeOf = async (work: Promise<unknown>): Promise<AzaleaError> => {
  const error = await work.then(
    () => assert.fail('nothing was thrown'),
    (e: unknown) => e,
  );
  assert.ok(error instanceof AzaleaError, String(error));
  return error;
};

describe('a transaction', () => {
  const faults: readonly (readonly [string, Misbehaviour])[] = [
    ['forwarded, then dropped', { kind: 'drop', forward: true }],
    ['forwarded, then 503', { kind: 'http', status: 503, body: 'bad gateway', forward: true }],
    ['forwarded, then 429', { kind: 'http', status: 429, headers: { 'retry-after': '3600' }, forward: true }],
    ['answered late', { kind: 'late', ms: 400 }],
    ['forwarded, then garbage', { kind: 'http', status: 200, body: '<html>', forward: true }],
    [
      'forwarded, then already known',
      { kind: 'rpc-error', code: -32000, message: 'already known', forward: true },
    ],
    [
      'forwarded, then nonce too low',
      { kind: 'rpc-error', code: -32000, message: 'nonce too low', forward: true },
    ],
    ['dropped before it is forwarded', { kind: 'drop' }],
    ['503 before it is forwarded', { kind: 'http', status: 503 }],
    ['falsely already known', { kind: 'rpc-error', code: -32000, message: 'already known' }],
    [
      'forwarded, then an unknown error of the gateway',
      { kind: 'rpc-error', code: -32603, status: 502, message: 'oops', forward: true },
    ],
  ];
  for (const autoMine of [true, false]) {
    for (const [name, answer] of faults) {
      it(`${name}, ${autoMine ? 'mined at once' : 'mined later'}: once on L1, reported with its hash`, async () => {
        const { chain, node, client, wallet } = await world(
          { autoMine },
          name === 'answered late' ? 150 : undefined,
        );
        node.rule({ method: SEND, times: 1, answer });
        const kept: SignedL1Transaction[] = [];
        const sending = sendCall(client, wallet, 'test', call('0x01'), {
          keep: async (signed) => {
            assert.equal(node.count(SEND), 0, 'kept before anybody has it');
            kept.push(signed);
          },
        });
        const timer = setInterval(() => chain.mine(), 20);
        const receipt = await sending.finally(() => clearInterval(timer));
        assert.equal(chain.mined.length, 1);
        assert.equal(chain.mined[0].hash, receipt.transactionHash);
        assert.deepEqual(
          kept.map(({ hash }) => hash),
          [receipt.transactionHash],
        );
        const raws = node.calls.filter(({ method }) => method === SEND).map(({ params }) => params[0]);
        assert.equal(new Set(raws).size, 1, 'the same bytes each time');
      });
    }
  }

  it('that a node looked at and refused ends at once, and is not called undone', async () => {
    const { chain, node, client, wallet } = await world();
    node.rule({
      method: SEND,
      answer: { kind: 'rpc-error', code: -32000, message: 'insufficient funds for gas * price + value' },
    });
    const error = await codeOf(sendCall(client, wallet, 'test', call('0x01')));
    assert.equal(error.code, 'L1_SEND_REFUSED');
    assert.match(error.message, /insufficient funds/);
    assert.equal(error.details.sent, keccak256(node.calls.find(({ method }) => method === SEND)!.params[0]));
    assert.equal(cameToNothing(error), false);
    assert.equal(chain.mined.length, 0);
    // Its nonce is free: the next transaction takes it, and that is how the first can never come.
    node.clear();
    await sendCall(client, wallet, 'test', call('0x02'));
    assert.equal(chain.mined[0].nonce, 0);
  });

  it('refused only after a lost answer is waited for: the refusal is of the repetition', async () => {
    const { chain, node, client, wallet } = await world({ autoMine: false });
    node.rule({ method: SEND, times: 1, answer: { kind: 'drop', forward: true } });
    node.rule({ method: SEND, answer: { kind: 'rpc-error', code: -32000, message: 'insufficient funds' } });
    const sending = sendCall(client, wallet, 'test', call('0x01'));
    while (node.count(SEND) < 2) await new Promise((resolve) => setTimeout(resolve, 2));
    chain.mine();
    assert.equal((await sending).status, 'success');
    assert.equal(chain.mined.length, 1);
  });

  it('that is not mined in time is unknown, keeps its hash, and is taken up again with the same bytes', async () => {
    const { chain, node, client, wallet } = await world({ autoMine: false });
    node.rule({ method: SEND, answer: { kind: 'drop' } });
    let kept: SignedL1Transaction | undefined;
    const keep = async (signed: SignedL1Transaction) => void (kept = signed);
    const error = await codeOf(sendCall(client, wallet, 'test', call('0x01'), { keep, timeoutMs: 50 }));
    assert.equal(error.code, 'L1_OUTCOME_UNKNOWN');
    assert.equal(error.details.sent, kept!.hash);
    assert.equal(cameToNothing(error), false);
    node.clear();
    chain.autoMine = true;
    // Another process, with nothing but what was kept.
    const later = await connectL1({ l1: node.url, pollingInterval: 2 });
    const outcome = await outcomeOf(later, 'test', kept!);
    assert.equal(outcome.kind === 'mined' && outcome.receipt.transactionHash, kept!.hash);
    assert.equal(chain.mined.length, 1);
  });

  it('is not sent when it cannot be kept', async () => {
    const { node, client, wallet } = await world();
    const keep = async () => {
      throw new Error('disk full');
    };
    await assert.rejects(sendCall(client, wallet, 'test', call('0x01'), { keep }), /disk full/);
    assert.equal(node.count(SEND), 0);
  });

  it('whose nonce another one of ours used is signed again; the proof is the block, not a missing receipt', async () => {
    const { chain, node, client, wallet } = await world();
    await sendCall(client, wallet, 'test', call('0x01'));
    // A replica that lags: it shows the nonce before the first transaction.
    node.rule({
      method: 'eth_getTransactionCount',
      when: ({ params }) => params[1] === 'pending',
      times: 1,
      answer: { kind: 'result', result: '0x0' },
    });
    const receipt = await sendCall(client, wallet, 'test', call('0x02'));
    assert.equal(chain.mined.length, 2);
    assert.equal(chain.mined[1].hash, receipt.transactionHash);

    // Receipts that a lagging replica misses are no proof: nothing is signed again.
    const before = new Set(node.calls.filter(({ method }) => method === SEND).map(({ params }) => params[0]))
      .size;
    node.rule({ method: 'eth_getTransactionReceipt', times: 8, answer: { kind: 'result', result: null } });
    await sendCall(client, wallet, 'test', call('0x03'));
    assert.equal(chain.mined.length, 3);
    const after = new Set(node.calls.filter(({ method }) => method === SEND).map(({ params }) => params[0]))
      .size;
    assert.equal(after, before + 1);
  });

  it('of one account at the same time as others takes a nonce of its own', async () => {
    const { chain, node, client, wallet } = await world({ autoMine: false });
    // The node never shows what is pending.
    node.rule({
      method: 'eth_getTransactionCount',
      when: ({ params }) => params[1] === 'pending',
      answer: () => ({ kind: 'result', result: `0x${chain.count(account.address).toString(16)}` }),
    });
    const timer = setInterval(() => chain.mine(), 15);
    const all = ['0x01', '0x02', '0x03', '0x04'].map((data) =>
      sendCall(client, wallet, 'test', call(data as Hex)),
    );
    await Promise.all(all).finally(() => clearInterval(timer));
    assert.deepEqual(
      chain.mined.map(({ nonce }) => nonce),
      [0, 1, 2, 3],
    );
    assert.equal(new Set(chain.mined.map(({ input }) => input)).size, 4);
  });

  it('that is mined and reverted says so', async () => {
    const { client, wallet } = await world({ reverts: () => true });
    const error = await codeOf(sendCall(client, wallet, 'test', call('0x01')));
    assert.equal(error.code, 'L1_REVERTED');
    assert.equal(cameToNothing(error), true);
  });

  it('is not signed when the account cannot pay it', async () => {
    const { chain, node, client, wallet } = await world();
    chain.balance = 10n;
    const error = await codeOf(sendCall(client, wallet, 'test', { ...call('0x01'), value: 11n }));
    assert.equal(error.code, 'L1_BALANCE_TOO_LOW');
    assert.equal(cameToNothing(error), true);
    assert.equal(node.count(SEND), 0);
  });

  it('is not signed when L1 refuses credentials, limits or does not answer: nothing is open', async () => {
    for (const [answer, code] of [
      [{ kind: 'http', status: 401 }, 'L1_UNAUTHORIZED'],
      [{ kind: 'rpc-error', code: -32005, message: 'rate limit' }, 'L1_RATE_LIMITED'],
      [{ kind: 'drop' }, 'L1_UNREACHABLE'],
    ] as const) {
      const { node, client, wallet } = await world();
      node.rule({ method: 'eth_estimateGas', answer });
      const error = await codeOf(sendCall(client, wallet, 'test', call('0x01')));
      assert.equal(error.code, code);
      assert.equal(cameToNothing(error), true);
      assert.equal(node.count(SEND), 0);
    }
  });
});

describe('the transaction of a nonce', () => {
  it('is found wherever it lies, before or after the block that is named', async () => {
    const { chain, client, wallet } = await world();
    for (let k = 0; k < 5; k++) {
      await sendCall(client, wallet, 'test', call(`0x0${k + 1}` as Hex));
      for (let empty = 0; empty < 40; empty++) chain.mine();
    }
    for (const { nonce, hash } of chain.mined) {
      for (const near of [0, 1, 50, 100, chain.head, chain.head + 10]) {
        assert.equal(
          await transactionOfNonce(client, account.address, nonce, near),
          hash,
          `${nonce} near ${near}`,
        );
      }
    }
    assert.equal(await transactionOfNonce(client, account.address, 5, 0), undefined);
    const foreign = {
      hash: `0x${'99'.repeat(32)}` as Hex,
      raw: '0x' as Hex,
      from: account.address,
      nonce: 2,
      l1Block: 90,
    };
    assert.deepEqual(await lookUp(client, 'test', foreign), { kind: 'replaced', by: chain.mined[2].hash });
  });
});
