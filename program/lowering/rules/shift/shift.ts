/**
 * Lowers `shl shr shl.w shr.w` of w-bit integers by n. The amount is decomposed (shift-amount.ts), so n < w, or n is taken
 * modulo w. Constants: shift-constant.ts. Uniqueness: docs/proofs/lowering-shifts.md.
 *
 * shl: x * 2^n as `mul` checks a product.
 * shl.w up to 64 bits: x * 2^n modulo 2^w as `mul.w` reduces a product.
 * shr up to 64 bits: p = x * 2^(w-n) = q * 2^w + m with advice q in the range of the type and m in [0, 2^w).
 * 128 bits: p would wrap around r. So the highest bit of n is applied first, as a shift by 64 or none, then the other six.
 */

import type { AdviceKind } from '../../../../avm/advice.ts';
import type { WideWidth } from '../../../../avm/function.ts';
import {
  INTEGER_WIDTH,
  type IntegerType,
  isSignedType,
  type LiteralType,
  UNSIGNED_WIDTH,
} from '../../../values/types.ts';
import type { Builder } from '../../builder.ts';
import { assertType } from '../../invariant.ts';
import { type LoweringRule, onLiterals } from '../../rule.ts';
import type { Wire } from '../../wire.ts';
import { multiply } from '../arithmetic/multiply.ts';
import { split } from '../arithmetic/wrapping.ts';
import { reduceSigned } from '../arithmetic/wrapping-signed.ts';
import { amountBits, powerOfTwo } from './shift-amount.ts';
import { shiftLeftBy, shiftLeftWrappedBy, shiftRightBy } from './shift-constant.ts';

/** x times 2^width */
function scaled(builder: Builder, x: Wire, width: number): Wire {
  return builder.mul(x, builder.constant(1n << BigInt(width)));
}

/** x - high * 2^width */
function lowPart(builder: Builder, x: Wire, high: Wire, width: number): Wire {
  return builder.mulAdd(high, builder.constant(-(1n << BigInt(width))), x);
}

/** p modulo 2^w, for |p| < 2^(w+63) */
function reduce(builder: Builder, product: Wire, type: IntegerType): Wire {
  const width = INTEGER_WIDTH[type];
  const bits = width === 128 ? 64 : width;
  if (!isSignedType(type)) return split(builder, product, width, (high) => builder.range(high, bits)).low;
  return reduceSigned(builder, product, type, (high) => assertType(builder, high, `i${bits}` as IntegerType));
}

/** x * 2^64 modulo 2^128 */
function leftBy64(builder: Builder, x: Wire, type: IntegerType): Wire {
  if (!isSignedType(type)) {
    return scaled(builder, split(builder, x, 64, (high) => builder.range(high, 64)).low, 64);
  }
  const low = reduceSigned(builder, x, 'i64', (high) => builder.bound(bias63(builder, high), 64));
  return scaled(builder, low, 64);
}

/** x + 2^63 */
function bias63(builder: Builder, x: Wire): Wire {
  return builder.add(x, builder.constant(1n << 63n));
}

/** floor(x / 2^64) of 128 bits */
function rightBy64(builder: Builder, x: Wire, type: IntegerType): Wire {
  const high = builder.advice(isSignedType(type) ? 'floor64' : 'high64', [x]);
  assertType(builder, high, isSignedType(type) ? 'i64' : 'u64');
  builder.range(lowPart(builder, x, high, 64), 64);
  return high;
}

function shiftLeftWrapped(builder: Builder, x: Wire, bits: readonly Wire[], type: IntegerType): Wire {
  if (INTEGER_WIDTH[type] <= 64) {
    return reduce(builder, builder.mul(x, powerOfTwo(builder, bits)), type);
  }
  const [by64, ...rest] = bits;
  const shifted = builder.select(by64, leftBy64(builder, x, type), x);
  return reduce(builder, builder.mul(shifted, powerOfTwo(builder, rest)), type);
}

/** `bits` are the complements of the amount's. */
function shiftRight(builder: Builder, x: Wire, bits: readonly Wire[], type: IntegerType): Wire {
  const large = INTEGER_WIDTH[type] === 128;
  const width: WideWidth = large ? 64 : INTEGER_WIDTH[type];
  const [not64, ...rest] = bits;
  const shifted = large ? builder.select(not64, x, rightBy64(builder, x, type)) : x;
  // 2^(width - n'), twice the power that the complements give for width - 1 - n'.
  const factor = scaled(builder, powerOfTwo(builder, large ? rest : bits), 1);
  const product = builder.mul(shifted, factor);
  const kind: AdviceKind = isSignedType(type) ? `floor${width}` : `high${width}`;
  const quotient = builder.advice(kind, [product]);
  assertType(builder, quotient, type);
  builder.range(lowPart(builder, product, quotient, width), width);
  return quotient;
}

type Shift = (builder: Builder, x: Wire, n: Wire, type: IntegerType, by: WideWidth) => Wire;

const shiftBits = (type: IntegerType): number => Math.log2(INTEGER_WIDTH[type]);

function left(wraps: boolean): Shift {
  return (builder, x, n, type, by) => {
    if (n.kind === 'constant') {
      return (wraps ? shiftLeftWrappedBy : shiftLeftBy)(builder, x, n.value, type);
    }
    const { bits } = amountBits(builder, n, by, shiftBits(type), { high: wraps, complement: false });
    if (wraps) return shiftLeftWrapped(builder, x, bits, type);
    return multiply(builder, x, powerOfTwo(builder, bits), type);
  };
}

function right(wraps: boolean): Shift {
  return (builder, x, n, type, by) => {
    if (n.kind === 'constant') return shiftRightBy(builder, x, n.value, type, wraps);
    const { bits } = amountBits(builder, n, by, shiftBits(type), { high: wraps, complement: true });
    return shiftRight(builder, x, bits, type);
  };
}

function onShift(shift: Shift): LoweringRule {
  return onLiterals((builder, [x, n], _, [type, by]: readonly LiteralType[]) =>
    shift(builder, x, n, type as IntegerType, UNSIGNED_WIDTH[by as 'u8']),
  );
}

export const SHIFT: Readonly<Record<string, LoweringRule>> = {
  shl: onShift(left(false)),
  'shl.w': onShift(left(true)),
  shr: onShift(right(false)),
  'shr.w': onShift(right(true)),
};
