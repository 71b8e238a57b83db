import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { curves, groth16 } from 'snarkjs';
import { FIELD_MODULUS } from '../../protocol/constants.ts';
import { BASE_FIELD_MODULUS } from '../../protocol/proof.ts';
import { readProvingKey } from '../../prover/groth16/proving-key.ts';
import { drawDevSrs, serializeDevSrs } from '../../prover/keys/dev-srs.ts';
import { assertJoinable, assertNoInfinity, type G2Json } from '../../prover/keys/verification-key.ts';
import { type CompiledCircuit, compileSource } from '../../prover/node/compile.ts';
import { type CircuitKey, DevKeyBuilder } from '../../prover/node/dev-key-builder.ts';
import { RapidsnarkProver } from '../../prover/node/rapidsnark-prover.ts';
import { loadProver } from '../../prover/node/shares/load-prover.ts';
import { SnarkjsProver } from '../../prover/node/snarkjs-prover.ts';
import { decodeProof, encodeProof } from '../../prover/proof.ts';
import { verifyProof } from '../../prover/verify.ts';
import { encodeWtns, WitnessCalculator } from '../../prover/witness-calculator.ts';

/** Outputs, public and private inputs, a wire that no B names, one that no A names, several rows. */
const PRODUCT = `pragma circom 2.2.0;
template Product() {
  signal input a; signal input b; signal input unused;
  signal output c;
  signal d <== a * b;
  c <== d * d + 3 * a - 7;
}
component main {public [b, unused]} = Product();`;
const POWERS = `pragma circom 2.2.0;
template Powers() {
  signal input x; signal output y[6];
  signal p[40];
  p[0] <== x;
  for (var i = 1; i < 40; i++) { p[i] <== p[i - 1] * (p[i - 1] + i); }
  for (var i = 0; i < 6; i++) { y[i] <== p[39 - i] + x; }
}
component main = Powers();`;

