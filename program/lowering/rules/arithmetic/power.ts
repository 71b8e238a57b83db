/**
 * Lowers `pow` of an integer of w bits: square and multiply, from the highest bit of the exponent e down.
 * Proofs of all bounds: docs/proofs/lowering-arithmetic.md.
 *
 * acc = x^p for the bits p so far. A step makes it acc^2, times x if the next bit is 1. Every x^p fits if x^e does, so acc
 * may be checked at any step. It must be checked before it grows beyond the field. A constant exponent needs no advice.
 * Another is taken in bits (shift-amount.ts): log2 w of them, and a bit f that is 1 if a higher one is. A constant base is a
 * product of one factor for each bit of the exponent.
 */
import { integerOf } from '../../../../protocol/field.ts';
import { integerRange } from '../../../values/literal.ts';
import { INTEGER_WIDTH, type IntegerType, isSignedType, UNSIGNED_WIDTH } from '../../../values/types.ts';
import type { Builder } from '../../builder.ts';
import { assertType } from '../../invariant.ts';
import { type LoweringRule, onLiterals } from '../../rule.ts';
import type { Wire } from '../../wire.ts';
import { wideWidth } from '../cast/narrow-range.ts';
import { amountBits, powerOfTwo } from '../shift/shift-amount.ts';
import { wrappedPower } from './power-wrapped.ts';
import { biased } from './signed.ts';

/** Integers below 2^MOST_BITS in magnitude, and sums of few of them, do not wrap around r. */
const MOST_BITS = 250;

/** Bits of the greatest magnitude of a type. */
function magnitudeBits(type: IntegerType): number {
  return isSignedType(type) ? INTEGER_WIDTH[type] - 1 : INTEGER_WIDTH[type];
}

/** Checks |acc| <= 2^W for the least W that s squarings allow; returns it. */
function assertRoot(builder: Builder, acc: Wire, type: IntegerType, squarings: number): number {
  const width = wideWidth(Math.max(8, INTEGER_WIDTH[type] / 2 ** squarings));
  if (isSignedType(type)) builder.bound(biased(builder, acc, width), width);
  else builder.range(acc, width);
  return width;
}

/**
 * x^e for the steps of the exponent's bits, the highest first. Every step multiplies by one of `factors`, x or 1 (undefined:
 * no factor), after a squaring; the first is the start.
 */
function squareAndMultiply(
  builder: Builder,
  type: IntegerType,
  [first, ...steps]: readonly (Wire | undefined)[],
): Wire {
  const own = magnitudeBits(type);
  let acc = first!;
  let bits = own;
  steps.forEach((factor, i) => {
    const share = factor === undefined ? 0 : own;
    if (2 * bits + share > MOST_BITS) {
      const root = assertRoot(builder, acc, type, steps.length - i);
      bits = Math.max(factor === undefined ? 2 * root : 3 * root, own);
    } else {
      bits = 2 * bits + share;
    }
    const square = builder.mul(acc, acc);
    acc = factor === undefined ? square : builder.mul(square, factor);
  });
  assertType(builder, acc, type);
  return acc;
}

function powerBy(builder: Builder, x: Wire, exponent: bigint, type: IntegerType): Wire {
  if (exponent === 0n) return builder.constant(1n);
  const bits = [...exponent.toString(2)];
  return squareAndMultiply(
    builder,
    type,
    bits.map((bit) => (bit === '1' ? x : undefined)),
  );
}

/** c^e for a constant |c| > 1. */
function powerOf(builder: Builder, base: bigint, e: Wire, type: IntegerType, by: 8 | 16 | 32): Wire {
  const { min, max } = integerRange(type);
  const powers: bigint[] = [];
  for (let power = base; power >= min && power <= max; power *= power) powers.unshift(power);
  const { bits } = amountBits(builder, e, by, powers.length, { high: false, complement: false });
  const one = builder.constant(1n);
  const result =
    base === 2n
      ? powerOfTwo(builder, bits)
      : bits
          .map((bit, i) => builder.select(bit, builder.constant(powers[i]), one))
          .reduce((product, factor) => builder.mul(product, factor));
  assertType(builder, result, type);
  return result;
}

function power(builder: Builder, x: Wire, e: Wire, type: IntegerType, by: 8 | 16 | 32): Wire {
  if (e.kind === 'constant') return powerBy(builder, x, e.value, type);
  const base = x.kind === 'constant' ? integerOf(x.value) : 0n;
  if (base === 1n) return x;
  if (base < -1n || base > 1n) return powerOf(builder, base, e, type, by);
  const k = Math.log2(INTEGER_WIDTH[type]);
  const { bits, high } = amountBits(builder, e, by, by <= k + 1 ? by : k, { high: true, complement: false });
  const all = high === undefined ? bits : [builder.not(builder.equal(high, builder.constant(0n))), ...bits];
  const one = builder.constant(1n);
  return squareAndMultiply(
    builder,
    type,
    all.map((bit) => builder.select(bit, x, one)),
  );
}

type Power = (builder: Builder, x: Wire, e: Wire, type: IntegerType, by: 8 | 16 | 32) => Wire;

function onPower(rule: Power): LoweringRule {
  return onLiterals((builder, [x, e], _, [type, by]) =>
    rule(builder, x, e, type as IntegerType, UNSIGNED_WIDTH[by as 'u8' | 'u16' | 'u32']),
  );
}

export const POWER: Readonly<Record<string, LoweringRule>> = {
  pow: onPower(power),
  'pow.w': onPower(wrappedPower),
};
