import { SUBGROUP_ORDER } from '../constants.ts';
import { type Field, fieldAdd, fieldInv, fieldMul, fieldSub, toField } from '../field.ts';

/**
 * Multiples of a subgroup point from its x alone, without decompression: a Montgomery ladder on P + (1/sqrt(a), 0), whose y is
 * -sqrt(a) x(P). Why it is right: docs/proofs/x-ladder.md. The reference for the code that wallets scan with.
 */

/** A square root of the curve's a = 168700; either one serves. */
export const ROOT_OF_A = 7214280148105020021932206872019688659210616427216992810330019057549499971851n;

/** (A + 2) / 4 = a / 4 for the Montgomery form v^2 = u^3 + A u^2 + u. */
export const QUARTER_OF_A = 42175n;

/** Bits of a ladder scalar, and steps of the ladder. */
export const LADDER_BITS = 253;

/**
 * The scalar that equals `scalar` modulo l and 1 modulo 4, below 2^LADDER_BITS; l is 1 modulo 4.
 * @param scalar 0 <= scalar < l. No branch depends on it.
 */
export function ladderScalar(scalar: bigint): bigint {
  return scalar + ((1n - scalar) & 3n) * SUBGROUP_ORDER;
}

/**
 * x(scalar * P) for the point P of the prime-order subgroup with this x; for any other x some field element.
 * @param scalar of `ladderScalar`
 */
export function multiplyX(x: Field, scalar: bigint): Field {
  const root = fieldMul(ROOT_OF_A, x);
  const base = fieldMul(toField(1n - root), inverseOrOne(toField(1n + root)));
  // m Q and (m + 1) Q for the leading bits m of the scalar; the first is the neutral element.
  let [x0, z0, x1, z1] = [1n, 0n, base, 1n];
  for (let bit = LADDER_BITS - 1; bit >= 0; bit--) {
    const set = ((scalar >> BigInt(bit)) & 1n) === 1n;
    if (set) [x0, z0, x1, z1] = [x1, z1, x0, z0];
    const [sum0, difference0] = [fieldAdd(x0, z0), fieldSub(x0, z0)];
    const [sum1, difference1] = [fieldAdd(x1, z1), fieldSub(x1, z1)];
    const [left, right] = [fieldMul(difference0, sum1), fieldMul(sum0, difference1)];
    const [square, other] = [fieldMul(sum0, sum0), fieldMul(difference0, difference0)];
    const four = fieldSub(square, other);
    x1 = fieldMul(fieldAdd(left, right), fieldAdd(left, right));
    z1 = fieldMul(base, fieldMul(fieldSub(left, right), fieldSub(left, right)));
    x0 = fieldMul(square, other);
    z0 = fieldMul(four, fieldAdd(other, fieldMul(QUARTER_OF_A, four)));
    if (set) [x0, z0, x1, z1] = [x1, z1, x0, z0];
  }
  return fieldMul(fieldSub(z0, x0), inverseOrOne(fieldMul(ROOT_OF_A, fieldAdd(x0, z0))));
}

/** 0 becomes 1: it is the divisor only for an x that names no point of the subgroup. */
function inverseOrOne(divisor: Field): Field {
  return divisor === 0n ? 1n : fieldInv(divisor);
}
