/** Bad input over real HTTP: each refusal has its code and status, and nothing refused is stored. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { ANCHOR_MAX_AGE_L1_BLOCKS, FIELD_MODULUS } from '../../../protocol/constants.ts';
import { addPoints, G, isOnCurve } from '../../../protocol/curve/point.ts';
import { AzaleaError } from '../../../protocol/errors.ts';
import { fieldDiv, fieldInv, fieldSqrt, isSquare, toField } from '../../../protocol/field.ts';
import { SequencerClient } from '../../../rpc/client.ts';
import { ERROR_CODES } from '../../../rpc/error-codes.ts';
import { Artifacts } from '../../../sequencer/http/artifacts.ts';
import { createServer } from '../../../sequencer/http/server.ts';
import { CREDITS, FakeChain } from '../../support/sequencer/fake-l1.ts';
import {
  badProof,
  type Harness,
  removeDirectory,
  startHarness,
  temporaryDirectory,
  testSignals,
  testTransaction,
} from '../../support/sequencer/sequencer-harness.ts';

const BODY_LIMIT = 16_384;
const BASE_FIELD = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;
const artifactBytes = randomBytes(300_000);
const artifactHash = `0x${createHash('sha256').update(artifactBytes).digest('hex')}`;

let chain: FakeChain;
let harness: Harness;
let server: FastifyInstance;
let url: string;
let client: SequencerClient;
let directory: string;

before(async () => {
  chain = new FakeChain();
  harness = startHarness({ chain, settings: { blockDelayMs: 5, l1LogRange: 5000 } });
  await harness.until('caught up', () => harness.sequencer.health().status === 'ok');
  directory = temporaryDirectory();
  const path = join(directory, 'artifact.bin');
  writeFileSync(path, artifactBytes);
  writeFileSync(join(directory, 'dev-srs.json'), '{"INSECURE":"canary-secret"}');
  const artifacts = await Artifacts.open([
    { name: 'artifact.bin', circuit: 'test', kind: 'proving-key', path },
  ]);
  server = await createServer(
    { bodyBytes: BODY_LIMIT, corsOrigin: '*' },
    { backend: harness.sequencer, artifacts, metrics: harness.metrics, log: pino({ level: 'silent' }) },
  );
  url = await server.listen({ host: '127.0.0.1', port: 0 });
  client = new SequencerClient({ url, retries: 1, retryDelayMs: 5 });
});

after(async () => {
  // Each only if the preparation came so far.
  await server?.close();
  await harness?.stop();
  for (const path of [harness?.dataDirectory, directory]) if (path !== undefined) removeDirectory(path);
});

const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`;
const json = (body: string): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body,
});
const submission = (bytes: Uint8Array): RequestInit => json(JSON.stringify({ transaction: hex(bytes) }));

async function refused(
  path: string,
  init: RequestInit | undefined,
  code: keyof typeof ERROR_CODES,
): Promise<any> {
  const response = await fetch(`${url}${path}`, init);
  const text = await response.text();
  const body = JSON.parse(text);
  assert.equal(body.error?.code, code, text);
  assert.equal(response.status, ERROR_CODES[code].http);
  assert.ok(body.error.message.length > 10);
  return body.error;
}

/** Bytes of a good transaction with one signal overwritten by any 256-bit value. */
function withSignal(position: number, value: bigint): Uint8Array {
  const { bytes } = testTransaction(testSignals(harness.noteRoot()));
  bytes.set(Buffer.from(value.toString(16).padStart(64, '0'), 'hex'), 3 + 256 + 32 + 32 * position);
  return bytes;
}

