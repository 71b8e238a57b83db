/// <reference path="../ffjavascript.d.ts" />
/** What must hold of a proving key from somebody else so that proofs made with it give nothing away. Isomorphic. */
import type { Curve } from 'ffjavascript';
import { AzaleaError } from '../../protocol/errors.ts';
import type { VerificationKey } from '../keys/verification-key.ts';
import type { ProvingKey } from './proving-key.ts';

/**
 * Requires that delta1 and delta2 of a proving key are those of the verification key. With them A = ... + r*delta1 and
 * B = ... + s*delta2 are uniformly random for fresh r and s, and in a proof that verifies C follows from A and B: whatever
 * else is wrong with the key, such a proof is independent of the witness. With other deltas (the point at infinity, say) a
 * proof may still verify, and be a function of the witness.
 * @param verificationKey the one that L1 verifies with
 * @throws KEY_NOT_BLINDING
 */
export async function assertBlinding(
  curve: Curve,
  provingKey: Pick<ProvingKey, 'delta1' | 'delta2'>,
  verificationKey: Pick<VerificationKey, 'vk_delta_2'>,
): Promise<void> {
  const { G1, G2 } = curve;
  const delta1 = G1.fromObject(G1.toObject(provingKey.delta1));
  const delta2 = G2.fromObject(G2.toObject(provingKey.delta2));
  const expected = G2.fromObject(verificationKey.vk_delta_2.map((pair) => pair.map(BigInt)));
  const sameDelta2 = !G2.isZero(delta2) && G2.isValid(delta2) && G2.isZero(G2.add(delta2, G2.neg(expected)));
  const sound =
    sameDelta2 &&
    !G1.isZero(delta1) &&
    G1.isValid(delta1) &&
    // e(delta1, g2) = e(g1, delta2)
    (await curve.pairingEq(G1.neg(delta1), G2.g, G1.g, delta2));
  if (sound) return;
  throw new AzaleaError(
    'KEY_NOT_BLINDING',
    "the proving key's delta is not the verification key's: proofs made with it could give secrets away; fetch it from another sequencer",
  );
}
