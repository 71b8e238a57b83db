/** Hostile peers of the HTTP server: downloads, forged headers and odd requests. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { ERROR_CODES } from '../../../rpc/error-codes.ts';
import { Artifacts } from '../../../sequencer/http/artifacts.ts';
import { DOWNLOAD_LIMITS } from '../../../sequencer/http/download-limits.ts';
import { answerParserError } from '../../../sequencer/http/error-answers.ts';
import { type Backend, createServer, type ServerOptions } from '../../../sequencer/http/server.ts';
import { parseTrustedProxies } from '../../../sequencer/http/trusted-proxies.ts';
import { loadConfig } from '../../../sequencer/process/config.ts';
import { Metrics } from '../../../sequencer/process/metrics.ts';
import { removeDirectory, temporaryDirectory } from '../../support/sequencer/sequencer-harness.ts';

/** More than the kernel buffers of a connection, so that a client that reads nothing stalls the download. */
const BYTES = 64 * 1024 * 1024;
const content = Buffer.alloc(BYTES, 7);
const hash = `0x${createHash('sha256').update(content).digest('hex')}`;
let directory: string;
let file: string;
const servers: FastifyInstance[] = [];
const sockets: Socket[] = [];

before(() => {
  directory = temporaryDirectory();
  file = join(directory, 'artifact.bin');
  writeFileSync(file, content);
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) await server.close();
});
after(() => removeDirectory(directory));

async function serve(options: Partial<ServerOptions> = {}): Promise<string> {
  const asked = (page: object) => ({ head: 0, l1Head: 0, nextBlock: 0, blocks: [], roots: [], ...page });
  const backend = {
    submit: async (_bytes: Uint8Array, sender: string) => ({ id: sender, status: 'pending' }),
    blocks: asked,
    notes: asked,
    roots: asked,
    block: (number: number) => {
      throw new Error(`asked for ${number}`);
    },
  } as unknown as Backend;
  const server = await createServer(
    { bodyBytes: 16_384, corsOrigin: '', ...options },
    {
      backend,
      artifacts: await Artifacts.open([{ name: 'a', circuit: 'c', kind: 'proving-key', path: file }]),
      metrics: new Metrics(),
      log: pino({ level: 'silent' }),
    },
  );
  servers.push(server);
  return await server.listen({ host: '127.0.0.1', port: 0 });
}

/** Descriptors of this process that have the artifact open. */
function openFiles(): number {
  return readdirSync('/proc/self/fd').filter((name) => {
    try {
      return readlinkSync(`/proc/self/fd/${name}`) === file;
    } catch {
      return false;
    }
  }).length;
}