test('malformed JSON, wrong bodies and wrong types of content', async () => {
  await refused('/transactions', json('{"transaction": "0x'), 'REQUEST_JSON_INVALID');
  await refused('/transactions', json(''), 'REQUEST_JSON_INVALID');
  await refused('/transactions', json('[]'), 'REQUEST_INVALID');
  await refused('/transactions', json('{}'), 'REQUEST_INVALID');
  await refused('/transactions', json('{"transaction": 7}'), 'REQUEST_INVALID');
  await refused('/transactions', json('{"transaction": "0xABCD"}'), 'REQUEST_INVALID');
  await refused('/transactions', json('{"transaction": "0xabc"}'), 'REQUEST_INVALID');
  await refused('/transactions', json('{"transaction": "0x01", "more": 1}'), 'REQUEST_INVALID');
  await refused(
    '/transactions',
    { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' },
    'MEDIA_TYPE_UNSUPPORTED',
  );
});

test('an oversized body', async () => {
  await refused('/transactions', json(`{"transaction":"0x${'00'.repeat(BODY_LIMIT)}"}`), 'REQUEST_TOO_LARGE');
  await refused(
    '/transactions',
    {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: new Uint8Array(BODY_LIMIT + 1),
    },
    'REQUEST_TOO_LARGE',
  );
});

test('wrong encodings of a transaction', async () => {
  const { bytes } = testTransaction(testSignals(harness.noteRoot()));
  await refused('/transactions', submission(new Uint8Array()), 'TRANSACTION_ENCODING_INVALID');
  await refused('/transactions', submission(bytes.subarray(0, -1)), 'TRANSACTION_ENCODING_INVALID');
  await refused('/transactions', submission(new Uint8Array([...bytes, 0])), 'TRANSACTION_ENCODING_INVALID');
  const version = bytes.slice();
  version[0] = 2;
  await refused('/transactions', submission(version), 'TRANSACTION_ENCODING_INVALID');
  const key = bytes.slice();
  key[2] = 2;
  await refused('/transactions', submission(key), 'TRANSACTION_KEY_UNKNOWN');
});

test('merged and split transaction shapes', async () => {
  const one = testTransaction(testSignals(harness.noteRoot())).bytes;
  const two = testTransaction(testSignals(harness.noteRoot())).bytes;
  const merged = new Uint8Array([1, 2, ...one.subarray(2), ...two.subarray(2)]);
  await refused('/transactions', submission(merged), 'TRANSACTION_SHAPE_INVALID');
  await refused('/transactions', submission(new Uint8Array([1, 0])), 'TRANSACTION_SHAPE_INVALID');
  await refused('/transactions', submission(withSignal(22, 5n)), 'LINK_UNSUPPORTED');
  await refused('/transactions', submission(withSignal(21, 5n)), 'FINALIZE_UNSUPPORTED');
});

test('links, finalize and keys of a large transition', async () => {
  const root = harness.noteRoot();
  const large = (changes: object) => submission(testTransaction(testSignals(root, changes, 'large')).bytes);
  for (let k = 0; k < 4; k++) {
    const linkOut = [0n, 0n, 0n, 0n].with(k, 5n);
    await refused('/transactions', large({ linkOut }), 'LINK_UNSUPPORTED');
  }
  await refused('/transactions', large({ linkIn: 5n }), 'LINK_UNSUPPORTED');
  await refused('/transactions', large({ finalizeHash: 5n }), 'FINALIZE_UNSUPPORTED');
  await refused('/transactions', large({ nullifiers: [1n, 2n, 3n, 1n] }), 'NULLIFIER_INVALID');
  await refused('/transactions', large({ nullifiers: [1n, 2n, 3n, 0n] }), 'NULLIFIER_INVALID');
  await refused('/transactions', large({ commitments: [1n, 2n, 3n, 0n] }), 'COMMITMENT_INVALID');
  // A large transition that says it is small, and the reverse.
  for (const [size, keyId] of [
    ['large', 0],
    ['small', 1],
  ] as const) {
    const { bytes } = testTransaction(testSignals(root, {}, size));
    bytes[2] = keyId;
    await refused('/transactions', submission(bytes), 'TRANSACTION_ENCODING_INVALID');
  }
  for (let position = 0; position < 50; position++) {
    const { bytes } = testTransaction(testSignals(root, {}, 'large'));
    bytes.set(Buffer.from(FIELD_MODULUS.toString(16).padStart(64, '0'), 'hex'), 3 + 256 + 32 + 32 * position);
    await refused('/transactions', submission(bytes), 'SIGNAL_OUT_OF_RANGE');
  }
});

test('every signal at or above r, and proof coordinates at or above q', async () => {
  for (let position = 0; position < 28; position++) {
    await refused('/transactions', submission(withSignal(position, FIELD_MODULUS)), 'SIGNAL_OUT_OF_RANGE');
  }
  await refused('/transactions', submission(withSignal(1, 2n ** 256n - 1n)), 'SIGNAL_OUT_OF_RANGE');
  for (let coordinate = 0; coordinate < 8; coordinate++) {
    const { bytes } = testTransaction(testSignals(harness.noteRoot()));
    bytes.set(Buffer.from(BASE_FIELD.toString(16).padStart(64, '0'), 'hex'), 3 + 32 * coordinate);
    await refused('/transactions', submission(bytes), 'PROOF_COORDINATE_OUT_OF_RANGE');
  }
});

test('points off the curve or outside the subgroup', async () => {
  const root = harness.noteRoot();
  const refusedPoint = async (x: bigint) => {
    for (const changes of [{ tpk: x }, { encryptionPoint: x }]) {
      await refused(
        '/transactions',
        submission(testTransaction(testSignals(root, changes)).bytes),
        'POINT_INVALID',
      );
    }
  };
  // (1/sqrt(a), 0) has order 4; added to a point of the subgroup it leaves it.
  const orderFour = { x: fieldInv(fieldSqrt(168700n)!), y: 0n };
  assert.ok(isOnCurve(orderFour));
  await refusedPoint(orderFour.x);
  await refusedPoint(addPoints(G, orderFour).x);
  // y^2 = (1 - a x^2) / (1 - d x^2) has no solution: no point at all.
  let offCurve = 2n;
  while (isSquare(fieldDiv(toField(1n - 168700n * offCurve ** 2n), toField(1n - 168696n * offCurve ** 2n))))
    offCurve++;
  await refusedPoint(offCurve);
});

test('another rollupId, zero and repeated elements, forbidden messages', async () => {
  const root = harness.noteRoot();
  const send = (changes: Parameters<typeof testSignals>[1]) =>
    submission(testTransaction(testSignals(root, changes)).bytes);
  await refused('/transactions', send({ rollupId: 778n }), 'ROLLUP_MISMATCH');
  await refused('/transactions', send({ nullifiers: [0n, 5n] }), 'NULLIFIER_INVALID');
  await refused('/transactions', send({ nullifiers: [5n, 5n] }), 'NULLIFIER_INVALID');
  await refused('/transactions', send({ commitments: [5n, 0n] }), 'COMMITMENT_INVALID');
  const message = (programId: bigint, w0: bigint, w1: bigint, w2: bigint) =>
    send({ message: { programId, words: [w0, w1, w2] } });
  await refused('/transactions', message(CREDITS, 1n, 1n, 1n), 'MESSAGE_FORBIDDEN');
  await refused('/transactions', message(CREDITS + 5n, 1n, 1n, 2n), 'MESSAGE_FORBIDDEN');
  await refused('/transactions', message(CREDITS, 1n, 1n, 2n + 256n * 7n), 'MESSAGE_FORBIDDEN');
  await refused('/transactions', message(CREDITS, 0n, 1n, 2n), 'MESSAGE_FORBIDDEN');
  await refused('/transactions', message(CREDITS, 2n ** 160n, 1n, 2n), 'MESSAGE_FORBIDDEN');
  await refused('/transactions', message(CREDITS, 1n, 0n, 2n), 'MESSAGE_FORBIDDEN');
  await refused('/transactions', message(CREDITS, 1n, 2n ** 128n, 2n), 'MESSAGE_FORBIDDEN');
  await refused('/transactions', submission(withSignal(24, 5n)), 'MESSAGE_FORBIDDEN');
});

test('a wrong proof', async () => {
  const { bytes } = testTransaction(testSignals(harness.noteRoot()), badProof());
  await refused('/transactions', submission(bytes), 'PROOF_INVALID');
});

test('anchors, nullifiers and duplicates against the state', async () => {
  await refused('/transactions', submission(testTransaction(testSignals(4242n)).bytes), 'ANCHOR_UNKNOWN');
  const genesis = harness.noteRoot();
  chain.automine = false;
  const signals = testSignals(genesis);
  const good = testTransaction(signals);
  const response = await fetch(`${url}/transactions`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: good.bytes as Uint8Array<ArrayBuffer>,
  });
  assert.equal(response.status, 202);
  assert.deepEqual(await response.json(), { id: good.id, status: 'pending' });
  const duplicate = await refused('/transactions', submission(good.bytes), 'TRANSACTION_DUPLICATE');
  assert.equal(duplicate.details.transaction, good.id);
  const rerandomised = testTransaction(signals, new Uint8Array(256).fill(1, 0, 200));
  assert.equal(rerandomised.id, good.id);
  await refused('/transactions', submission(rerandomised.bytes), 'TRANSACTION_DUPLICATE');
  const conflict = testSignals(genesis, { nullifiers: [999n, signals.nullifiers[0]] });
  const pending = await refused(
    '/transactions',
    submission(testTransaction(conflict).bytes),
    'NULLIFIER_PENDING',
  );
  assert.equal(pending.details.transaction, good.id);
  chain.automine = true;
  chain.mine();
  const settled = await client.waitForTransaction(good.id, 'settled', { timeoutMs: 60_000, intervalMs: 5 });
  assert.equal(settled.l2Block, 1);
  await refused('/transactions', submission(testTransaction(conflict).bytes), 'NULLIFIER_SPENT');
  await refused('/transactions', submission(good.bytes), 'TRANSACTION_DUPLICATE');
  chain.skip(ANCHOR_MAX_AGE_L1_BLOCKS + 1);
  await harness.until('followed', () => harness.sequencer.health().l1.followed === chain.blocks.length - 1);
  await refused('/transactions', submission(testTransaction(testSignals(genesis)).bytes), 'ANCHOR_EXPIRED');
});

