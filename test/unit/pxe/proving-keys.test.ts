/** Proving keys from a sequencer, over real HTTP: made on demand, checked against L1, nothing fetched in vain. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { contractKey, type KeyName, verificationKeyHash } from '../../../l1/verification-key.ts';
import type { CircuitKey } from '../../../prover/node/dev-key-builder.ts';
import type { ReleasedCircuits } from '../../../prover/released-circuit.ts';
import { FetchingProver } from '../../../pxe/node/fetching-prover.ts';
import { fetchProvingKey } from '../../../pxe/node/proving-keys.ts';
import { SequencerClient } from '../../../rpc/client.ts';
import { type ArtifactFile, Artifacts } from '../../../sequencer/http/artifacts.ts';
import { type Backend, createServer } from '../../../sequencer/http/server.ts';
import { ProvingKeys } from '../../../sequencer/keys/proving-keys.ts';
import { Metrics } from '../../../sequencer/process/metrics.ts';
import { removeDirectory, temporaryDirectory } from '../../support/sequencer/sequencer-harness.ts';

const LARGE: KeyName = 'transition-large';
const log = pino({ level: 'silent' });
const g2 = [
  ['1', '2'],
  ['3', '4'],
  ['1', '0'],
];
/** A verification key in form alone: only its hash is looked at here. */
const vkey = (first: string) => ({
  nPublic: 1,
  vk_alpha_1: ['1', '2', '1'],
  vk_beta_2: g2,
  vk_gamma_2: g2,
  vk_delta_2: g2,
  IC: [
    [first, '2', '1'],
    ['3', '4', '1'],
  ],
});
const hashOf = (key: ReturnType<typeof vkey>): string => verificationKeyHash(contractKey(LARGE, key));

let directory: string;
let cache: string;
let artifacts: Artifacts;
let server: FastifyInstance;
let client: SequencerClient;
let downloads: string[];
let keys: ProvingKeys;

const GENERATOR = randomBytes(1000);
/** As if the release were made with the generator that this sequencer has. */
const RELEASED: ReleasedCircuits = {
  [LARGE]: {
    witnessGenerator: `0x${createHash('sha256').update(GENERATOR).digest('hex')}`,
    constraintSystem: `0x${'00'.repeat(32)}`,
  },
};

const file = (name: string, kind: ArtifactFile['kind'], content: string | Uint8Array): ArtifactFile => {
  const path = join(directory, name);
  writeFileSync(path, content);
  return { name, circuit: LARGE, kind, path };
};

/** A sequencer with the verification key and witness generator; `build` makes the proving key. */
async function start(build?: (report: (fraction: number) => void, signal: AbortSignal) => Promise<void>) {
  artifacts = await Artifacts.open([
    file('vkey.json', 'verification-key', JSON.stringify(vkey('1'))),
    file('circuit.wasm', 'witness-generator', GENERATOR),
  ]);
  const make = async ({ onProgress, signal }: { onProgress: (f: number) => void; signal: AbortSignal }) => {
    await build!(onProgress, signal);
    return {} as CircuitKey;
  };
  keys = new ProvingKeys(
    { ready: ['state-update-small'], later: build === undefined ? [] : [{ circuit: LARGE, build: make }] },
    { log, onMade: () => artifacts.add([file('circuit.zkey', 'proving-key', randomBytes(5000))]) },
  );
  const backend = {
    info: () => ({ ...INFO, artifacts: artifacts.list() }),
    requestProvingKey: (circuit: string) => keys.request(circuit),
  } as unknown as Backend;
  server = await createServer(
    { bodyBytes: 16_384, corsOrigin: '' },
    { backend, artifacts, metrics: new Metrics(), log },
  );
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  downloads = [];
  client = new SequencerClient(
    { url, retries: 0 },
    {
      fetch: (input, init) => {
        if (String(input).includes('/artifacts/')) downloads.push(String(input));
        return fetch(input, init);
      },
    },
  );
}

const INFO = {
  software: 'test',
  versions: { transaction: 1, block: 1, lowering: 1 },
  rollupId: `0x${'0'.repeat(64)}`,
  chainId: 31337,
  rollup: `0x${'a1'.repeat(20)}`,
  bridge: `0x${'b2'.repeat(20)}`,
  deployedAtL1Block: 1,
  creditsProgramId: `0x${'0'.repeat(64)}`,
  bridgeProgramId: `0x${'0'.repeat(64)}`,
  insecureKeys: true,
  keys: [],
  confirmations: 1,
  anchorMaxAgeL1Blocks: 7200,
  limits: { bodyBytes: 1, pageBlocks: 1, mempoolTransactions: 1, blockTransactions: 1 },
};

beforeEach(() => {
  directory = temporaryDirectory();
  cache = join(directory, 'cache');
  mkdirSync(cache);
});
afterEach(async () => {
  await keys.close();
  await server.close();
  removeDirectory(directory);
});

const fetchLarge = (hash: string, more: object = {}) =>
  fetchProvingKey(client, { circuit: LARGE, hash }, { cache, pollMs: 2, released: RELEASED, ...more });

