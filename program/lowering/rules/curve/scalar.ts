/**
 * Lowers `add` and comparison of scalars: integers in [0, l), l < r / 7. Uniqueness: docs/proofs/lowering-curve.md.
 *
 * add: advice boolean q; z = x + y - q*l with z < l (split-field.ts).
 * gte: advice boolean s and h. m = s ? d : -1 - d for d = x - y; h < 2^128 and m - h * 2^124 < 2^128. The wrong s makes m
 * negative, and its residue is then too large.
 */
import { SUBGROUP_ORDER } from '../../../../protocol/constants.ts';
import type { Builder } from '../../builder.ts';
import { type LoweringRule, onLiterals } from '../../rule.ts';
import type { Wire } from '../../wire.ts';
import { splitBelow } from '../cast/split-field.ts';

/** Bits that hold every number below l. */
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
