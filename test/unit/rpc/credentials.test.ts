/** User and password in a sequencer's URL: a header for every request, and in no error. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { inspect } from 'node:util';
import { AzaleaError } from '../../../protocol/errors.ts';
import { plainWords, serviceUrl } from '../../../protocol/service-url.ts';
import { SequencerClient } from '../../../rpc/client.ts';

const seen: (string | undefined)[] = [];
let status = 200;
const server = createServer((request, response) => {
  seen.push(request.headers.authorization);
  if (status === 0) return void request.socket.destroy();
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end('{}');
});
let port = 0;
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});
after(() => server.close());

const client = () =>
  new SequencerClient({
    url: `http://alice:p%40ss-w0rd@127.0.0.1:${port}/key-0123456789abcdef/`,
    retries: 1,
    retryDelayMs: 1,
  });
const HEADER = `Basic ${Buffer.from('alice:p@ss-w0rd').toString('base64')}`;

test('every request carries them', async () => {
  status = 200;
  const requests = [
    () => client().getInfo(),
    () => client().getHealth(),
    () => client().getNotes(),
    () => client().submitTransaction(new Uint8Array(3)),
    () => client().requestProvingKey('transition-small'),
    () => client().downloadArtifact(`0x${'0'.repeat(64)}`),
  ];
  for (const request of requests) {
    seen.length = 0;
    await request().catch(() => {});
    assert.ok(seen.length > 0);
    assert.ok(seen.every((header) => header === HEADER));
  }
});

test('no error shows them, whatever the sequencer answers', async () => {
  const codes = new Map([
    [0, 'SEQUENCER_UNREACHABLE'],
    [200, 'RESPONSE_INVALID'],
    [401, 'SEQUENCER_UNAUTHORIZED'],
    [403, 'SEQUENCER_UNAUTHORIZED'],
    [404, 'RESPONSE_INVALID'],
    [500, 'INTERNAL'],
  ]);
  for (const [answer, code] of codes) {
    status = answer;
    for (const request of [
      () => client().getInfo(),
      () => client().downloadArtifact(`0x${'0'.repeat(64)}`),
    ]) {
      const error = await request().then(
        () => undefined,
        (e: unknown) => e,
      );
      assert.ok(error instanceof AzaleaError);
      if (answer !== 200) assert.equal(error.code, code);
      const shown = inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error) + error.stack;
      for (const secret of ['alice', 'p@ss-w0rd', 'p%40ss', 'key-0123456789abcdef', HEADER.slice(6)]) {
        assert.ok(!shown.includes(secret), `${answer} shows ${secret}`);
      }
    }
  }
  for (const url of ['alice:s3cr3t-word@host', 'ftp://alice:s3cr3t-word@host', 'http://alice:s3cr3t-word@']) {
    assert.throws(
      () => new SequencerClient({ url }),
      (error: AzaleaError) =>
        error.code === 'SEQUENCER_URL_INVALID' && !inspect(error, { depth: 20 }).includes('s3cr3t-word'),
    );
  }
});

test('a URL is split into what is sent and what is shown', () => {
  const { url, origin, headers } = serviceUrl('https://u:p@host:8443/path/?q=1#part');
  assert.deepEqual(
    [url, origin, Object.keys(headers)],
    ['https://host:8443/path/?q=1', 'https://host:8443', ['authorization']],
  );
  assert.deepEqual(serviceUrl('http://host/').headers, {});
  assert.equal(serviceUrl('http://host/').url, 'http://host');
  assert.equal(
    serviceUrl('http://ünï:çödé@host').headers.authorization,
    `Basic ${Buffer.from('ünï:çödé').toString('base64')}`,
  );
});

test('words from outside are one line of printable text', () => {
  assert.equal(plainWords(' a\u001b[31m\r\n\tb\u202e\u2028c\u009b '), 'a [31m b c');
  assert.equal(plainWords('x'.repeat(1000)).length, 303);
});
