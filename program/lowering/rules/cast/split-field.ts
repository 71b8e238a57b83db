/**
 * Splits a field element into two limbs, x = high * 2^128 + low, and compares field elements as integers in [0, r).
 * Uniqueness: docs/proofs/lowering-casts.md.
 *
 * split below a bound b <= r: advice high < 2^128; low = x - high * 2^128 < 2^128; the pair, read as an integer, is below b.
 * gte: k = (xl >= yl), then xh - yh + k - 1 >= 0 exactly if x >= y. Adding 2^128 moves it into [0, 2^129); bit 128 of it, an
 * output of a wide slot, is the answer.
 */
import { FIELD_MODULUS } from '../../../../protocol/constants.ts';
import { AlwaysHalts, type Builder } from '../../builder.ts';
import type { Wire } from '../../wire.ts';

const SHIFT = 1n << 128n;

/** The unique limbs of x. */
export function splitField(builder: Builder, x: Wire): { high: Wire; low: Wire } {
  return splitBelow(builder, x, FIELD_MODULUS);
}

/** The limbs of x, and x < bound as a condition. `bound` is at most r, at least 2^128 and no multiple of it. */
export function splitBelow(builder: Builder, x: Wire, bound: bigint): { high: Wire; low: Wire } {
  const high = builder.advice('high128', [x]);
  const low = builder.mulAdd(high, builder.constant(-SHIFT), x);
  if (x.kind === 'constant') {
    if (x.value >= bound) throw new AlwaysHalts(`${x.value} is not below ${bound}`);
    return { high, low };
  }
  builder.range(high, 128);
  builder.range(low, 128);
  const fits = builder.gte(builder.constant((bound % SHIFT) - 1n), low, 128);
  builder.range(builder.add(builder.sub(fits, high), builder.constant(bound / SHIFT - 1n)), 128);
  return { high, low };
}

/** 1 if x >= y as integers in [0, r). */
export function fieldGte(builder: Builder, x: Wire, y: Wire): Wire {
  if (x === y) return builder.constant(1n);
  const a = splitField(builder, x);
  const b = splitField(builder, y);
  const low = builder.gte(a.low, b.low, 128);
  const difference = builder.add(builder.sub(a.high, b.high), low);
  return builder.top(builder.add(difference, builder.constant(SHIFT - 1n)), 128);
}
