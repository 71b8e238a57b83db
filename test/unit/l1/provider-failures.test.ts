/** Failures of L1 nodes, and the errors that they become. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { inspect } from 'node:util';
import { connectL1, type L1ClientOptions } from '../../../l1/client.ts';
import { readEvents } from '../../../l1/events.ts';
import { logRangeOf } from '../../../l1/node/log-range.ts';
import { answeredFailure, refusesRange, statusFailure } from '../../../l1/node/provider-failure.ts';
import { httpTransport, splitUrls } from '../../../l1/node/transport.ts';
import { readRollupInfo } from '../../../l1/rollup-info.ts';
import { AzaleaError } from '../../../protocol/errors.ts';
import { type Answer, type MisbehavingNode, misbehavingNode } from '../../support/l1/misbehaving-node.ts';

const ROLLUP = `0x${'ab'.repeat(20)}` as const;
const FAST: L1ClientOptions['http'] = { retryDelay: 1, longestPause: 5, timeout: 300, retryCount: 2 };

const nodes: MisbehavingNode[] = [];
afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node.close()));
});

const emptyChain =
  (chainId = '0x7a69'): Answer =>
  ({ method }) => {
    if (method === 'eth_chainId') return chainId;
    if (method === 'eth_getCode') return '0x';
    if (method === 'eth_getLogs') return [];
    if (method === 'eth_blockNumber') return '0x10';
    throw Object.assign(new Error(`no ${method} here`), { code: -32601 });
  };

async function node(chain: Answer = emptyChain()): Promise<MisbehavingNode> {
  const made = await misbehavingNode(chain);
  nodes.push(made);
  return made;
}

const caught = async (work: Promise<unknown>): Promise<AzaleaError> => {
  const error = await work.then(
    () => assert.fail('nothing was thrown'),
    (e: unknown) => e,
  );
  assert.ok(error instanceof AzaleaError, String(error));
  return error;
};

describe('a node that does not serve', () => {
  it('is never taken for an address without a rollup', async () => {
    const refusals = [
      [{ kind: 'http', status: 429, body: 'slow down, friend' }, 'L1_RATE_LIMITED', 'slow down, friend'],
      [
        { kind: 'rpc-error', code: -32005, message: 'daily request count exceeded' },
        'L1_RATE_LIMITED',
        'daily request count',
      ],
      [
        { kind: 'rpc-error', code: -32007, message: '25/second request limit reached' },
        'L1_RATE_LIMITED',
        '25/second',
      ],
      [{ kind: 'rpc-error', code: 429, message: 'compute units' }, 'L1_RATE_LIMITED', 'compute units'],
      [{ kind: 'http', status: 401, body: 'who are you' }, 'L1_UNAUTHORIZED', 'who are you'],
      [
        { kind: 'http', status: 403, body: '{"error":"not on the allow list"}' },
        'L1_UNAUTHORIZED',
        'allow list',
      ],
      [
        { kind: 'rpc-error', status: 401, code: -32000, message: 'must be authenticated' },
        'L1_UNAUTHORIZED',
        'authenticated',
      ],
      [{ kind: 'http', status: 503, body: 'upstream is away' }, 'L1_UNREACHABLE', 'upstream is away'],
      [{ kind: 'drop' }, 'L1_UNREACHABLE', ''],
      [
        { kind: 'http', status: 200, body: '<html>captive portal</html>' },
        'L1_UNREACHABLE',
        'captive portal',
      ],
      [
        { kind: 'rpc-error', code: -32601, message: 'method is not whitelisted' },
        'L1_CALL_FAILED',
        'not whitelisted',
      ],
    ] as const;
    for (const [then, code, words] of refusals) {
      const faulty = await node();
      const client = await connectL1({ l1: faulty.url, http: FAST });
      faulty.rule({ answer: then });
      const error = await caught(readRollupInfo(client, ROLLUP));
      assert.equal(error.code, code, error.message);
      assert.ok(error.message.includes(words), error.message);
      assert.ok(String(error.details.node).includes(words), 'details have the words of the node');
      // The same at the first contact.
      assert.equal((await caught(connectL1({ l1: faulty.url, http: FAST }))).code, code);
    }
    const client = await connectL1({ l1: (await node()).url, http: FAST });
    assert.equal((await caught(readRollupInfo(client, ROLLUP))).code, 'L1_NOT_A_ROLLUP');
  });

  it('is asked again while that can help, but not for the hours that it wishes', async () => {
    const paused: number[] = [];
    const pause = async (ms: number) => void paused.push(ms);
    const limited = await node();
    limited.rule({ times: 1, answer: { kind: 'http', status: 429, headers: { 'retry-after': '86400' } } });
    limited.rule({ times: 1, answer: { kind: 'http', status: 429, headers: { 'retry-after': '2' } } });
    limited.rule({
      times: 1,
      answer: {
        kind: 'http',
        status: 429,
        headers: { 'retry-after': new Date(Date.now() + 3600_000).toUTCString() },
      },
    });
    limited.rule({ times: 1, answer: { kind: 'http', status: 503 } });
    const request = httpTransport(limited.url, { longestPause: 3_000, retryDelay: 10 }, { pause });
    assert.equal(await request({ method: 'eth_chainId' }), '0x7a69');
    assert.deepEqual(paused, [3_000, 2_000, 3_000, 80]);
    // Wrong credentials stay wrong, and what the node itself refuses it refuses again.
    for (const then of [
      { kind: 'http', status: 401 },
      { kind: 'rpc-error', code: -32000, message: 'no' },
    ] as const) {
      const strict = await node();
      strict.rule({ answer: then });
      await assert.rejects(httpTransport(strict.url, {}, { pause })({ method: 'eth_chainId' }));
      assert.equal(strict.calls.length, 1);
    }
    // A transaction is sent once: whether it is sent again is the sender's decision.
    const dropping = await node();
    dropping.rule({ answer: { kind: 'drop' } });
    await assert.rejects(httpTransport(dropping.url, {}, { pause })({ method: 'eth_sendRawTransaction' }));
    assert.equal(dropping.calls.length, 1);
  });

  it('is told apart by words that reach no terminal unfiltered', async () => {
    const hostile = await node();
    hostile.rule({
      answer: { kind: 'rpc-error', code: -32000, message: 'bad\u001b[2J\u0007\r\nnews\u202e' },
    });
    const error = await caught(connectL1({ l1: hostile.url, http: FAST }));
    assert.doesNotMatch(JSON.stringify(error), /\\u001b|\\u0007|\\r|\\n|\u202e/);
    assert.match(error.message, /bad \[2J news/);
  });
});

describe('credentials in the URL', () => {
  it('become a header, and stand in no error, whatever happens', async () => {
    const secrets = ['alice', 'p4ss w:rd', 'p4ss%20w%3Ard', 'key-0123456789abcdef', 'query-0123456789'];
    const withKey = (port: number) =>
      `http://alice:p4ss%20w%3Ard@127.0.0.1:${port}/v2/key-0123456789abcdef?token=query-0123456789`;
    const good = await node();
    await connectL1({ l1: withKey(good.port), http: FAST });
    const expected = `Basic ${Buffer.from('alice:p4ss w:rd').toString('base64')}`;
    assert.equal(good.calls[0].headers.authorization, expected);

    const echo = `key-0123456789abcdef of alice (p4ss w:rd), ${expected.slice(6)} query-0123456789 is not valid`;
    const failures = [
      { kind: 'http', status: 401, body: echo },
      { kind: 'http', status: 403, body: echo },
      { kind: 'http', status: 429, body: echo },
      { kind: 'http', status: 502, body: echo },
      { kind: 'http', status: 404, body: echo },
      { kind: 'http', status: 200, body: echo },
      { kind: 'http', status: 302, headers: { location: 'http://127.0.0.1:1/' } },
      { kind: 'rpc-error', code: -32000, message: echo },
      { kind: 'rpc-error', code: -32005, message: echo },
      { kind: 'drop' },
      { kind: 'late', ms: 2_000 },
    ] as const;
    for (const then of failures) {
      const faulty = await node();
      faulty.rule({ answer: then });
      const error = await caught(connectL1({ l1: withKey(faulty.port), http: { ...FAST, timeout: 50 } }));
      const everything = `${inspect(error, { depth: 20, showHidden: true })} ${JSON.stringify(error)} ${error.stack}`;
      for (const secret of [...secrets, expected.slice(6)]) {
        assert.ok(!everything.includes(secret), `${then.kind} shows ${secret}: ${everything}`);
      }
    }
    for (const wrong of ['ws://alice:secret99@host', 'alice:secret99@host', 'http://alice:secret99@']) {
      const error = await caught(connectL1({ l1: wrong }));
      assert.equal(error.code, 'L1_URL_INVALID');
      assert.ok(!inspect(error, { depth: 20 }).includes('secret99'));
    }
  });
});

describe('several nodes', () => {
  it('serve one for the other: broken, limiting and refusing ones are passed over', async () => {
    for (const then of [
      { kind: 'drop' },
      { kind: 'http', status: 500 },
      { kind: 'http', status: 401 },
      { kind: 'rpc-error', code: -32005, message: 'rate limit' },
    ] as const) {
      const [first, second] = [await node(), await node()];
      first.rule({ answer: then });
      const client = await connectL1({ l1: `${first.url}, ${second.url}`, http: FAST });
      assert.equal(await client.getBlockNumber(), 16n);
      const asked = first.calls.length;
      assert.equal(await client.getBlockNumber(), 16n);
      assert.equal(first.calls.length, asked, 'the one that served is asked first');
      second.rule({ answer: { kind: 'drop' } });
      first.clear();
      assert.equal(await client.getBlockNumber(), 16n);
    }
  });

  it('pass an answer of the chain on: a revert is a revert', async () => {
    const [first, second] = [await node(), await node()];
    first.rule({
      method: 'eth_blockNumber',
      answer: { kind: 'rpc-error', code: 3, message: 'execution reverted' },
    });
    const client = await connectL1({ l1: [first.url, second.url], http: FAST });
    await assert.rejects(client.getBlockNumber());
    assert.equal(second.calls.length, 0);
  });

  it('are never read from when they are on another chain', async () => {
    const [first, foreign] = [await node(), await node(emptyChain('0x1'))];
    const client = await connectL1({ l1: [first.url, foreign.url], http: FAST });
    first.rule({ answer: { kind: 'drop' } });
    await assert.rejects(client.getBlockNumber());
    assert.equal(foreign.count('eth_blockNumber'), 0);
    // Also when the chain behind a URL changes while it was away.
    const [third, turned] = [await node(), await node()];
    const both = await connectL1({ l1: [third.url, turned.url], http: FAST });
    third.rule({ times: 1, answer: { kind: 'drop' } });
    assert.equal(await both.getBlockNumber(), 16n);
    turned.rule({ times: 1, answer: { kind: 'drop' } });
    turned.rule({ method: 'eth_chainId', answer: { kind: 'result', result: '0x1' } });
    const before = turned.count('eth_blockNumber');
    assert.equal(await both.getBlockNumber(), 16n);
    third.rule({ answer: { kind: 'drop' } });
    await assert.rejects(both.getBlockNumber());
    assert.equal(turned.count('eth_blockNumber'), before + 1);
  });

  it('are split at commas before a scheme only', () => {
    assert.deepEqual(splitUrls('https://a/x,y , http://b'), ['https://a/x,y', 'http://b']);
  });
});

describe('limits of eth_getLogs', () => {
  const source = { rollup: ROLLUP, bridge: ROLLUP, creditsTypeId: 1n, bridgeTypeId: 2n };
  const span = (params: readonly any[]) => Number(params[0].toBlock) - Number(params[0].fromBlock) + 1;

  it('are found by halving, whatever the node calls them, and remembered', async () => {
    const refusals = [
      [-32600, 'JSON is not a valid request object'],
      [-32602, 'invalid params'],
      [-32005, 'query returned more than 10000 results'],
      [-32005, 'limit exceeded'],
      [-32000, 'eth_getLogs is limited to a 10 range'],
      [-32000, 'exceed maximum block range: 10'],
      [-32603, 'block range is too wide'],
      [-32614, 'eth_getLogs is limited to 10 blocks'],
      [-32008, 'response size exceeded'],
    ] as const;
    for (const [code, message] of refusals) {
      const small = await node();
      const then = { kind: 'rpc-error', code, message } as const;
      small.rule({ method: 'eth_getLogs', when: ({ params }) => span(params) > 10, answer: then });
      const client = await connectL1({ l1: small.url, http: FAST });
      await readEvents(client, source, 1, 100);
      assert.ok(logRangeOf(client).blocks <= 10, message);
      const covered = small.calls.filter(
        ({ method, params }) => method === 'eth_getLogs' && span(params) <= 10,
      );
      assert.equal(
        covered.reduce((sum, { params }) => sum + span(params), 0),
        100,
        'every block once',
      );
      const before = small.count('eth_getLogs');
      await readEvents(client, source, 101, 107);
      assert.equal(small.count('eth_getLogs'), before + 1, 'nothing refused twice');
    }
  });

  it('can be set', async () => {
    const open = await node();
    const client = await connectL1({ l1: open.url, http: FAST, logRange: 25 });
    await readEvents(client, source, 1, 100);
    assert.deepEqual(
      open.calls.filter(({ method }) => method === 'eth_getLogs').map(({ params }) => span(params)),
      [25, 25, 25, 25],
    );
  });

  it('end in an error with the words of the node when one block is too much, and a rate limit is none', async () => {
    const closed = await node();
    closed.rule({
      method: 'eth_getLogs',
      answer: { kind: 'rpc-error', code: -32602, message: 'archive plan needed' },
    });
    const client = await connectL1({ l1: closed.url, http: FAST });
    const error = await caught(readEvents(client, source, 5, 8));
    assert.equal(error.code, 'L1_LOGS_REFUSED');
    assert.match(error.message, /archive plan needed/);
    const limited = await node();
    limited.rule({
      method: 'eth_getLogs',
      answer: { kind: 'rpc-error', code: -32005, message: 'too many requests per second' },
    });
    const other = await connectL1({ l1: limited.url, http: FAST });
    assert.equal((await caught(readEvents(other, source, 1, 100))).code, 'L1_RATE_LIMITED');
    assert.equal(logRangeOf(other).blocks, 1000);
  });

  it('are told from other refusals', () => {
    const answered = (code: number, message: string) => refusesRange(answeredFailure({ code, message }));
    assert.equal(answered(-32000, 'header not found'), false);
    assert.equal(answered(-32601, 'method not found'), false);
    assert.equal(answered(-32007, 'request limit reached'), false);
    assert.equal(refusesRange(statusFailure(401, 'block range')), false);
    assert.equal(refusesRange(statusFailure(503, 'away')), false);
    assert.equal(refusesRange(statusFailure(413, '')), true);
    assert.equal(refusesRange(statusFailure(400, 'block range too large')), true);
  });
});