test('unknown things and wrong parameters', async () => {
  await refused('/nothing', undefined, 'ROUTE_UNKNOWN');
  await refused('/transactions/0x12', undefined, 'REQUEST_INVALID');
  await refused(`/transactions/0x${'ab'.repeat(32)}`, undefined, 'TRANSACTION_UNKNOWN');
  await refused('/blocks/12345', undefined, 'BLOCK_UNKNOWN');
  await refused('/blocks/-1', undefined, 'REQUEST_INVALID');
  await refused('/notes?fromBlock=x', undefined, 'REQUEST_INVALID');
  await refused('/notes?limit=0', undefined, 'REQUEST_INVALID');
  await refused('/notes?other=1', undefined, 'REQUEST_INVALID');
  await refused(`/artifacts/0x${'00'.repeat(32)}`, undefined, 'ARTIFACT_UNKNOWN');
  await refused(`/artifacts/${artifactHash}`, { headers: { range: 'bytes=300000-' } }, 'RANGE_INVALID');
  await refused(`/artifacts/${artifactHash}`, { headers: { range: 'bytes=5-2' } }, 'RANGE_INVALID');
  await refused('/artifacts/..%2Fdev-srs.json', undefined, 'REQUEST_INVALID');
  await refused('/artifacts/../dev-srs.json', undefined, 'ROUTE_UNKNOWN');
});

