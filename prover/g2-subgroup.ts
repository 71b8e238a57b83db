/// <reference path="./ffjavascript.d.ts" />
import type { Curve } from 'ffjavascript';
import { FIELD_BYTES } from './keys/bn254-engine.ts';

/** BN254's parameter: q = 36 x^4 + 36 x^3 + 24 x^2 + 6 x + 1. */
export const BN_PARAMETER = 4965661367192848881n;

/** (9 + i)^((q - 1) / 3) and (9 + i)^((q - 1) / 2): the Frobenius map of the untwisted curve, on the twist. */
export const PSI_X = [
  21575463638280843010398324269430826099269044274347216827212613867836435027261n,
  10307601595873709700152284273816112264069230130616436755625194854815875713954n,
] as const;
export const PSI_Y = [
  2821565182194536844548159561693502659359617185244120367078079554186484126554n,
  3505843767911556378687030309984248845540243509899259641013678093033130930403n,
] as const;

const F2_BYTES = 2 * FIELD_BYTES;

/**
 * Returns whether a point of the twist lies in its subgroup of order r, where pairings are defined. With the twisted Frobenius
 * map psi: (x + 1) Q + psi(x Q) + psi^2(x Q) = psi^3(2 x Q), one multiplication by 63 bits. Proof: docs/proofs/g2-subgroup.md.
 * @param point on the twist
 */
export function isInG2(curve: Curve, point: Uint8Array): boolean {
  const { G2 } = curve;
  const times = G2.toJacobian(G2.timesScalar(point, BN_PARAMETER));
  const once = psi(curve, times);
  const twice = psi(curve, once);
  const left = G2.add(G2.add(G2.add(times, point), once), twice);
  return G2.eq(left, psi(curve, G2.double(twice)));
}

/** The twisted Frobenius map on Jacobian coordinates. */
function psi(curve: Curve, point: Uint8Array): Uint8Array {
  const { F1, F2 } = curve;
  const conjugate = (at: number): Uint8Array => {
    const element = point.slice(at, at + F2_BYTES);
    element.set(F1.neg(element.slice(FIELD_BYTES)), FIELD_BYTES);
    return element;
  };
  const result = new Uint8Array(3 * F2_BYTES);
  result.set(F2.mul(conjugate(0), F2.fromObject(PSI_X)), 0);
  result.set(F2.mul(conjugate(F2_BYTES), F2.fromObject(PSI_Y)), F2_BYTES);
  result.set(conjugate(2 * F2_BYTES), 2 * F2_BYTES);
  return result;
}
