import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { buildBn128, type Curve } from 'ffjavascript';
import { curves, groth16 } from 'snarkjs';
import { FIELD_MODULUS } from '../../../protocol/constants.ts';
import { BN_PARAMETER, isInG2, PSI_X, PSI_Y } from '../../../prover/g2-subgroup.ts';
import { decodeProof } from '../../../prover/proof.ts';
import { type ProofOfSignals, verifyProof, verifyProofs } from '../../../prover/verify.ts';
import { type SyntheticKey, syntheticKey } from '../../support/circuit/synthetic-groth16.ts';

const Q = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;
const SIGNALS = [5n, FIELD_MODULUS - 1n, 0n];

/** Word k of a proof. */
const word = (proof: Uint8Array, k: number): bigint =>
  proof.slice(32 * k, 32 * k + 32).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
/** The proof with other words. */
function withWords(proof: Uint8Array, words: Readonly<Record<number, bigint>>): Uint8Array {
  const changed = proof.slice();
  for (const [k, value] of Object.entries(words)) {
    for (let at = 31, rest = value; at >= 0; at--, rest >>= 8n)
      changed[32 * Number(k) + at] = Number(rest & 0xffn);
  }
  return changed;
}

describe('verification', () => {
  let made: SyntheticKey;
  let curve: Curve;
  let good: ProofOfSignals[];
  before(async () => {
    made = await syntheticKey(SIGNALS.length);
    curve = await buildBn128(true);
    good = [1n, 2n, 3n, 4n, 5n].map((seed) => {
      const signals = SIGNALS.map((signal, k) => (signal + (k === 0 ? seed : 0n)) % FIELD_MODULUS);
      return { signals, proof: made.prove(signals, seed) };
    });
  });
  // snarkjs's own curve has threads.
  after(async () => {
    await (await curves.getCurveFromName('bn128')).terminate();
  });

  /** The verdicts of snarkjs. */
  const bySnarkjs = ({ signals, proof }: ProofOfSignals): Promise<boolean> =>
    groth16.verify(made.key as never, signals.map(String) as never, decodeProof(proof) as never);

  it('takes what snarkjs takes, alone and together', async () => {
    for (const one of good) {
      assert.equal(await bySnarkjs(one), true);
      assert.equal(await verifyProof(made.key, one.signals, one.proof), true);
    }
    assert.deepEqual(await verifyProofs(made.key, good), [true, true, true, true, true]);
    assert.deepEqual(await verifyProofs(made.key, []), []);
  });

  it('refuses exactly the wrong ones of a batch, wherever they are', async () => {
    const wrong = { signals: good[0].signals, proof: good[1].proof };
    assert.equal(await bySnarkjs(wrong), false);
    for (const pattern of [[0], [4], [1, 2], [0, 2, 4], [0, 1, 2, 3, 4]]) {
      const batch = good.map((one, k) =>
        pattern.includes(k) ? { ...wrong, signals: one.signals, proof: good[(k + 1) % 5].proof } : one,
      );
      assert.deepEqual(
        await verifyProofs(made.key, batch),
        batch.map((_, k) => !pattern.includes(k)),
      );
    }
  });

  it('refuses every tampered word, signal and length, as snarkjs does or by the form alone', async () => {
    const [{ signals, proof }] = good;
    const tampered: ProofOfSignals[] = [];
    for (let k = 0; k < 8; k++) {
      tampered.push({ signals, proof: withWords(proof, { [k]: (word(proof, k) + 1n) % Q }) });
      // Not canonical, where 32 bytes have room for it.
      tampered.push({ signals, proof: withWords(proof, { [k]: word(proof, k) + Q }) });
    }
    // A and C negated: on the curve, and still wrong.
    tampered.push({ signals, proof: withWords(proof, { 1: Q - word(proof, 1) }) });
    tampered.push({ signals, proof: withWords(proof, { 7: Q - word(proof, 7) }) });
    for (let k = 0; k < signals.length; k++) {
      tampered.push({ signals: signals.with(k, (signals[k] + 1n) % FIELD_MODULUS), proof });
      tampered.push({ signals: signals.with(k, signals[k] + FIELD_MODULUS), proof });
      tampered.push({ signals: signals.with(k, signals[k] - FIELD_MODULUS), proof });
    }
    tampered.push({ signals: signals.slice(1), proof }, { signals: [...signals, 0n], proof });
    tampered.push({ signals, proof: proof.slice(1) }, { signals, proof: new Uint8Array(257) });
    const mixed = tampered.flatMap((one) => [one, good[1]]);
    assert.deepEqual(
      await verifyProofs(made.key, mixed),
      mixed.map((_, k) => k % 2 === 1),
    );
  });

  it('refuses points at infinity', async () => {
    const [{ signals, proof }] = good;
    const infinite = [
      [0, 1],
      [2, 3, 4, 5],
      [6, 7],
      [0, 1, 6, 7],
      [0, 1, 2, 3, 4, 5, 6, 7],
    ].map((places) => ({
      signals,
      proof: withWords(proof, Object.fromEntries(places.map((k) => [k, 0n]))),
    }));
    assert.deepEqual(await verifyProofs(made.key, [...infinite, good[1]]), [
      ...infinite.map(() => false),
      true,
    ]);
  });

  it('is not deceived by proofs whose errors would cancel with equal coefficients', async () => {
    const [first, second] = good;
    const { G1 } = curve;
    const text = (point: Uint8Array): bigint[] => G1.toObject(G1.toAffine(point)) as bigint[];
    const shift = (proof: Uint8Array, by: Uint8Array): Uint8Array => {
      const c = G1.fromObject([word(proof, 6), word(proof, 7), 1n]);
      const [x, y] = text(G1.add(c, by));
      return withWords(proof, { 6: x, 7: y });
    };
    const error = G1.timesScalar(G1.g, 123n);
    const cancelling = [
      { ...first, proof: shift(first.proof, error) },
      { ...second, proof: shift(second.proof, G1.neg(error)) },
    ];
    assert.deepEqual(await verifyProofs(made.key, [...cancelling, good[2]]), [false, false, true]);
    // The same error in the signals: two statements swapped.
    const swapped = [
      { signals: first.signals, proof: second.proof },
      { signals: second.signals, proof: first.proof },
    ];
    assert.deepEqual(await verifyProofs(made.key, swapped), [false, false]);
  });

  it('refuses a B on the twist that is outside the subgroup', async () => {
    const outside = pointOutsideSubgroup(curve);
    const [b] = [curve.G2.toObject(curve.G2.toAffine(outside)) as bigint[][]];
    const [{ signals, proof }] = good;
    const proofOutside = withWords(proof, { 2: b[0][1], 3: b[0][0], 4: b[1][1], 5: b[1][0] });
    assert.deepEqual(await verifyProofs(made.key, [{ signals, proof: proofOutside }, good[1]]), [
      false,
      true,
    ]);
    // A valid B with a component outside added.
    const { G2 } = curve;
    const cofactored = G2.timesScalar(outside, FIELD_MODULUS);
    const own = G2.fromObject([
      [word(proof, 3), word(proof, 2)],
      [word(proof, 5), word(proof, 4)],
      [1n, 0n],
    ]);
    const [x, y] = G2.toObject(G2.toAffine(G2.add(own, cofactored))) as bigint[][];
    const shifted = withWords(proof, { 2: x[1], 3: x[0], 4: y[1], 5: y[0] });
    assert.equal(await verifyProof(made.key, signals, shifted), false);
  });

  it('tells the subgroup of the twist as the multiplication by r does', () => {
    const { G2 } = curve;
    const outside = pointOutsideSubgroup(curve);
    const cofactored = G2.timesScalar(outside, FIELD_MODULUS);
    for (let k = 1n; k < 6n; k++) {
      const inside = G2.timesScalar(G2.g, k ** 60n);
      for (const point of [
        inside,
        G2.add(inside, G2.timesScalar(cofactored, k)),
        G2.timesScalar(outside, k),
      ]) {
        assert.equal(isInG2(curve, point), G2.isZero(G2.timesScalar(point, FIELD_MODULUS)));
      }
    }
    // docs/proofs/g2-subgroup.md: the numbers that the proof needs.
    const x = BN_PARAMETER;
    assert.equal(36n * x ** 4n + 36n * x ** 3n + 24n * x ** 2n + 6n * x + 1n, Q);
    const lambda = 6n * x * x;
    assert.equal((x + 1n + x * lambda + x * lambda ** 2n - 2n * x * lambda ** 3n) % FIELD_MODULUS, 0n);
    const resultant = resultantWithFrobenius([x + 1n, x, x, -2n * x], lambda + 1n);
    assert.equal(resultant % FIELD_MODULUS, 0n);
    assert.equal(gcd(resultant, FIELD_MODULUS * (2n * Q - FIELD_MODULUS)), FIELD_MODULUS);
    assert.deepEqual(
      [power([9n, 1n], (Q - 1n) / 3n), power([9n, 1n], (Q - 1n) / 2n)],
      [[...PSI_X], [...PSI_Y]],
    );
  });
});