async function becomes(what: string, condition: () => boolean): Promise<void> {
  const started = performance.now();
  while (!condition()) {
    assert.ok(performance.now() - started < 20_000, what);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Sends text over a connection of its own and reads until it is closed. */
function raw(url: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text));
    sockets.push(socket);
    let answer = '';
    socket.on('data', (part) => {
      answer += part;
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

/** A download that is never read. */
function stalled(url: string): Socket {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.pause();
  socket.on('error', () => {});
  socket.write(`GET /artifacts/${hash} HTTP/1.1\r\nhost: x\r\n\r\n`);
  sockets.push(socket);
  return socket;
}

test('HEAD names the size and opens no file', async () => {
  const url = await serve();
  for (let k = 0; k < 20; k++) {
    const response = await fetch(`${url}/artifacts/${hash}`, { method: 'HEAD' });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-length'), String(BYTES));
    assert.equal(response.headers.get('etag'), `"${hash}"`);
    assert.equal(openFiles(), 0);
  }
  const unknown = await fetch(`${url}/artifacts/0x${'00'.repeat(32)}`, { method: 'HEAD' });
  assert.equal(unknown.status, 404);
});

test('an aborted download closes its file', async () => {
  const url = await serve();
  for (let k = 0; k < 5; k++) {
    await new Promise<void>((resolve, reject) => {
      const request = get(`${url}/artifacts/${hash}`, (response) => {
        response.once('data', () => {
          request.destroy();
          resolve();
        });
      });
      request.on('error', reject);
    });
  }
  stalled(url).destroy();
  await becomes('all files closed', () => openFiles() === 0);
});

test('a download that nobody reads is ended', async () => {
  const url = await serve({ idleTimeoutMs: 200 });
  for (let k = 0; k < 5; k++) stalled(url);
  await becomes('files opened', () => openFiles() === 5);
  await becomes('files closed', () => openFiles() === 0);
});

test('a download slower than the least speed is ended', async () => {
  const url = await serve({ downloads: { ...DOWNLOAD_LIMITS, graceMs: 100, bytesPerSecond: 1e12 } });
  const socket = stalled(url);
  await becomes('file opened', () => openFiles() === 1);
  // Reads a little again and again: never idle, never done.
  const drip = setInterval(() => socket.read(1), 10);
  await becomes('file closed', () => openFiles() === 0);
  clearInterval(drip);
});

test('downloads at the same time and in a minute are limited, with typed answers', async () => {
  const url = await serve({ downloads: { ...DOWNLOAD_LIMITS, total: 3, perNetwork: 2 } });
  const first = stalled(url);
  stalled(url);
  await becomes('two downloads', () => openFiles() === 2);
  const refused = await fetch(`${url}/artifacts/${hash}`, { headers: { range: 'bytes=0-0' } });
  assert.equal(refused.status, 429);
  assert.equal(((await refused.json()) as any).error.code, 'RATE_LIMITED');
  first.destroy();
  await becomes('one download', () => openFiles() === 1);
  assert.equal((await fetch(`${url}/artifacts/${hash}`, { headers: { range: 'bytes=0-0' } })).status, 206);

  const limited = await serve({ downloadsPerMinute: 2, submissionsPerMinute: 1 });
  const range = { headers: { range: 'bytes=0-0' } };
  assert.equal((await fetch(`${limited}/artifacts/${hash}`, range)).status, 206);
  assert.equal((await fetch(`${limited}/artifacts/${hash}`, range)).status, 206);
  const late = await fetch(`${limited}/artifacts/${hash}`, range);
  assert.equal(late.status, 429);
  assert.ok(Number(late.headers.get('retry-after')) > 0);
});

const submit = async (url: string, forwarded: string) => {
  const response = await fetch(`${url}/transactions`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream', 'x-forwarded-for': forwarded },
    body: new Uint8Array(10),
  });
  return { status: response.status, sender: ((await response.json()) as { id?: string }).id };
};

test('behind a proxy that appends, only what trusted proxies wrote counts', async () => {
  const url = await serve({ submissionsPerMinute: 3, trustProxy: 'loopback, 10.0.0.0/8' });
  const results = [];
  for (let k = 0; k < 20; k++) results.push(await submit(url, `1.2.3.${k}, 203.0.113.9`));
  assert.deepEqual(
    results.map(({ status }) => status),
    results.map((_, k) => (k < 3 ? 202 : 429)),
  );
  assert.equal(results[0]?.sender, '203.0.113.9');
  // Through two proxies of ours, and with entries that are no addresses.
  assert.equal((await submit(url, 'x, 8.8.8.8, 198.51.100.1, 10.1.2.3')).sender, '198.51.100.1');
  assert.equal((await submit(url, '198.51.100.2, 192.0.2.1, 10.1.2.3')).sender, '192.0.2.1');
});

test('trustProxy takes addresses and networks, and nothing that trusts everybody', () => {
  assert.equal(parseTrustedProxies(''), false);
  assert.deepEqual(parseTrustedProxies('127.0.0.1, 10.0.0.0/8,fd00::/8,loopback'), [
    '127.0.0.1',
    '10.0.0.0/8',
    'fd00::/8',
    'loopback',
  ]);
  const required = {
    l1Url: 'http://127.0.0.1:1',
    rollup: `0x${'11'.repeat(20)}`,
    proposerKey: `0x${'22'.repeat(32)}`,
  };
  for (const text of ['true', '1', '0.0.0.0/0', '::/0', '10.0.0.0/33', 'proxy.example', '10.0.0.1,', '*']) {
    assert.throws(() => parseTrustedProxies(text), { code: 'CONFIG_INVALID' }, text);
    assert.throws(() => loadConfig({ overrides: { ...required, trustProxy: text } }), {
      code: 'CONFIG_INVALID',
    });
  }
});

test('numbers in settings are decimal and of their type, from whatever source', () => {
  const required = {
    l1Url: 'http://127.0.0.1:1',
    rollup: `0x${'11'.repeat(20)}`,
    proposerKey: `0x${'22'.repeat(32)}`,
  };
  const load = (setting: string, value: unknown) =>
    loadConfig({ overrides: { ...required, [setting]: value } });
  assert.equal(load('port', '8081').port, 8081);
  assert.equal(load('depositShare', '0.25').depositShare, 0.25);
  for (const value of ['3.9', 'true', '1e3', '0x10', '', ' 8080', '-1', 3.9, true, null]) {
    assert.throws(() => load('port', value), { code: 'CONFIG_INVALID' }, String(value));
  }
  for (const value of ['1e400', 'true', 'NaN', true]) {
    assert.throws(() => load('depositShare', value), { code: 'CONFIG_INVALID' }, String(value));
  }
});

test('numbers in paths and queries are decimal digits and nothing else', async () => {
  const url = await serve();
  const odd = [
    'true',
    'false',
    '1e400',
    '1e0',
    '3.9',
    '1.0',
    '0x1',
    '01',
    '-1',
    '+1',
    '1n',
    '1 ',
    '99999999999999999',
  ];
  const odder = ['NaN', 'Infinity', 'null', '1_0', '%31.5', '１', '[1]', '{}'];
  for (const text of [...odd, ...odder]) {
    const encoded = text.startsWith('%') ? text : encodeURIComponent(text);
    const paths = [
      '/blocks/N',
      '/blocks?limit=N',
      '/blocks?fromBlock=N',
      '/notes?limit=N',
      '/notes?fromBlock=N',
    ];
    for (const path of [...paths, '/roots?limit=N', '/roots?fromBlock=N']) {
      const response = await fetch(`${url}${path.replace('N', encoded)}`);
      const body = (await response.json()) as { error: { code: string } };
      assert.equal(body.error?.code, 'REQUEST_INVALID', `${path} ${text}`);
      assert.equal(response.status, 400);
    }
  }
  for (const path of ['/notes?limit=1&limit=2', '/notes?limit=', '/notes?limit[]=1', '/notes?__proto__=1']) {
    const response = await fetch(`${url}${path}`);
    assert.equal(response.status, 400, path);
  }
  assert.equal((await fetch(`${url}/notes?limit=3&fromBlock=9007199254740991`)).status, 200);
});

test('what Fastify and the parser refuse is answered with a code of the table', async () => {
  const url = await serve();
  const requests: [string, keyof typeof ERROR_CODES][] = [
    ['GET /blocks/%zz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', 'REQUEST_INVALID'],
    [`GET /blocks/${'1'.repeat(200)} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`, 'REQUEST_INVALID'],
    ['NONSENSE / HTTP/1.1\r\nhost: x\r\n\r\n', 'REQUEST_INVALID'],
    ['hello\r\n\r\n', 'REQUEST_INVALID'],
    [`GET / HTTP/1.1\r\nhost: x\r\na: ${'b'.repeat(40_000)}\r\n\r\n`, 'REQUEST_TOO_LARGE'],
    ['PROPFIND /notes HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', 'ROUTE_UNKNOWN'],
    ['DELETE /notes HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', 'ROUTE_UNKNOWN'],
    ['GET /notes HTTP/1.1\r\nhost: x\r\nexpect: miracles\r\n\r\n', 'REQUEST_INVALID'],
    [post('application/json; charset="', '{}'), 'REQUEST_INVALID'],
    [post('', '{}'), 'MEDIA_TYPE_UNSUPPORTED'],
    [post('application/json', ''), 'REQUEST_JSON_INVALID'],
    [post('application/json', '{"__proto__": {}}'), 'REQUEST_JSON_INVALID'],
    [post('application/json', 'null'), 'REQUEST_INVALID'],
    [post('application/octet-stream', 'x'.repeat(20_000)), 'REQUEST_TOO_LARGE'],
  ];
  for (const [text, code] of requests) {
    const answer = await raw(url, text);
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    assert.ok(body.startsWith('{'), `${text.slice(0, 60)}: ${answer}`);
    assert.equal(JSON.parse(body).error.code, code, text.slice(0, 60));
    assert.equal(Number(head.split(' ')[1]), ERROR_CODES[code].http, text.slice(0, 60));
  }
});

const post = (type: string, body: string): string =>
  `POST /transactions HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: ${type}\r\n` +
  `content-length: ${body.length}\r\n\r\n${body}`;

test('a request that does not arrive is answered with a typed time-out', () => {
  let answer = '';
  const socket = {
    destroyed: false,
    writable: true,
    destroySoon() {},
    write: (text: string) => (answer += text),
  };
  const late = Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
  answerParserError(late, socket as unknown as Socket);
  assert.match(answer, /^HTTP\/1\.1 408 .*"REQUEST_TIMEOUT"/s);
});