test('artifacts: whole, in ranges, resumed, checked', async () => {
  assert.deepEqual(
    Buffer.from(await client.downloadArtifact(artifactHash, { bytes: 300_000 })),
    artifactBytes,
  );
  const tail = await fetch(`${url}/artifacts/${artifactHash}`, { headers: { range: 'bytes=-10' } });
  assert.equal(tail.status, 206);
  assert.equal(tail.headers.get('content-range'), 'bytes 299990-299999/300000');
  assert.deepEqual(Buffer.from(await tail.arrayBuffer()), artifactBytes.subarray(-10));
  const received = new Uint8Array(artifactBytes.subarray(0, 123_456));
  assert.deepEqual(Buffer.from(await client.downloadArtifact(artifactHash, { received })), artifactBytes);
  received[7] ^= 1;
  await assert.rejects(
    client.downloadArtifact(artifactHash, { received }),
    (error) => error instanceof AzaleaError && error.code === 'ARTIFACT_HASH_MISMATCH',
  );
});

test('hashes of unchanged files are remembered, of changed ones not', async () => {
  const path = join(directory, 'other.bin');
  const hashFile = join(directory, 'hashes.json');
  const file = { name: 'other.bin', circuit: 'test', kind: 'proving-key' as const, path };
  const hashNow = async () => (await Artifacts.open([file], hashFile)).list()[0].sha256;
  writeFileSync(path, 'one');
  const first = await hashNow();
  assert.equal(await hashNow(), first);
  writeFileSync(path, 'three');
  assert.notEqual(await hashNow(), first);
  // A list of hashes that cannot be written costs time, never the start.
  const nowhere = await Artifacts.open([file], join(directory, 'absent', 'hashes.json'));
  assert.equal(nowhere.list().length, 1);
  writeFileSync(hashFile, 'broken');
  assert.equal(await hashNow(), `0x${createHash('sha256').update('three').digest('hex')}`);
});

test('a download whose connection breaks is resumed', async () => {
  let calls = 0;
  const flaky = new SequencerClient(
    { url, retries: 5, retryDelayMs: 1 },
    {
      fetch: async (input, init) => {
        const response = await fetch(input, init);
        if (++calls > 3) return response;
        const reader = response.body!.getReader();
        const first = await reader.read();
        let sent = false;
        const body = new ReadableStream({
          pull(controller) {
            if (sent) return controller.error(new TypeError('connection lost'));
            sent = true;
            controller.enqueue(first.value);
          },
        });
        return new Response(body, { status: response.status, headers: response.headers });
      },
    },
  );
  assert.deepEqual(Buffer.from(await flaky.downloadArtifact(artifactHash)), artifactBytes);
  assert.ok(calls > 3);
});