/** A point of the twist, of full order with overwhelming probability: the first one with x = (k, 1). */
function pointOutsideSubgroup(curve: Curve): Uint8Array {
  const three = times([3n, 0n], inverse([9n, 1n]));
  for (let k = 1n; ; k++) {
    const x: Pair = [k, 1n];
    const square = plus(times(times(x, x), x), three);
    const y = squareRoot(square);
    if (y === undefined) continue;
    const point = curve.G2.fromObject([x, y, [1n, 0n]]);
    assert.ok(curve.G2.isValid(point));
    if (!curve.G2.isZero(curve.G2.timesScalar(point, FIELD_MODULUS))) return point;
  }
}

type Pair = readonly [bigint, bigint];
const mod = (value: bigint): bigint => ((value % Q) + Q) % Q;
const plus = (a: Pair, b: Pair): Pair => [mod(a[0] + b[0]), mod(a[1] + b[1])];
const times = (a: Pair, b: Pair): Pair => [mod(a[0] * b[0] - a[1] * b[1]), mod(a[0] * b[1] + a[1] * b[0])];
function power(base: Pair, exponent: bigint): Pair {
  let result: Pair = [1n, 0n];
  for (const bit of exponent.toString(2)) {
    result = times(result, result);
    if (bit === '1') result = times(result, base);
  }
  return result;
}
const inverse = (a: Pair): Pair => power(a, Q * Q - 2n);
/** Algorithm 9 of Adj and Rodriguez-Henriquez, "Square root computation over even extension fields", for q = 3 mod 4. */
function squareRoot(a: Pair): Pair | undefined {
  const first = power(a, (Q - 3n) / 4n);
  const alpha = times(times(first, first), a);
  const root = times(first, a);
  const made: Pair =
    alpha[0] === Q - 1n && alpha[1] === 0n
      ? times([0n, 1n], root)
      : times(power(plus([1n, 0n], alpha), (Q - 1n) / 2n), root);
  const square = times(made, made);
  return square[0] === a[0] && square[1] === a[1] ? made : undefined;
}

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? (a < 0n ? -a : a) : gcd(b, a % b));
/** Resultant of a polynomial, lowest coefficient first, and X^2 - trace X + q: the norm of the polynomial at a root. */
function resultantWithFrobenius(coefficients: readonly bigint[], trace: bigint): bigint {
  // c + d X modulo the quadratic, by Horner's rule.
  let [c, d] = [0n, 0n];
  for (const coefficient of [...coefficients].reverse()) [c, d] = [coefficient - Q * d, c + trace * d];
  return c * c + trace * c * d + Q * d * d;
}
