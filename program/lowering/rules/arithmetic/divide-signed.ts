/**
 * Lowers `div rem div.w rem.w` of signed integers, rounded towards zero. Uniqueness: docs/proofs/lowering-arithmetic.md.
 *
 * x / y of w bits: advice q, m. With s = 1 for x >= 0, else -1: q*y + m = x, 0 <= s*m < 2^w and s*m < |y|.
 * Where an overflow halts, q lies in [-2^(w-1), 2^(w-1)); where it wraps, in [-2^(w-1), 3 * 2^(w-1)).
 * The only quotient that does not fit is 2^(w-1), of the least value by -1.
 */

import type { WideWidth } from '../../../../avm/function.ts';
import { integerOf } from '../../../../protocol/field.ts';
import { SIGNED_WIDTH, type SignedType } from '../../../values/types.ts';
import { AlwaysHalts, type Builder } from '../../builder.ts';
import { assertType } from '../../invariant.ts';
import { isConstant, type Wire } from '../../wire.ts';
import { assertNoWrapSigned } from './multiply.ts';
import { absolute, known, signOf } from './signed.ts';

/**
 * The two advice values with all conditions but the range of the quotient, which is the caller's.
 * @throws AlwaysHalts for y = 0
 */
function divide(builder: Builder, x: Wire, y: Wire, width: WideWidth): { quotient: Wire; remainder: Wire } {
  if (isConstant(y, 0n)) throw new AlwaysHalts('division by zero');
  const quotient = builder.advice('signedQuotient', [x, y]);
  const remainder = builder.advice('signedRemainder', [x, y]);
  assertNoWrapSigned(builder, quotient, y, width);
  builder.assertEqual(builder.mulAdd(quotient, y, remainder), x);
  const magnitude = builder.mul(remainder, signOf(builder, x, width));
  builder.range(magnitude, width);
  builder.assertZero(builder.gte(magnitude, absolute(builder, y, width), width));
  return { quotient, remainder };
}

/** q + 2^(w-1) */
function shifted(builder: Builder, quotient: Wire, width: WideWidth): Wire {
  return builder.add(quotient, builder.constant(1n << BigInt(width - 1)));
}

/** Returns whether a quotient by y can be 2^(w-1). */
function mayOverflow(y: Wire): boolean {
  return y.kind !== 'constant' || integerOf(y.value) === -1n;
}

/** `div`, or `div.w` if `wraps`. @throws AlwaysHalts for y = 0 */
export function signedQuotient(builder: Builder, x: Wire, y: Wire, type: SignedType, wraps: boolean): Wire {
  if (isConstant(y, 1n)) return x;
  const width = SIGNED_WIDTH[type];
  const { quotient } = divide(builder, x, y, width);
  if (!wraps || !mayOverflow(y)) {
    assertType(builder, quotient, type);
    return quotient;
  }
  const over = builder.top(shifted(builder, quotient, width), width);
  const result = builder.mulAdd(over, builder.constant(-(1n << BigInt(width))), quotient);
  return known(builder, result, type);
}

/** `rem`, or `rem.w` if `wraps`. @throws AlwaysHalts for y = 0 */
export function signedRemainder(builder: Builder, x: Wire, y: Wire, type: SignedType, wraps: boolean): Wire {
  if (isConstant(y, 1n)) return builder.constant(0n);
  const width = SIGNED_WIDTH[type];
  const { quotient, remainder } = divide(builder, x, y, width);
  if (wraps && mayOverflow(y)) builder.bound(shifted(builder, quotient, width), width);
  else assertType(builder, quotient, type);
  return known(builder, remainder, type);
}
