/**
 * Lowers `mul square`. Uniqueness: docs/proofs/lowering-arithmetic.md.
 *
 * Up to 64 bits one range check decides. A product of 128-bit integers may wrap around r. So the prover names the smaller
 * factor (advice s, a boolean), and this factor is checked to be below 2^64. The product is then the true one, for either s.
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

/** Returns whether |x| < 2^64 is known. */
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
