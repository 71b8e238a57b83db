/** Proving keys written by hand, as a hostile sequencer may serve them: each is refused before anything is proven with it. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import { buildBn128, type Curve } from 'ffjavascript';
import { contractKey, type KeyName, verificationKeyHash } from '../../../l1/verification-key.ts';
import { checkOwnProof } from '../../../prover/node/snarkjs-prover.ts';
import type { ReleasedCircuits } from '../../../prover/released-circuit.ts';
import { fetchProvingKey } from '../../../pxe/node/proving-keys.ts';
import { SequencerClient } from '../../../rpc/client.ts';
import { syntheticKey } from '../../support/circuit/synthetic-groth16.ts';
import { removeDirectory, temporaryDirectory } from '../../support/sequencer/sequencer-harness.ts';

const SMALL: KeyName = 'transition-small';
const LARGE: KeyName = 'transition-large';
/** Each circuit of a deployment has a delta of its own. */
const DELTA = { [SMALL]: 7n, [LARGE]: 11n } as const;
const KINDS = ['verification-key', 'witness-generator', 'proving-key'] as const;
type Files = Record<(typeof KINDS)[number], Uint8Array>;

const shaOf = (bytes: Uint8Array): `0x${string}` => `0x${createHash('sha256').update(bytes).digest('hex')}`;