test('a key that nobody needed before is made when it is asked for, with progress, once for all who ask', async () => {
  let builds = 0;
  const seen: number[] = [];
  await start(async (report) => {
    builds++;
    for (const fraction of [0.25, 0.5]) {
      report(fraction);
      while (!seen.includes(fraction)) await new Promise((resolve) => setTimeout(resolve, 2));
    }
  });
  const onBuilding = (circuit: string, fraction: number) => {
    assert.equal(circuit, LARGE);
    seen.push(fraction);
  };
  // The made key is no real one: it is found out after the download, not before.
  const both = [fetchLarge(hashOf(vkey('1')), { onBuilding }), fetchLarge(hashOf(vkey('1')))];
  // Together: one that fails while the other is awaited would be nobody's.
  await Promise.all(both.map((one) => assert.rejects(one, { code: 'KEY_MALFORMED' })));
  assert.equal(builds, 1);
  assert.ok(seen.includes(0.25) && seen.includes(0.5), seen.join());
  assert.equal((await client.requestProvingKey(LARGE)).state, 'ready');
  assert.equal((await client.getInfo()).artifacts.length, 3);
});

test('a sequencer with another key than L1 is found out by the smallest file', async () => {
  await start(async () => {});
  await assert.rejects(fetchLarge(hashOf(vkey('7'))), { code: 'KEY_MISMATCH' });
  assert.equal(downloads.length, 1);
});

test("a witness generator that is not the release's is neither fetched nor run, whatever its sequencer says of it", async () => {
  await start(async () => {});
  for (const released of [
    undefined,
    {},
    { [LARGE]: { ...RELEASED[LARGE], witnessGenerator: `0x${'ab'.repeat(32)}` } },
  ]) {
    await assert.rejects(fetchLarge(hashOf(vkey('1')), { released }), { code: 'CIRCUIT_NOT_RELEASED' });
  }
  const generator = artifacts.list().find(({ kind }) => kind === 'witness-generator')!;
  assert.equal(downloads.filter((url) => url.includes(generator.sha256)).length, 0);
});

test('a sequencer that makes a key without end, however much it says to have, is left in time', async () => {
  let fraction = 0;
  let stop!: () => void;
  await start(async (report) => {
    report((fraction = 0.02));
    const timer = setInterval(() => report((fraction += (1 - fraction) / 50)), 2);
    await new Promise<void>((resolve) => {
      stop = resolve;
    });
    clearInterval(timer);
  });
  try {
    const waiting = fetchLarge(hashOf(vkey('1')), { buildingTimeoutMs: 60 });
    await assert.rejects(waiting, (error: { code: string; details: object; message: string }) => {
      assert.equal(error.code, 'PROVING_KEY_TIMEOUT');
      assert.deepEqual(error.details, { circuit: LARGE, timeoutMs: 60 });
      assert.match(error.message, /another sequencer/);
      return true;
    });
    assert.ok(fraction > 0);
    assert.deepEqual(downloads, []);
  } finally {
    stop();
  }
});

test('a key that cannot be made is a typed error; the next question tries again', async () => {
  let builds = 0;
  await start(async () => {
    if (++builds === 1) throw new Error('no memory');
  });
  await assert.rejects(fetchLarge(hashOf(vkey('1'))), (error: { code: string; message: string }) => {
    assert.equal(error.code, 'PROVING_KEY_FAILED');
    assert.ok(!error.message.includes('no memory'), "what went wrong inside is the log's");
    return true;
  });
  await assert.rejects(fetchLarge(hashOf(vkey('1'))), { code: 'KEY_MALFORMED' });
  assert.equal(builds, 2);
});

test('a sequencer that cannot make the key says so', async () => {
  await start();
  await assert.rejects(fetchLarge(hashOf(vkey('1'))), { code: 'ARTIFACT_MISSING' });
  await assert.rejects(client.requestProvingKey('dev-srs'), { code: 'PROVING_KEY_UNKNOWN' });
  await assert.rejects(client.requestProvingKey('../dev-srs.json'), (error: { code: string }) =>
    ['ROUTE_UNKNOWN', 'REQUEST_INVALID'].includes(error.code),
  );
  assert.equal((await client.requestProvingKey('state-update-small')).state, 'ready');
});

test('closing the sequencer ends the making', async () => {
  let aborted = false;
  await start(
    (_report, signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          aborted = true;
          reject(signal.reason);
        });
      }),
  );
  assert.equal((await client.requestProvingKey(LARGE)).state, 'building');
  await keys.close();
  assert.ok(aborted);
});

test('a prover that fetches its keys fetches nothing before it proves, and stops waiting when told', async () => {
  await start(() => new Promise(() => {}));
  const rollupKeys = [{ id: 1, name: LARGE, hash: hashOf(vkey('1')) as `0x${string}` }];
  const prover = new FetchingProver({ keys: rollupKeys, fetch: { cache, pollMs: 2 } }, { sequencer: client });
  await assert.rejects(prover.prove('transition-small', {}), { code: 'PROVER_UNKNOWN_CIRCUIT' });
  assert.deepEqual(downloads, []);
  assert.deepEqual(readdirSync(cache), []);
  const stop = new AbortController();
  const waiting = prover.prove(LARGE, {}, { signal: stop.signal });
  setTimeout(() => stop.abort(new Error('enough')), 20);
  await assert.rejects(waiting, /enough/);
  const closing = prover.prove(LARGE, {});
  setTimeout(() => prover.close(), 20);
  await assert.rejects(closing, { code: 'PROVER_CLOSED' });
  // The build of this test never ends: let `afterEach` not wait for it.
  keys = { close: async () => {} } as ProvingKeys;
});
