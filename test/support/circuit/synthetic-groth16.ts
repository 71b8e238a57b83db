/** A Groth16 key whose secrets are known, and proofs under it for any signals: no circuit is needed to make a valid proof. */
import { buildBn128, type Curve } from 'ffjavascript';
import { FIELD_MODULUS } from '../../../protocol/constants.ts';
import { fieldInv } from '../../../protocol/field.ts';
import type { G1Json, G2Json, VerificationKey } from '../../../prover/keys/verification-key.ts';
import { encodeProof } from '../../../prover/proof.ts';

export interface SyntheticKey {
  readonly key: VerificationKey;
  /** A valid proof; another seed gives another one. */
  prove(signals: readonly bigint[], seed: bigint): Uint8Array;
}

/** @param signals number of public signals */
export async function syntheticKey(signals: number, seed = 1n): Promise<SyntheticKey> {
  const curve: Curve = await buildBn128(true);
  const { G1, G2 } = curve;
  const text = (value: unknown): unknown => (Array.isArray(value) ? value.map(text) : String(value));
  const g1 = (scalar: bigint): G1Json =>
    text(G1.toObject(G1.toAffine(G1.timesScalar(G1.g, scalar)))) as G1Json;
  const g2 = (scalar: bigint): G2Json =>
    text(G2.toObject(G2.toAffine(G2.timesScalar(G2.g, scalar)))) as G2Json;
  const mod = (value: bigint): bigint => ((value % FIELD_MODULUS) + FIELD_MODULUS) % FIELD_MODULUS;
  const secret = (index: number): bigint => mod((seed + 7n) ** 40n * BigInt(index + 3) ** 50n);
  const [alpha, beta, gamma, delta] = [secret(0), secret(1), secret(2), secret(3)];
  const ic = Array.from({ length: signals + 1 }, (_, k) => secret(4 + k));
  const key: VerificationKey = {
    protocol: 'groth16',
    curve: 'bn128',
    nPublic: signals,
    vk_alpha_1: g1(alpha),
    vk_beta_2: g2(beta),
    vk_gamma_2: g2(gamma),
    vk_delta_2: g2(delta),
    IC: ic.map(g1),
  };
  return {
    key,
    prove: (values, proofSeed) => {
      const a = mod((proofSeed + 11n) ** 45n);
      const b = mod((proofSeed + 13n) ** 47n);
      const x = values.reduce((sum, value, k) => sum + value * ic[k + 1], ic[0]);
      const c = mod((a * b - alpha * beta - x * gamma) * fieldInv(delta));
      const [pi_a, pi_b, pi_c] = [g1(a), g2(b), g1(c)];
      return encodeProof({ pi_a, pi_b, pi_c, protocol: 'groth16', curve: 'bn128' } as never);
    },
  };
}
