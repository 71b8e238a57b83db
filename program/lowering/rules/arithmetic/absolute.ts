/**
 * `abs abs.w` of signed integers: x times its sign. No advice. Only the least value has no absolute value in its type: `abs`
 * halts there, `abs.w` gives it back (2^(w-1) - 2^w).
 */
import { SIGNED_WIDTH, type SignedType } from '../../../values/types.ts';
import type { Builder } from '../../builder.ts';
import { type LoweringRule, onLiterals } from '../../rule.ts';
import type { Wire } from '../../wire.ts';
import { absolute, isLeast, known } from './signed.ts';

function abs(builder: Builder, x: Wire, type: SignedType): Wire {
  builder.assertZero(isLeast(builder, x, SIGNED_WIDTH[type]));
  return known(builder, absolute(builder, x, SIGNED_WIDTH[type]), type);
}

function absWrapped(builder: Builder, x: Wire, type: SignedType): Wire {
  const width = SIGNED_WIDTH[type];
  const wrapped = builder.constant(-(1n << BigInt(width)));
  const result = builder.mulAdd(isLeast(builder, x, width), wrapped, absolute(builder, x, width));
  return known(builder, result, type);
}

export const ABSOLUTE: Readonly<Record<string, LoweringRule>> = {
  abs: onLiterals((builder, [x], _, [type]) => abs(builder, x, type as SignedType)),
  'abs.w': onLiterals((builder, [x], _, [type]) => absWrapped(builder, x, type as SignedType)),
};
