/// <reference path="./ffjavascript.d.ts" />
/** Verifies Groth16 proofs off chain, one or many. Isomorphic; single-threaded WebAssembly. */
import { buildBn128, type Curve } from 'ffjavascript';
import { FIELD_MODULUS } from '../protocol/constants.ts';
import { AzaleaError } from '../protocol/errors.ts';
import { isInG2 } from './g2-subgroup.ts';
import { FIELD_BYTES, scalarToBytes } from './keys/bn254-engine.ts';
import type { VerificationKey } from './keys/verification-key.ts';
import { decodeProof } from './proof.ts';

let curvePromise: Promise<Curve> | undefined;

interface PreparedKey {
  readonly alpha1: Uint8Array;
  /** beta, gamma and delta as the Miller loop takes them. */
  readonly beta2: Uint8Array;
  readonly gamma2: Uint8Array;
  readonly delta2: Uint8Array;
  /** Affine, one behind the other. */
  readonly ic: Uint8Array;
}

const prepared = new WeakMap<VerificationKey, PreparedKey>();

/** A proof and the public signals it is said to have. */
export interface ProofOfSignals {
  readonly signals: readonly bigint[];
  readonly proof: Uint8Array;
}

/** A proof that has the right form, with its random coefficient. */
interface Term {
  readonly index: number;
  readonly signals: readonly bigint[];
  readonly coefficient: bigint;
  /** Miller loop of (coefficient * A, B). */
  readonly ab: Uint8Array;
  /** coefficient * C. */
  readonly c: Uint8Array;
}

/** Bytes of a random coefficient: a batch with a wrong proof passes with a chance of 2^-128. */
const COEFFICIENT_BYTES = 16;

/**
 * Returns whether a proof is valid: e(A, B) = e(alpha, beta) e(IC(signals), gamma) e(C, delta). The points must lie on their
 * curves, B in the subgroup, and every signal must be below r.
 * @param signals as many as the key has public signals
 * @returns false for any proof or signal that L1 would refuse too; never throws for them
 */
export async function verifyProof(
  key: VerificationKey,
  signals: readonly bigint[],
  proof: Uint8Array,
): Promise<boolean> {
  const [valid] = await verifyProofs(key, [{ signals, proof }]);
  return valid;
}

/**
 * The same for many proofs under one key, several times as fast: a random linear combination of their equations holds if all do.
 * If it does not, halves are checked, so that one wrong proof costs few checks. The points of every proof are checked singly.
 * @returns a verdict for each, in order; with a chance of 2^-128 a batch of wrong proofs is taken for right
 */
export async function verifyProofs(
  key: VerificationKey,
  proofs: readonly ProofOfSignals[],
): Promise<boolean[]> {
  const curve = await (curvePromise ??= buildBn128(true));
  const keyPoints = prepareKey(curve, key);
  const verdicts = proofs.map(() => false);
  const terms: Term[] = [];
  for (const [index, { signals, proof }] of proofs.entries()) {
    if (signals.length !== key.nPublic) continue;
    if (signals.some((signal) => signal < 0n || signal >= FIELD_MODULUS)) continue;
    const points = readPoints(curve, proof);
    if (points === undefined) continue;
    const { G1 } = curve;
    const coefficient = randomCoefficient();
    const a = curve.prepareG1(G1.toJacobian(G1.timesScalar(points.a, coefficient)));
    const ab = curve.millerLoop(a, curve.prepareG2(curve.G2.toJacobian(points.b)));
    terms.push({ index, signals, coefficient, ab, c: G1.timesScalar(points.c, coefficient) });
  }
  const settle = async (some: readonly Term[]): Promise<void> => {
    if (some.length === 0) return;
    const holds = await equationHolds(curve, keyPoints, some);
    if (holds) for (const { index } of some) verdicts[index] = true;
    if (holds || some.length === 1) return;
    const middle = some.length >> 1;
    await settle(some.slice(0, middle));
    await settle(some.slice(middle));
  };
  await settle(terms);
  return verdicts;
}

