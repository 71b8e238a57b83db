/**
 * `add` and comparison of scalars: integers in [0, l), l < r / 7.
 *
 * add: advice boolean q; z = x + y - q*l with z < l (split-field.ts). Uniqueness: x + y - q*l lies in (-l, 2l), so z < l means that it
 * is the integer of [0, l); of q = 0 and q = 1 exactly one gives that.
 *
 * gte: advice boolean s; m = s ? d : -1 - d for d = x - y; advice h; h < 2^128 and m - h * 2^124 < 2^128, so m is the residue of an
 * integer below M = 2^252 + 2^128. Uniqueness: as an integer |d| < l. The wrong s makes m negative, at least -l, so its residue is
 * at least r - l > M. (r = 3.02 * 2^252, l = 0.38 * 2^252.) h reaches nothing else.
 */
import { SUBGROUP_ORDER } from '../../../../protocol/constants.ts';
import type { Builder } from '../../builder.ts';
import { type LoweringRule, onLiterals } from '../../rule.ts';
import type { Wire } from '../../wire.ts';
import { splitBelow } from '../cast/split-field.ts';

/** Bits of numbers that are below l whatever their value. */
const SCALAR_BITS = 250;

/** Makes x < l a condition. */
export function assertScalar(builder: Builder, x: Wire): void {
  if (builder.bitsOf(x) > SCALAR_BITS) splitBelow(builder, x, SUBGROUP_ORDER);
}

function add(builder: Builder, x: Wire, y: Wire): Wire {
  const sum = builder.add(x, y);
  const carry = builder.advice('overOrder', [sum]);
  builder.assertBoolean(carry);
  const result = builder.mulAdd(carry, builder.constant(-SUBGROUP_ORDER), sum);
  assertScalar(builder, result);
  return result;
}

/** 1 if x >= y, for x, y < l. */
export function scalarGte(builder: Builder, x: Wire, y: Wire): Wire {
  if (x === y) return builder.constant(1n);
  const difference = builder.sub(x, y);
  const result = builder.advice('lowHalf', [difference]);
  builder.assertBoolean(result);
  const inverted = builder.sub(builder.constant(-1n), difference);
  const magnitude = builder.select(result, difference, inverted);
  const high = builder.advice('high124', [magnitude]);
  builder.range(high, 128);
  builder.range(builder.mulAdd(high, builder.constant(-(1n << 124n)), magnitude), 128);
  return result;
}

export const SCALAR_ADD: LoweringRule = onLiterals((builder, [x, y]) => add(builder, x, y));