describe('development keys and provers', () => {
  let cache: string;
  let product: CompiledCircuit;
  let powers: CompiledCircuit;
  let keys: CircuitKey[];
  let prover: SnarkjsProver;

  const build = async (circuit: CompiledCircuit, directory = cache): Promise<CircuitKey> => {
    const builder = new DevKeyBuilder({ cache: directory });
    try {
      return await builder.build(circuit);
    } finally {
      await builder.close();
    }
  };

  before(async () => {
    cache = await mkdtemp(join(tmpdir(), 'azalea-keys-'));
    product = await compileSource('product', PRODUCT, { cache });
    powers = await compileSource('powers', POWERS, { cache });
    keys = [await build(product), await build(powers)];
    prover = new SnarkjsProver({ keys });
  });
  after(async () => {
    await prover.close();
    // snarkjs keeps threads that would keep the process.
    await (await curves.getCurveFromName('bn128')).terminate();
    await rm(cache, { recursive: true });
  });

  const input = { a: 3n, b: 4n, unused: 9n };
  const expected = [3n * 3n * 16n + 9n - 7n, 4n, 9n];

  it('proofs verify under snarkjs and under verifyProof; anything tampered with fails', async () => {
    const { proof, publicSignals, timings } = await prover.prove('product', input);
    assert.deepEqual(publicSignals, expected);
    assert.ok(timings.witnessSeconds > 0 && timings.proofSeconds > 0);
    const key = keys[0]!.verificationKey;
    const decimal = publicSignals.map(String);
    assert.equal(await groth16.verify(key, decimal, decodeProof(proof)), true);
    assert.equal(await verifyProof(key, publicSignals, proof), true);

    for (let index = 0; index < publicSignals.length; index++) {
      for (const delta of [1n, -1n, FIELD_MODULUS]) {
        const changed = publicSignals.with(index, publicSignals[index]! + delta);
        assert.equal(await verifyProof(key, changed, proof), false, `signal ${index} + ${delta}`);
      }
    }
    assert.equal(await verifyProof(key, publicSignals.slice(1), proof), false);
    for (let coordinate = 0; coordinate < 8; coordinate++) {
      const changed = proof.slice();
      changed[32 * coordinate + 31]! ^= 1;
      assert.equal(await verifyProof(key, publicSignals, changed), false, `coordinate ${coordinate}`);
    }
    assert.equal(await verifyProof(key, publicSignals, new Uint8Array(256)), false);
    assert.equal(await verifyProof(key, publicSignals, proof.slice(1)), false);
    const other = await prover.prove('powers', { x: 5n });
    assert.equal(await verifyProof(key, publicSignals, other.proof), false);
    assert.equal(await verifyProof(keys[1]!.verificationKey, other.publicSignals, other.proof), true);
  });

  it('the key enforces every constraint: a witness with any wire changed gives no proof that verifies', async () => {
    for (const [key, values] of [
      [keys[0]!, input],
      [keys[1]!, { x: 7n }],
    ] as const) {
      const calculator = await WitnessCalculator.create(new Uint8Array(await readFile(key.circuit.wasmFile)));
      const honest = calculator.calculate(values);
      for (let wire = 0; wire < calculator.size; wire++) {
        const witness = honest.slice();
        if (wire > 0) witness[32 * wire]! ^= 1;
        const data = encodeWtns(witness);
        const { proof, publicSignals } = await groth16.prove(key.zkeyFile, { type: 'mem', data });
        const accepted = await verifyProof(
          key.verificationKey,
          publicSignals.map(BigInt),
          encodeProof(proof),
        );
        // Wire 0 is left as it is. `unused` is in no constraint: any value is true, for the public signal that is shown.
        const free = wire === 0 || (key.circuit.name === 'product' && wire === 3);
        assert.equal(accepted, free, `${key.circuit.name}, wire ${wire}`);
      }
    }
  });

  it('proves as snarkjs does with the same key, and refuses keys and witnesses that are cut off', async () => {
    const { zkeyFile, verificationKey, circuit } = keys[0]!;
    const calculator = await WitnessCalculator.create(new Uint8Array(await readFile(circuit.wasmFile)));
    const witness = calculator.calculate(input);
    const theirs = await groth16.prove(zkeyFile, { type: 'mem', data: encodeWtns(witness) });
    assert.deepEqual(theirs.publicSignals.map(BigInt), expected);
    assert.equal(await verifyProof(verificationKey, expected, encodeProof(theirs.proof)), true);

    const file = new Uint8Array(await readFile(zkeyFile));
    const readFrom = (bytes: Uint8Array) =>
      readProvingKey(async (start, length) => bytes.slice(start, start + length), bytes.length);
    const vkey = verificationKey as unknown as Record<string, unknown>;
    for (const threads of [1, 2, 3]) {
      const { prover: own, close } = await loadProver(zkeyFile, threads);
      try {
        const proofs = await Promise.all([own.prove(witness), own.prove(witness)]);
        for (const proof of proofs) {
          assert.equal(await verifyProof(verificationKey, expected, proof), true);
          const accepted = await groth16.verify(vkey, theirs.publicSignals, decodeProof(proof));
          assert.equal(accepted, true, 'snarkjs accepts it');
        }
        assert.notDeepEqual(proofs[0], proofs[1], 'fresh randomness');
        await assert.rejects(own.prove(witness.slice(32)), { code: 'WITNESS_LENGTH' });
      } finally {
        await close();
      }
    }
    for (let length = 0; length < file.length; length += 97) {
      await assert.rejects(readFrom(file.slice(0, length)), { code: 'KEY_MALFORMED' }, `${length} bytes`);
    }
  });

  it('refuses a coordinate that is not reduced', async () => {
    const { proof, publicSignals } = await prover.prove('product', input);
    const value = BigInt(`0x${Buffer.from(proof.subarray(0, 32)).toString('hex')}`) + BASE_FIELD_MODULUS;
    assert.ok(value < 1n << 256n);
    const changed = proof.slice();
    changed.set(Buffer.from(value.toString(16).padStart(64, '0'), 'hex'));
    assert.throws(() => decodeProof(changed), { code: 'PROOF_ENCODING' });
    assert.equal(await verifyProof(keys[0]!.verificationKey, publicSignals, changed), false);
  });

  it('keys of one SRS share alpha, beta and gamma and join; deltas differ', async () => {
    const [first, second] = keys.map((key) => key.verificationKey);
    assert.deepEqual(first!.vk_gamma_2, second!.vk_gamma_2);
    assert.notDeepEqual(first!.vk_delta_2, second!.vk_delta_2);
    assert.notDeepEqual(first!.vk_gamma_2, first!.vk_delta_2);
    assertJoinable(keys);
    const shared = { ...keys[1]!, verificationKey: { ...second!, vk_delta_2: first!.vk_delta_2 } };
    assert.throws(() => assertJoinable([keys[0]!, shared]), { code: 'KEYS_DELTA_SHARED' });
    const [x, y, one] = first!.vk_delta_2;
    const negated = [x, y.map((part) => String(BASE_FIELD_MODULUS - BigInt(part))), one] as unknown as G2Json;
    const opposite = { ...keys[1]!, verificationKey: { ...second!, vk_delta_2: negated } };
    assert.throws(() => assertJoinable([keys[0]!, opposite]), { code: 'KEYS_DELTA_SHARED' });
    const gamma = { ...keys[1]!, verificationKey: { ...second!, vk_delta_2: first!.vk_gamma_2 } };
    assert.throws(() => assertJoinable([keys[0]!, gamma]), { code: 'KEYS_DELTA_SHARED' });
  });

  it('keys of two SRS ids refuse to join', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'azalea-keys-'));
    try {
      const foreign = await build(powers, elsewhere);
      assert.throws(() => assertJoinable([keys[0]!, foreign]), { code: 'KEYS_SRS_MISMATCH' });
      const renamed = { ...foreign, info: { ...foreign.info, srsId: keys[0]!.info.srsId } };
      assert.throws(() => assertJoinable([keys[0]!, renamed]), { code: 'KEYS_SRS_MISMATCH' });
    } finally {
      await rm(elsewhere, { recursive: true });
    }
  });

  it('refuses a key with a point at infinity', () => {
    const key = keys[0]!.verificationKey;
    assertNoInfinity('product', key);
    assert.throws(() => assertNoInfinity('product', { ...key, IC: key.IC.with(2, ['0', '1', '0']) }), {
      code: 'KEY_AT_INFINITY',
    });
    const zero = [
      ['0', '0'],
      ['1', '0'],
      ['0', '0'],
    ] as const;
    assert.throws(() => assertNoInfinity('product', { ...key, vk_delta_2: zero }), {
      code: 'KEY_AT_INFINITY',
    });
  });

  it('builds nothing twice, rebuilds the same key when a file is damaged', async () => {
    const again = await build(product);
    assert.equal(again.built, false);
    assert.deepEqual(again.verificationKey, keys[0]!.verificationKey);
    assert.equal((await compileSource('product', PRODUCT, { cache })).built, false);

    const whole = await readFile(again.zkeyFile);
    const flipped = Buffer.from(whole);
    flipped[flipped.length >> 1]! ^= 1;
    await writeFile(again.zkeyFile, flipped);
    const rebuilt = await build(product);
    assert.equal(rebuilt.built, true);
    assert.deepEqual(await readFile(rebuilt.zkeyFile), whole);

    await truncate(product.r1csFile, 100);
    assert.equal((await compileSource('product', PRODUCT, { cache })).built, true);
    assert.equal((await build(product)).built, false);
  });

  it('several builders at once build once', async () => {
    const source = POWERS.replace('40', '41').replace('< 40', '< 41');
    const compiled = await Promise.all([1, 2, 3].map(() => compileSource('race', source, { cache })));
    assert.equal(compiled.filter(({ built }) => built).length, 1);
    const built = await Promise.all([1, 2, 3].map(() => build(compiled[0]!)));
    assert.equal(built.filter((key) => key.built).length, 1);
  });

  it('a verification key alone is the one that the whole key has later', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'azalea-keys-'));
    const builder = new DevKeyBuilder({ cache: directory });
    try {
      const alone = await builder.buildVerificationKey(product);
      assert.equal(alone.built, true);
      assert.equal((await builder.buildVerificationKey(product)).built, false);
      const whole = await builder.build(product);
      assert.equal(whole.built, true);
      assert.deepEqual(whole.verificationKey, alone.verificationKey);
      assert.deepEqual(whole.info, alone.info);
      const again = await builder.buildVerificationKey(product);
      assert.deepEqual([again.built, again.verificationKeyFile], [false, whole.verificationKeyFile]);
      // Its delta is its own, not that of another circuit of the same SRS.
      const other = await builder.buildVerificationKey(powers);
      assert.notDeepEqual(other.verificationKey.vk_delta_2, alone.verificationKey.vk_delta_2);
      assertJoinable([whole, other]);
    } finally {
      await builder.close();
      await rm(directory, { recursive: true });
    }
  });

  it('any change of the text is another circuit: never the wrong key', async () => {
    const hashes = await Promise.all(
      [PRODUCT, `${PRODUCT}\n`, PRODUCT.replace('3 * a', '5 * a')].map(
        async (text) => (await compileSource('product', text, { cache })).hash,
      ),
    );
    assert.equal(new Set(hashes).size, 3);
  });

  it("reports circuits that do not compile with the compiler's words", async () => {
    await assert.rejects(
      compileSource('broken', 'pragma circom 2.2.0; component main = Nothing();', { cache }),
      {
        code: 'CIRCUIT_COMPILE_FAILED',
        message: /Nothing/,
      },
    );
  });

  it('keeps secrets in one file for its owner only', async () => {
    const file = join(cache, 'dev-srs.json');
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    const text = await readFile(file, 'utf8');
    assert.match(text, /INSECURE/);
    const { tau, deltaSeed } = JSON.parse(text) as { tau: string; deltaSeed: string };
    const shown = await readFile(join(keys[0]!.zkeyFile, '../key.json'), 'utf8');
    assert.ok(!shown.includes(tau.slice(2)) && !shown.includes(deltaSeed));
    assert.equal((JSON.parse(shown) as { insecure: boolean }).insecure, true);
  });

  it('refuses a damaged dev-srs.json without showing it', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'azalea-keys-'));
    try {
      // Another digit than the one that was drawn, or one file in 16 would not be damaged at all.
      const text = serializeDevSrs(drawDevSrs()).replace(
        /"tau": "0x(.)/,
        (_, digit: string) => `"tau": "0x${digit === '0' ? '1' : '0'}`,
      );
      await writeFile(join(directory, 'dev-srs.json'), text);
      await assert.rejects(build(product, directory), (error: Error & { code: string }) => {
        assert.equal(error.code, 'DEV_SRS_MALFORMED');
        assert.ok(!/[0-9a-f]{32}/.test(error.message));
        return true;
      });
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  describe('pool', () => {
    it('reports progress that never falls and names unknown circuits', async () => {
      const fractions: number[] = [];
      await prover.prove('powers', { x: 2n }, { onProgress: ({ fraction }) => fractions.push(fraction) });
      assert.deepEqual(
        fractions,
        fractions.toSorted((a, b) => a - b),
      );
      assert.equal(fractions.at(-1), 1);
      await assert.rejects(prover.prove('nothing', {}), { code: 'PROVER_UNKNOWN_CIRCUIT' });
    });

    it('passes on the reason of a witness that fails, and goes on', async () => {
      await assert.rejects(prover.prove('product', { a: 1n }), { code: 'WITNESS_INPUT' });
      assert.deepEqual((await prover.prove('product', input)).publicSignals, expected);
    });

    it('ends before the proof when the witness is of another statement: a word changed, one less or one more', async () => {
      const others = [
        ...expected.map((word, k) => expected.with(k, word + 1n)),
        expected.slice(1),
        [...expected, 1n],
      ];
      for (const statement of others) {
        const stages: string[] = [];
        const onProgress = ({ stage }: { stage: string }) => void stages.push(stage);
        await assert.rejects(prover.prove('product', input, { statement, onProgress }), {
          code: 'PROVER_FOREIGN_STATEMENT',
        });
        assert.ok(!stages.includes('proof'), stages.join());
      }
      const meant = await prover.prove('product', input, { statement: expected });
      assert.deepEqual(meant.publicSignals, expected);
    });

    it('cancels a waiting and a running proof, and goes on', async () => {
      const controllers = [new AbortController(), new AbortController()];
      const jobs = controllers.map(({ signal }) => prover.prove('powers', { x: 3n }, { signal }));
      const settled = Promise.allSettled(jobs);
      for (const controller of controllers.toReversed()) controller.abort(new Error('changed my mind'));
      for (const result of await settled) {
        assert.equal(result.status, 'rejected');
        assert.match(String((result as PromiseRejectedResult).reason), /changed my mind/);
      }
      await assert.rejects(prover.prove('powers', { x: 3n }, { signal: AbortSignal.abort() }));
      assert.deepEqual((await prover.prove('product', input)).publicSignals, expected);
    });

    it('several processes prove side by side; closing rejects what runs', async () => {
      const pool = new SnarkjsProver({ keys, processes: 2 });
      const results = await Promise.all([1n, 2n, 3n].map((x) => pool.prove('powers', { x })));
      assert.equal(new Set(results.map(({ publicSignals }) => publicSignals[0])).size, 3);
      const running = assert.rejects(pool.prove('powers', { x: 4n }), { code: 'PROVER_CLOSED' });
      await pool.close();
      await running;
      await assert.rejects(pool.prove('powers', { x: 4n }), { code: 'PROVER_CLOSED' });
    });

    it('does not hand out a proof that fails', async () => {
      const mixed = {
        ...keys[0]!,
        verificationKey: { ...keys[0]!.verificationKey, vk_delta_2: keys[1]!.verificationKey.vk_delta_2 },
      };
      const wrong = new SnarkjsProver({ keys: [mixed] });
      await assert.rejects(wrong.prove('product', input), { code: 'PROVER_BAD_PROOF' });
      await wrong.close();
    });
  });

  describe('external binary', () => {
    it("proves through a command in rapidsnark's convention", async () => {
      const script = join(cache, 'stand-in.mjs');
      const snarkjs = import.meta.resolve('snarkjs');
      await writeFile(
        script,
        `import { groth16 } from '${snarkjs}'; import { writeFileSync } from 'node:fs';
         const [zkey, wtns, proofFile, publicFile] = process.argv.slice(2);
         const { proof, publicSignals } = await groth16.prove(zkey, wtns);
         writeFileSync(proofFile, JSON.stringify(proof)); writeFileSync(publicFile, JSON.stringify(publicSignals));
         process.exit(0);`,
      );
      const external = new RapidsnarkProver({ keys, command: [process.execPath, script] });
      const { proof, publicSignals } = await external.prove('product', input);
      assert.deepEqual(publicSignals, expected);
      assert.equal(await external.verify('product', publicSignals, proof), true);
      await assert.rejects(external.prove('product', { a: 1n }), { code: 'WITNESS_INPUT' });
      await external.close();
    });

    it('reports a binary that fails or is missing', async () => {
      for (const command of [
        [process.execPath, '-e', 'process.exit(3)'],
        [join(cache, 'missing')],
      ] as const) {
        const external = new RapidsnarkProver({ keys, command: command as unknown as [string, ...string[]] });
        await assert.rejects(external.prove('product', input), { code: 'PROVER_FAILED' });
        await external.close();
      }
    });
  });
});
