/// <reference path="./ffjavascript.d.ts" />
/** Verifies single Groth16 proofs off chain. Isomorphic; single-threaded WebAssembly. */
import { buildBn128, type Curve } from 'ffjavascript';
import { FIELD_MODULUS } from '../protocol/constants.ts';
import { AzaleaError } from '../protocol/errors.ts';
import { FIELD_BYTES, scalarToBytes } from './keys/bn254-engine.ts';
import type { VerificationKey } from './keys/verification-key.ts';
import { decodeProof } from './proof.ts';

let curvePromise: Promise<Curve> | undefined;

interface PreparedKey {
  readonly alpha1: Uint8Array;
  readonly beta2: Uint8Array;
  readonly gamma2: Uint8Array;
  readonly delta2: Uint8Array;
  readonly ic: readonly Uint8Array[];
}

const prepared = new WeakMap<VerificationKey, PreparedKey>();

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
  if (signals.length !== key.nPublic || signals.some((signal) => signal < 0n || signal >= FIELD_MODULUS))
    return false;
  const curve = await (curvePromise ??= buildBn128(true));
  const { G1, G2 } = curve;
  let points: ReturnType<typeof decodeProof>;
  try {
    points = decodeProof(proof);
  } catch (error) {
    if (error instanceof AzaleaError) return false;
    throw error;
  }
  const big = (value: unknown): unknown => (Array.isArray(value) ? value.map(big) : BigInt(value as string));
  const g1 = (point: unknown): Uint8Array => G1.fromObject(big(point) as unknown[]);
  const g2 = (point: unknown): Uint8Array => G2.fromObject(big(point) as unknown[]);
  const a = g1(points.pi_a);
  const b = g2(points.pi_b);
  const c = g1(points.pi_c);
  // Infinity, (0, 0), passes ffjavascript's isValid; an honest proof never has it.
  if (G1.isZero(a) || G1.isZero(c) || G2.isZero(b)) return false;
  if (!G1.isValid(a) || !G1.isValid(c) || !G2.isValid(b)) return false;
  if (!G2.isZero(G2.timesScalar(b, FIELD_MODULUS))) return false;

  if (!prepared.has(key)) {
    prepared.set(key, {
      alpha1: g1(key.vk_alpha_1),
      beta2: g2(key.vk_beta_2),
      gamma2: g2(key.vk_gamma_2),
      delta2: g2(key.vk_delta_2),
      ic: key.IC.map(g1),
    });
  }
  const { alpha1, beta2, gamma2, delta2, ic } = prepared.get(key)!;
  const bases = new Uint8Array(signals.length * 2 * FIELD_BYTES);
  const scalars = new Uint8Array(signals.length * FIELD_BYTES);
  signals.forEach((signal, index) => {
    bases.set(G1.toAffine(ic[index + 1]!), index * 2 * FIELD_BYTES);
    scalars.set(scalarToBytes(signal), index * FIELD_BYTES);
  });
  const sum = G1.add(await G1.multiExpAffine(bases, scalars), ic[0]!);
  // pairingEq multiplies the pairs; the negated alpha moves e(alpha, beta) to the other side.
  return curve.pairingEq(G1.neg(a), b, sum, gamma2, c, delta2, alpha1, beta2);
}
