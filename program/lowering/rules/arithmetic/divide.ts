/**
 * Lowers `div rem mod div.w rem.w` of unsigned integers and `div inv` of field elements. Signed integers: divide-signed.ts.
 * Uniqueness: docs/proofs/lowering-arithmetic.md.
 *
 * Integers x / y of w bits: advice q, m with q < 2^w, m < 2^w, q*y + m = x and m < y. For u128 min(q, y) < 2^64 as well.
 * Field: advice i with y*i = 1. (q with q*y = x would leave q free for 0/0.)
 */
import type { WideWidth } from '../../../../avm/function.ts';
import { isSignedType } from '../../../values/types.ts';
import { AlwaysHalts, type Builder } from '../../builder.ts';
import { type LoweringRule, onLiterals } from '../../rule.ts';
import { constants, isConstant, type Wire } from '../../wire.ts';
import { signedQuotient, signedRemainder } from './divide-signed.ts';
import { assertNoWrap } from './multiply.ts';

function divide(builder: Builder, x: Wire, y: Wire, width: WideWidth): { quotient: Wire; remainder: Wire } {
  if (isConstant(y, 0n)) throw new AlwaysHalts('division by zero');
  if (isConstant(y, 1n)) return { quotient: x, remainder: builder.constant(0n) };
  const quotient = builder.advice('quotient', [x, y]);
  const remainder = builder.advice('remainder', [x, y]);
  if (constants([x, y]) !== undefined) return { quotient, remainder };
  builder.range(quotient, width);
  builder.range(remainder, width);
  assertNoWrap(builder, quotient, y, width);
  builder.assertEqual(builder.mulAdd(quotient, y, remainder), x);
  builder.assertZero(builder.gte(remainder, y, width));
  return { quotient, remainder };
}

function inverse(builder: Builder, x: Wire): Wire {
  if (isConstant(x, 0n)) throw new AlwaysHalts('zero has no inverse');
  const result = builder.advice('inverse', [x]);
  if (x.kind !== 'constant') builder.assertEqual(builder.mul(x, result), builder.constant(1n));
  return result;
}

const quotient = (wraps: boolean): LoweringRule =>
  onLiterals((builder, [x, y], width, [type]) => {
    if (isSignedType(type)) return signedQuotient(builder, x, y, type, wraps);
    return width === undefined ? builder.mul(x, inverse(builder, y)) : divide(builder, x, y, width).quotient;
  });

const remainder = (wraps: boolean): LoweringRule =>
  onLiterals((builder, [x, y], width, [type]) => {
    if (isSignedType(type)) return signedRemainder(builder, x, y, type, wraps);
    return divide(builder, x, y, width!).remainder;
  });

export const DIVIDE: Readonly<Record<string, LoweringRule>> = {
  div: quotient(false),
  'div.w': quotient(true),
  rem: remainder(false),
  'rem.w': remainder(true),
  mod: remainder(false),
  inv: onLiterals((builder, [x]) => inverse(builder, x)),
};
