/**
 * Lowers shifts of w-bit integers by a constant n. Uniqueness, and why nothing wraps: docs/proofs/lowering-shifts.md.
 *
 * shl: x * 2^n in the range of the type. For 126 and 127 bits the product may wrap: x itself is checked to fit w - n bits.
 * shr: advice q of w - n bits, m = x - q * 2^n of n bits (signed: q signed, m not).
 * shl.w: advice q of n bits, m = x - q * 2^(w-n) of w - n bits; the result is m * 2^n (signed: m signed, q of n + 1 bits).
 */
import { INTEGER_WIDTH, type IntegerType, isSignedType } from '../../../values/types.ts';
import { AlwaysHalts, type Builder } from '../../builder.ts';
import { assertType, trustType } from '../../invariant.ts';
import { constants, type Wire } from '../../wire.ts';
import { assertBits, assertSignedBits, wideWidth } from '../cast/narrow-range.ts';

function power(builder: Builder, bits: number): Wire {
  return builder.constant(1n << BigInt(bits));
}

function belowWidth(n: bigint, type: IntegerType): number {
  if (n < BigInt(INTEGER_WIDTH[type])) return Number(n);
  throw new AlwaysHalts(`${n} is no shift of ${type}, which has ${INTEGER_WIDTH[type]} bits`);
}

function known(builder: Builder, x: Wire, type: IntegerType): Wire {
  trustType(builder, x, type);
  return x;
}

/** `shl`. @throws AlwaysHalts */
export function shiftLeftBy(builder: Builder, x: Wire, amount: bigint, type: IntegerType): Wire {
  const n = belowWidth(amount, type);
  const width = INTEGER_WIDTH[type];
  const result = builder.mul(x, power(builder, n));
  if (width + n <= 253) {
    assertType(builder, result, type);
    return result;
  }
  if (isSignedType(type)) assertSignedBits(builder, x, width - n);
  else assertBits(builder, x, width - n);
  return known(builder, result, type);
}

/** `shl.w` */
export function shiftLeftWrappedBy(builder: Builder, x: Wire, amount: bigint, type: IntegerType): Wire {
  const width = INTEGER_WIDTH[type];
  const n = Number(amount % BigInt(width));
  if (n === 0) return x;
  const { low } = digits(builder, x, width - n, type, true);
  return known(builder, builder.mul(low, power(builder, n)), type);
}

/** `shr`, or `shr.w` if `wraps`. @throws AlwaysHalts */
export function shiftRightBy(
  builder: Builder,
  x: Wire,
  amount: bigint,
  type: IntegerType,
  wraps: boolean,
): Wire {
  const n = wraps ? Number(amount % BigInt(INTEGER_WIDTH[type])) : belowWidth(amount, type);
  if (n === 0) return x;
  return known(builder, digits(builder, x, n, type, false).high, type);
}

/** x = high * 2^at + low; of a signed x one of the digits is signed: `low` if `signedLow`, else `high`. */
function digits(
  builder: Builder,
  x: Wire,
  at: number,
  type: IntegerType,
  signedLow: boolean,
): { high: Wire; low: Wire } {
  const signed = isSignedType(type);
  const above = INTEGER_WIDTH[type] - at;
  const high = builder.advice(!signed ? `high${at}` : signedLow ? `round${at}` : `floor${at}`, [x]);
  const low = builder.mulAdd(high, builder.constant(-(1n << BigInt(at))), x);
  if (constants([x]) !== undefined) return { high, low };
  if (!signed) {
    builder.range(high, wideWidth(above));
    assertBits(builder, low, at);
    builder.noteBits(high, above);
  } else {
    const width = wideWidth(Math.max(8, signedLow ? above + 1 : above));
    builder.range(builder.add(high, power(builder, width - 1)), width);
    if (signedLow) assertSignedBits(builder, low, at);
    else assertBits(builder, low, at);
  }
  return { high, low };
}
