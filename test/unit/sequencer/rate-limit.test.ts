/** The limit of submissions from one address, over real HTTP. */
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { AzaleaError } from '../../../protocol/errors.ts';
import { SequencerClient } from '../../../rpc/client.ts';
import { Artifacts } from '../../../sequencer/http/artifacts.ts';
import { type Backend, createServer, type ServerOptions } from '../../../sequencer/http/server.ts';
import { Metrics } from '../../../sequencer/process/metrics.ts';

const ID = `0x${'ab'.repeat(32)}`;
const servers: FastifyInstance[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serve(options: Partial<ServerOptions>): Promise<string> {
  const backend = {
    submit: async () => ({ id: ID, status: 'pending' }),
    info: () => {
      throw new AzaleaError('SEQUENCER_STARTING', 'not yet');
    },
  } as unknown as Backend;
  const server = await createServer(
    { bodyBytes: 16_384, corsOrigin: '*', ...options },
    { backend, artifacts: await Artifacts.open([]), metrics: new Metrics(), log: pino({ level: 'silent' }) },
  );
  servers.push(server);
  return await server.listen({ host: '127.0.0.1', port: 0 });
}

const post = (url: string, from?: string) =>
  fetch(`${url}/transactions`, {
    method: 'POST',
    headers: {
      'content-type': 'application/octet-stream',
      ...(from === undefined ? {} : { 'x-forwarded-for': from }),
    },
    body: new Uint8Array(10),
  });

test('the limit answers 429 with a typed error and how long to wait; other routes stay open', async () => {
  const url = await serve({ submissionsPerMinute: 3 });
  for (let k = 0; k < 3; k++) assert.equal((await post(url)).status, 202);
  const refused = await post(url);
  assert.equal(refused.status, 429);
  const { error } = (await refused.json()) as { error: { code: string; details: Record<string, unknown> } };
  assert.equal(error.code, 'RATE_LIMITED');
  assert.equal(error.details.perMinute, 3);
  const seconds = Number(refused.headers.get('retry-after'));
  assert.ok(seconds > 0 && seconds <= 60);
  assert.equal((await fetch(`${url}/openapi.json`)).status, 200);
});

test('a forged X-Forwarded-For makes no other address, unless the operator has a proxy', async () => {
  const bare = await serve({ submissionsPerMinute: 1 });
  assert.equal((await post(bare, '10.0.0.1')).status, 202);
  assert.equal((await post(bare, '10.0.0.2')).status, 429);
  const proxied = await serve({ submissionsPerMinute: 1, trustProxy: 'loopback' });
  assert.equal((await post(proxied, '10.0.0.1')).status, 202);
  assert.equal((await post(proxied, '10.0.0.1')).status, 429);
  assert.equal((await post(proxied, '10.0.0.2')).status, 202);
});

test('an IPv6 address counts with its /64: one subscriber has 2^64 of them', async () => {
  const url = await serve({ submissionsPerMinute: 1, trustProxy: 'loopback' });
  assert.equal((await post(url, '2001:db8:1:2::1')).status, 202);
  assert.equal((await post(url, '2001:db8:1:2:3:4:5:6')).status, 429);
  assert.equal((await post(url, '2001:db8:1:2:ffff::')).status, 429);
  assert.equal((await post(url, '2001:db8:1:3::1')).status, 202);
  assert.equal((await post(url, '2001:db8::1')).status, 202);
  assert.equal((await post(url, '2001:db8::2')).status, 429);
});

test('0 means any number', async () => {
  const url = await serve({ submissionsPerMinute: 0 });
  for (let k = 0; k < 150; k++) assert.equal((await post(url)).status, 202);
});

test('the client waits as long as it is told, if that is not long, and sends again', async () => {
  let calls = 0;
  const limited = (seconds: string) => async (): Promise<Response> => {
    if (++calls > 1) return new Response(JSON.stringify({ id: ID, status: 'pending' }), { status: 202 });
    const body = { error: { code: 'RATE_LIMITED', message: 'slowly', details: {} } };
    return new Response(JSON.stringify(body), { status: 429, headers: { 'retry-after': seconds } });
  };
  const options = { url: 'http://127.0.0.1:1', retries: 1, retryDelayMs: 1 };
  const started = performance.now();
  const client = new SequencerClient(options, { fetch: limited('1') });
  assert.equal((await client.submitTransaction(new Uint8Array(10))).id, ID);
  assert.ok(performance.now() - started >= 950);
  calls = 0;
  const impatient = new SequencerClient(options, { fetch: limited('3600') });
  await assert.rejects(impatient.submitTransaction(new Uint8Array(10)), { code: 'RATE_LIMITED' });
  assert.equal(calls, 1);
});