describe('a proving key from a sequencer', () => {
  let curve: Curve;
  let directory: string;
  let right: Files;
  /** Kinds that were downloaded. */
  let downloads: string[];
  before(async () => {
    curve = await buildBn128(true);
    right = files(SMALL);
  });
  after(() => curve.terminate());
  beforeEach((context) => {
    directory = temporaryDirectory();
    (context as { after(hook: () => void): void }).after(() => removeDirectory(directory));
    downloads = [];
  });

  const g1 = (scalar: bigint): Uint8Array => curve.G1.toAffine(curve.G1.timesScalar(curve.G1.g, scalar));
  const g2 = (scalar: bigint): Uint8Array => curve.G2.toAffine(curve.G2.timesScalar(curve.G2.g, scalar));

  /** A verification key in form; only its delta has to be a point. */
  const verificationKey = (circuit: keyof typeof DELTA) => {
    const g2Form = [
      ['1', '2'],
      ['3', '4'],
      ['1', '0'],
    ] as const;
    const delta = curve.G2.toObject(g2(DELTA[circuit])) as bigint[][];
    const first = circuit === SMALL ? '5' : '6';
    return {
      nPublic: 1,
      vk_alpha_1: ['1', '2', '1'],
      vk_beta_2: g2Form,
      vk_gamma_2: g2Form,
      vk_delta_2: delta.map((pair) => pair.map(String)),
      IC: [
        [first, '2', '1'],
        ['3', '4', '1'],
      ],
    } as never;
  };

  /** A whole .zkey file of a circuit with two wires. */
  const zkey = (delta1: Uint8Array, delta2: Uint8Array): Uint8Array => {
    const words = (...values: number[]): Uint8Array => new Uint8Array(new Uint32Array(values).buffer);
    const header = [words(32), new Uint8Array(32), words(32), new Uint8Array(32), words(2, 1, 2)];
    const points = [g1(2n), g1(3n), g2(3n), g2(1n), delta1, delta2];
    const sections: readonly (readonly [number, Uint8Array])[] = [
      [1, words(1)],
      [2, Buffer.concat([...header, ...points])],
      [3, new Uint8Array(128)],
      [4, words(0)],
      [5, new Uint8Array(2 * 64)],
      [6, new Uint8Array(2 * 64)],
      [7, new Uint8Array(2 * 128)],
      [8, new Uint8Array(0)],
      [9, new Uint8Array(2 * 64)],
    ];
    const parts = sections.flatMap(([id, bytes]) => [words(id, bytes.length, 0), bytes]);
    return Buffer.concat([Buffer.from('zkey'), words(1, sections.length), ...parts]);
  };

  const files = (circuit: keyof typeof DELTA): Files => ({
    'verification-key': Buffer.from(JSON.stringify(verificationKey(circuit))),
    'witness-generator': Buffer.from(`generator of ${circuit}`),
    'proving-key': zkey(g1(DELTA[circuit]), g2(DELTA[circuit])),
  });

  /** Fetches the key of the small circuit from a sequencer that lists `listed` and sends `sent` under those hashes. */
  const fetchFrom = (listed: Files, sent: Partial<Files> = {}) => {
    const artifacts = KINDS.map((kind) => ({
      name: kind,
      circuit: SMALL,
      kind,
      bytes: listed[kind].length,
      sha256: shaOf(listed[kind]),
    }));
    const answer = (path: string): Response => {
      if (path === '/info') return Response.json({ ...INFO, artifacts });
      const { kind } = artifacts.find(({ sha256 }) => path === `/artifacts/${sha256}`)!;
      downloads.push(kind);
      const bytes = sent[kind] ?? listed[kind];
      const headers = { 'content-length': String(bytes.length) };
      return new Response(bytes as BodyInit, { headers });
    };
    const sequencer = new SequencerClient(
      { url: 'http://sequencer.invalid', retries: 0 },
      { fetch: async (input) => answer(new URL(String(input)).pathname) },
    );
    const hash = verificationKeyHash(contractKey(SMALL, verificationKey(SMALL)));
    const witnessGenerator = shaOf(right['witness-generator']);
    const released: ReleasedCircuits = {
      [SMALL]: { witnessGenerator, constraintSystem: `0x${'00'.repeat(32)}` },
    };
    return fetchProvingKey(sequencer, { circuit: SMALL, hash }, { cache: directory, released });
  };

  it("is taken when it is the rollup's", async () => {
    assert.deepEqual((await fetchFrom(right)).verificationKey, verificationKey(SMALL));
    assert.deepEqual(downloads, KINDS);
  });

  it("is refused by its smallest file when it is another circuit's with all that belongs to it", async () => {
    await assert.rejects(fetchFrom(files(LARGE)), { code: 'KEY_MISMATCH' });
    assert.deepEqual(downloads, ['verification-key']);
  });

  it("is refused when another circuit's generator comes with it, before that is fetched", async () => {
    const generator = files(LARGE)['witness-generator'];
    const served = fetchFrom({ ...right, 'witness-generator': generator });
    await assert.rejects(served, { code: 'CIRCUIT_NOT_RELEASED' });
    assert.deepEqual(downloads, ['verification-key']);
  });

  it('is refused when a file has another hash than the announced one, whichever file it is', async () => {
    for (const kind of KINDS) {
      const changed = new Uint8Array(right[kind]);
      changed[changed.length - 1] ^= 1;
      for (const bytes of [changed, files(LARGE)[kind]]) {
        const served = fetchFrom(right, { [kind]: bytes });
        await assert.rejects(served, { code: 'ARTIFACT_HASH_MISMATCH' }, kind);
      }
    }
  });

  it("is refused when the content is another circuit's under the right verification key", async () => {
    const infinity = { one: new Uint8Array(64), two: new Uint8Array(128) };
    const off = g1(7n).slice();
    off[0] ^= 1;
    for (const key of [
      files(LARGE)['proving-key'],
      zkey(g1(7n), g2(11n)),
      zkey(g1(11n), g2(7n)),
      zkey(infinity.one, g2(7n)),
      zkey(g1(7n), infinity.two),
      zkey(off, g2(7n)),
    ]) {
      await assert.rejects(fetchFrom({ ...right, 'proving-key': key }), { code: 'KEY_NOT_BLINDING' });
    }
  });

  it('is refused when it is no whole key', async () => {
    const whole = right['proving-key'];
    const otherFormat = new Uint8Array(whole);
    otherFormat[0] ^= 1;
    for (const key of [whole.subarray(0, -1), whole.subarray(0, 11), new Uint8Array(1), otherFormat]) {
      await assert.rejects(fetchFrom({ ...right, 'proving-key': key }), { code: 'KEY_MALFORMED' });
    }
  });

  it('is refused when its verification key is none', async () => {
    const { IC: _, ...headless } = verificationKey(SMALL) as { IC: unknown };
    for (const key of ['', '{', 'null', '[]', '{}', '"0x"', JSON.stringify(headless)]) {
      const served = fetchFrom({ ...right, 'verification-key': Buffer.from(key) });
      await assert.rejects(served, { code: 'KEY_MALFORMED' }, key);
    }
  });
});

describe('a proof made with a wrong proving key', () => {
  it("that has the right delta and another circuit's points never leaves the prover", async () => {
    const ours = await syntheticKey(2, 1n);
    const theirs = await syntheticKey(2, 2n);
    const signals = [3n, 4n];
    const key = { circuit: { name: SMALL }, zkeyFile: '', verificationKey: ours.key } as never;
    await checkOwnProof(key, signals, ours.prove(signals, 5n));
    const refused = { code: 'PROVER_BAD_PROOF' };
    await assert.rejects(checkOwnProof(key, signals, theirs.prove(signals, 5n)), refused);
    await assert.rejects(checkOwnProof(key, [3n, 5n], ours.prove(signals, 5n)), refused);
  });
});

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
