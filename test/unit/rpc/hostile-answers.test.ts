/** Answers of a hostile sequencer, over real HTTP: bounded in size, number and time before they are used. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { PAGE_ANSWER_BYTES, SMALL_ANSWER_BYTES } from '../../../rpc/bounded-body.ts';
import { SequencerClient } from '../../../rpc/client.ts';

const HASH = `0x${'ab'.repeat(32)}`;
const MEGABYTE = Buffer.alloc(1 << 20, ' ');

let server: Server;
let url: string;
let answer: (response: ServerResponse, path: string) => void;
let sent = 0;
before(async () => {
  server = createServer((request, response) => {
    sent = 0;
    answer(response, request.url!);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const client = (timeoutMs = 20_000) => new SequencerClient({ url, retries: 0, timeoutMs });

/** Sends a megabyte after the other until nobody reads. */
function endless(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  const more = (): void => {
    while (!response.destroyed && response.write(MEGABYTE)) sent++;
  };
  response.on('drain', () => {
    sent++;
    more();
  });
  more();
}

test('a body without end is given up at the limit of its route', async () => {
  const ask = client();
  const routes: readonly (readonly [string, number, () => Promise<unknown>])[] = [
    ['info', SMALL_ANSWER_BYTES, () => ask.getInfo()],
    ['health', SMALL_ANSWER_BYTES, () => ask.getHealth()],
    ['transaction', SMALL_ANSWER_BYTES, () => ask.getTransaction(HASH)],
    ['submit', SMALL_ANSWER_BYTES, () => ask.submitTransaction(new Uint8Array(3))],
    ['proving key', SMALL_ANSWER_BYTES, () => ask.requestProvingKey('transition-small')],
    ['notes', PAGE_ANSWER_BYTES, () => ask.getNotes()],
    ['blocks', PAGE_ANSWER_BYTES, () => ask.getBlocks()],
    ['block', PAGE_ANSWER_BYTES, () => ask.getBlock(1)],
    ['roots', PAGE_ANSWER_BYTES, () => ask.getRoots()],
  ];
  answer = (response) => endless(response, 200);
  for (const [name, limit, call] of routes) {
    await assert.rejects(call, { code: 'RESPONSE_TOO_LARGE' }, name);
    assert.ok(sent < limit / MEGABYTE.length + 20, `${name}: ${sent} MB were taken`);
  }
  answer = (response) => {
    response.writeHead(200, { 'content-length': String(3e9) });
    response.flushHeaders();
  };
  await assert.rejects(ask.getNotes(), { code: 'RESPONSE_TOO_LARGE' });
});

test('the body of an error is bounded, too', async () => {
  answer = (response) => endless(response, 400);
  await assert.rejects(client().getInfo(), { code: 'RESPONSE_INVALID' });
  assert.ok(sent < 20, `${sent} MB were taken`);
});

test('indexes beyond the tree, and more items than any honest answer has, are refused by form', async () => {
  const field = `0x${'0'.repeat(64)}`;
  const output = { index: 4 ** 16, commitment: field, ciphertext: Array(6).fill(field), outgoing: field };
  const block = (outputs: unknown[], nullifiers: string[]) => ({
    number: 1,
    hash: HASH,
    previousNoteRoot: field,
    noteRoot: field,
    noteCount: 0,
    l1Block: 1,
    l1BlockHash: HASH,
    settled: true,
    transitions: [{ transactionId: HASH, tpk: field, r: field, nullifiers, outputs }],
    deposits: [],
  });
  const page = (...blocks: unknown[]) => ({ head: 1, nextBlock: 2, blocks });
  const good = { ...output, index: 4 ** 16 - 1 };
  const bad = [
    page(block([output], [])),
    page(block([good, good, good, good, good], [])),
    page(block([good], Array(5).fill(field))),
    page(...Array(1001).fill(block([], []))),
  ];
  for (const body of bad) {
    answer = (response) => response.end(JSON.stringify(body));
    await assert.rejects(client().getNotes(), { code: 'RESPONSE_INVALID' });
  }
  answer = (response) => response.end(JSON.stringify(page(block([good], [field]))));
  assert.equal((await client().getNotes()).blocks.length, 1);
});

test('attempts of a download are counted anew after progress, and only then', async () => {
  const whole = randomBytes(6 * 131_072);
  const hash = `0x${createHash('sha256').update(whole).digest('hex')}`;
  let asked = 0;
  /** Sends a part from where it was asked to go on, then breaks the connection. */
  const breaking = (resumes: boolean, bytes: number) => (response: ServerResponse) => {
    asked++;
    const from = resumes ? Number(/\d+/.exec(response.req.headers.range ?? '0')![0]) : 0;
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': whole.length - from });
    const part = whole.subarray(from, from + bytes);
    if (from + part.length === whole.length) response.end(part);
    else response.write(part, () => setTimeout(() => response.destroy(), 20));
  };
  const ask = new SequencerClient({ url, retries: 1, retryDelayMs: 1, timeoutMs: 5000 });
  answer = breaking(true, 131_072);
  assert.ok(whole.equals(await ask.downloadArtifact(hash, { bytes: whole.length })));
  assert.equal(asked, 6);
  // Bytes that come a second time are no progress, and too few are none.
  for (const [resumes, bytes] of [
    [false, 131_072],
    [true, 1000],
  ] as const) {
    asked = 0;
    answer = breaking(resumes, bytes);
    const download = ask.downloadArtifact(hash, { bytes: whole.length });
    await assert.rejects(download, { code: 'SEQUENCER_UNREACHABLE' });
    assert.equal(asked, 2);
  }
});

test('a download that drips is given up, however long it keeps its connection busy', async (t) => {
  answer = (response) => {
    response.writeHead(200, { 'content-length': '100000' });
    const timer = setInterval(() => response.write('.'), 5);
    response.on('close', () => clearInterval(timer));
  };
  // The clock of the time limit is the test's: it moves by a tenth of the limit with each byte that has come.
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let progress = 0;
  const onProgress = (): void => {
    progress++;
    t.mock.timers.tick(100);
  };
  await assert.rejects(client(1000).downloadArtifact(HASH, { bytes: 100_000, onProgress }), {
    code: 'SEQUENCER_TIMEOUT',
  });
  assert.ok(progress >= 10, `the limit came after ${progress} parts`);
});
