import { FIELD_MODULUS } from '../constants.ts';
import { type Field, fieldMul, fieldPow, toField } from '../field.ts';

/** 8-torsion generator T on v^2 = s^3 + J s^2 + s, the tangent's slope there, and v of 2T = (1, v). 4T = (0, 0). */
const T_S = 19799329160503878365519859265345525785148473002902384773314932802961476726446n;
const T_V = 17254532040196108728490891380973133526547459744854918265191993098218014369797n;
const T_SLOPE = 5125366436769623165205660392107939355810725029703343239946747673935168202680n;
const DOUBLE_T_V = 14673962723734255200314198873237586429337747973199041533368185129026308523766n;

const EIGHTH = (FIELD_MODULUS - 1n) / 8n;

/**
 * Returns whether a point of Baby Jubjub lies in 8E, the prime-order subgroup. It gives undefined for the few points that
 * this test cannot decide: those of small order and those on the tangents below.
 *
 * E(F) is cyclic of order 8l. So P is in 8E exactly if the reduced Tate pairing of order 8 with T is 1:
 * f(P)^((r-1)/8) = 1, div f = 8(T) - 8(O). By Miller's algorithm f = (l1/(s-1))^4 * (l2/s)^2 * s with the tangents
 * l1 at T and l2 at 2T. Eighth powers do not matter, so every division becomes a multiplication by a power.
 * With s = (1+y)/(1-y), v = s/x no inversion is left. One power replaces a multiplication by l.
 * Source: Koshelev, "Subgroup membership testing on elliptic curves via the Tate pairing", eprint 2022/037.
 */
export function isEightfold(x: Field, y: Field): boolean | undefined {
  const numerator = 1n + y;
  const denominator = toField(1n - y);
  const dx = fieldMul(denominator, x);
  const l1 = toField(numerator - T_V * dx - T_SLOPE * toField(numerator * x - T_S * dx));
  const l2 = toField(numerator * (1n - DOUBLE_T_V * x));
  // (l1^2 l2 dx (2y)^2)^2 n^7 d^5, n = 1 + y, d = 1 - y
  const half = fieldMul(fieldMul(fieldMul(l1, l1), l2), fieldMul(dx, fieldMul(4n * y, y)));
  const n2 = fieldMul(numerator, numerator);
  const d2 = fieldMul(denominator, denominator);
  const n7 = fieldMul(fieldMul(fieldMul(n2, n2), n2), numerator);
  const value = fieldMul(fieldMul(half, half), fieldMul(n7, fieldMul(fieldMul(d2, d2), denominator)));
  return value === 0n ? undefined : fieldPow(value, EIGHTH) === 1n;
}