test('a download that is silent or only trickles is ended; a refusal that passes is waited for', async () => {
  const options = { url, timeoutMs: 60, retries: 1, retryDelayMs: 1 };
  for (const everyMs of [5, undefined]) {
    let ended = 0;
    const stalling = async (_input: unknown, init?: RequestInit): Promise<Response> => {
      const body = new ReadableStream({
        start(controller) {
          const drip = setInterval(() => controller.enqueue(new Uint8Array(1)), everyMs ?? 1e6);
          init!.signal!.addEventListener('abort', () => {
            ended++;
            clearInterval(drip);
            controller.error(init!.signal!.reason);
          });
        },
      });
      return new Response(body, { status: 206, headers: { 'content-length': '300000' } });
    };
    const slow = new SequencerClient(options, { fetch: stalling as typeof fetch });
    await assert.rejects(slow.downloadArtifact(artifactHash, { bytes: 300_000 }), {
      code: 'SEQUENCER_TIMEOUT',
    });
    assert.equal(ended, 2);
  }
  let calls = 0;
  const body = JSON.stringify({ error: { code: 'SEQUENCER_BUSY', message: 'many downloads', details: {} } });
  const busy = async (input: string | URL | Request, init?: RequestInit) =>
    ++calls === 1 ? new Response(body, { status: 503 }) : await fetch(input, init);
  const patient = new SequencerClient({ ...options, timeoutMs: 10_000 }, { fetch: busy as typeof fetch });
  assert.deepEqual(Buffer.from(await patient.downloadArtifact(artifactHash)), artifactBytes);
});

test('the OpenAPI document names every route; metrics count; CORS headers are set', async () => {
  const document = await (await fetch(`${url}/openapi.json`)).json();
  for (const path of [
    '/transactions',
    '/transactions/{id}',
    '/blocks',
    '/blocks/{number}',
    '/roots',
    '/notes',
    '/health',
    '/info',
    '/artifacts/{hash}',
    '/proving-keys/{circuit}',
  ]) {
    assert.ok(document.paths[path], path);
  }
  const metrics = await (await fetch(`${url}/metrics`)).text();
  assert.match(metrics, /azalea_transactions_refused_total\{code="PROOF_INVALID"\} 1/);
  const cors = await fetch(`${url}/info`, { headers: { origin: 'https://wallet.example' } });
  assert.equal(cors.headers.get('access-control-allow-origin'), '*');
});

test('the client checks answers and gives typed errors', async () => {
  const info = await client.getInfo();
  assert.equal(BigInt(info.rollupId), 777n);
  assert.equal((await client.getHealth()).status, 'ok');
  assert.equal((await client.getBlock(1)).transactionIds.length, 1);
  assert.equal((await client.getRoots()).roots[0].supersededAtL1Block !== null, true);
  await assert.rejects(
    client.getBlock(77),
    (error) => error instanceof AzaleaError && error.code === 'BLOCK_UNKNOWN',
  );
  const nobody = new SequencerClient({ url: 'http://127.0.0.1:1', retries: 1, retryDelayMs: 1 });
  await assert.rejects(
    nobody.getInfo(),
    (error) => error instanceof AzaleaError && error.code === 'SEQUENCER_UNREACHABLE',
  );
  const slow = new SequencerClient(
    { url, timeoutMs: 5, retries: 0 },
    {
      fetch: (_input, init) =>
        new Promise((_, reject) =>
          init!.signal!.addEventListener('abort', () => reject(init!.signal!.reason)),
        ),
    },
  );
  await assert.rejects(
    slow.getInfo(),
    (error) => error instanceof AzaleaError && error.code === 'SEQUENCER_TIMEOUT',
  );
  const wrong = new SequencerClient({ url }, { fetch: async () => new Response('{"hello":1}') });
  await assert.rejects(
    wrong.getInfo(),
    (error) => error instanceof AzaleaError && error.code === 'RESPONSE_INVALID',
  );
});

test('a submission whose answer was lost is repeated, and the duplicate counts as success', async () => {
  let calls = 0;
  const lossy = new SequencerClient(
    { url, retries: 3, retryDelayMs: 1 },
    {
      fetch: async (input, init) => {
        const response = await fetch(input, init);
        if (++calls === 1) throw new TypeError('connection lost after the answer');
        return response;
      },
    },
  );
  const { bytes, id } = testTransaction(testSignals(harness.noteRoot()));
  assert.equal((await lossy.submitTransaction(bytes)).id, id);
  await assert.rejects(
    lossy.submitTransaction(bytes),
    (error) => error instanceof AzaleaError && error.code === 'TRANSACTION_DUPLICATE',
  );
});