/** Product over the terms of e(A, B) e(alpha, beta)^-1 e(IC(signals), gamma)^-1 e(C, delta)^-1, each to its coefficient, is 1. */
async function equationHolds(curve: Curve, key: PreparedKey, terms: readonly Term[]): Promise<boolean> {
  const { G1, Gt } = curve;
  const scalars = new Uint8Array(key.ic.length / 2);
  const total = terms.reduce((sum, { coefficient }) => sum + coefficient, 0n) % FIELD_MODULUS;
  scalars.set(scalarToBytes(total));
  for (let at = FIELD_BYTES; at < scalars.length; at += FIELD_BYTES) {
    const signal = at / FIELD_BYTES - 1;
    const sum = terms.reduce((sum, term) => sum + term.coefficient * term.signals[signal], 0n);
    scalars.set(scalarToBytes(sum % FIELD_MODULUS), at);
  }
  const c = terms.map((term) => term.c).reduce((sum, point) => G1.add(sum, point));
  const ic = await G1.multiExpAffine(key.ic, scalars);
  const others = [
    [G1.timesScalar(key.alpha1, total), key.beta2],
    [ic, key.gamma2],
    [c, key.delta2],
  ].map(([point, prepared]) => curve.millerLoop(curve.prepareG1(G1.toJacobian(G1.neg(point))), prepared));
  const product = [...terms.map(({ ab }) => ab), ...others].reduce((product, one) => Gt.mul(product, one));
  return Gt.eq(curve.finalExponentiation(product), Gt.one);
}

function prepareKey(curve: Curve, key: VerificationKey): PreparedKey {
  let made = prepared.get(key);
  if (made === undefined) {
    const { G1, G2 } = curve;
    const g1 = (point: unknown): Uint8Array => G1.fromObject(integers(point) as unknown[]);
    const g2 = (point: unknown): Uint8Array =>
      curve.prepareG2(G2.toJacobian(G2.fromObject(integers(point) as unknown[])));
    const ic = new Uint8Array(key.IC.length * 2 * FIELD_BYTES);
    for (const [index, point] of key.IC.entries()) ic.set(G1.toAffine(g1(point)), index * 2 * FIELD_BYTES);
    made = {
      alpha1: g1(key.vk_alpha_1),
      beta2: g2(key.vk_beta_2),
      gamma2: g2(key.vk_gamma_2),
      delta2: g2(key.vk_delta_2),
      ic,
    };
    prepared.set(key, made);
  }
  return made;
}

/** A, B and C of a proof; undefined unless they are canonical, on their curves, in the subgroup and not at infinity. */
function readPoints(
  curve: Curve,
  proof: Uint8Array,
): { a: Uint8Array; b: Uint8Array; c: Uint8Array } | undefined {
  let points: ReturnType<typeof decodeProof>;
  try {
    points = decodeProof(proof);
  } catch (error) {
    if (error instanceof AzaleaError) return undefined;
    throw error;
  }
  const { G1, G2 } = curve;
  const a = G1.fromObject(integers(points.pi_a) as unknown[]);
  const b = G2.fromObject(integers(points.pi_b) as unknown[]);
  const c = G1.fromObject(integers(points.pi_c) as unknown[]);
  // Infinity, (0, 0), passes ffjavascript's isValid; an honest proof never has it.
  if (G1.isZero(a) || G1.isZero(c) || G2.isZero(b)) return undefined;
  if (!G1.isValid(a) || !G1.isValid(c) || !G2.isValid(b)) return undefined;
  return isInG2(curve, b) ? { a, b, c } : undefined;
}

const integers = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(integers) : BigInt(value as string);

function randomCoefficient(): bigint {
  for (;;) {
    const bytes = crypto.getRandomValues(new Uint8Array(COEFFICIENT_BYTES));
    const value = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    if (value !== 0n) return value;
  }
}
