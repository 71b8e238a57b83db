/**
 * `mul square`.
 *
 * Up to 64 bits the product of two integers is below 2^128 in magnitude: one range check decides.
 *
 * u128: x * y may reach 2^256 and wrap around r. If x * y < 2^128, one of the two is below 2^64. The prover says which
 * (advice s, checked to be boolean), and s ? x : y is checked to be below 2^64: then x * y < 2^192 < r is the true product,
 * and one range check decides whether it is below 2^128.
 * i128 likewise: if |x * y| <= 2^127, one of the two lies in [-2^64, 2^64); z = s ? x : y does if z + 2^64 < 2^65, and then
 * |x * y| <= 2^192 < r / 2 is the true product.
 * Uniqueness: s never reaches the result. The result is x * y for either s, and is accepted only if the product taken as
 * integers fits; s may be chosen freely only when both values allow it.
 */

import type { WideWidth } from '../../../../avm/function.ts';
import { integerOf } from '../../../../protocol/field.ts';
import { isSignedType, type LiteralType, SIGNED_WIDTH, type SignedType } from '../../../values/types.ts';
import type { Builder } from '../../builder.ts';
import { assertType } from '../../invariant.ts';
import { type LoweringRule, onLiterals, widthOf } from '../../rule.ts';
import type { Wire } from '../../wire.ts';
import { biased } from './signed.ts';

/** Shows that x * y < 2^192 for x, y < 2^width, which is necessary for x * y < 2^128. */
export function assertNoWrap(builder: Builder, x: Wire, y: Wire, width: WideWidth): void {
  if (width <= 64 || builder.bitsOf(x) <= 64 || builder.bitsOf(y) <= 64) return;
  const choice = builder.advice('below64', [x]);
  builder.assertBoolean(choice);
  builder.range(builder.select(choice, x, y), 64);
}

/** Shows that |x * y| <= 2^192 for |x|, |y| <= 2^width, which is necessary for |x * y| <= 2^127. */
export function assertNoWrapSigned(builder: Builder, x: Wire, y: Wire, width: WideWidth): void {
  if (width <= 64 || isShort(builder, x) || isShort(builder, y)) return;
  const choice = builder.advice('within64', [x]);
  builder.assertBoolean(choice);
  builder.bound(biased(builder, builder.select(choice, x, y), 64), 64);
}

/** Whether |x| < 2^64 is known. */
function isShort(builder: Builder, x: Wire): boolean {
  if (x.kind !== 'constant') return builder.bitsOf(x) <= 64;
  const value = integerOf(x.value);
  return value >> 64n === 0n || value >> 64n === -1n;
}

/** x * y, which must be an integer of the type; y may be a positive integer below 2^width where the type is signed. */
export function multiply(builder: Builder, x: Wire, y: Wire, type: LiteralType): Wire {
  if (isSignedType(type)) return multiplySigned(builder, x, y, type);
  const width = widthOf(type);
  if (width !== undefined) assertNoWrap(builder, x, y, width);
  const product = builder.mul(x, y);
  if (width !== undefined) builder.range(product, width);
  return product;
}

function multiplySigned(builder: Builder, x: Wire, y: Wire, type: SignedType): Wire {
  assertNoWrapSigned(builder, x, y, SIGNED_WIDTH[type]);
  const product = builder.mul(x, y);
  assertType(builder, product, type);
  return product;
}

export const MULTIPLY: Readonly<Record<string, LoweringRule>> = {
  mul: onLiterals((builder, [x, y], _, [type]) => multiply(builder, x, y, type)),
  square: onLiterals((builder, [x]) => builder.mul(x, x)),
};
