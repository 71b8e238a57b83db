/**
 * Lowers `pow.w` of an integer of w bits: square and multiply modulo 2^w. Uniqueness: docs/proofs/lowering-arithmetic.md.
 *
 * Up to 64 bits a step is acc^2 * f with f = x or 1. It is reduced only before it would grow too large for a reduction:
 * acc = h * 2^w + l with advice h. 128 bits: each product is reduced as `mul.w` does.
 * The exponent is taken in bits. More than w - 1 bits become w - 2 and a bit f that is 1 if a higher one is.
 */
import { INTEGER_WIDTH, type IntegerType, isSignedType } from '../../../values/types.ts';
import type { Builder } from '../../builder.ts';
import { assertType } from '../../invariant.ts';
import type { Wire } from '../../wire.ts';
import { amountBits } from '../shift/shift-amount.ts';
import { split, wrappingMul } from './wrapping.ts';
import { reduceSigned } from './wrapping-signed.ts';

/** Bits that h may have. */
function mostHigh(type: IntegerType): number {
  return isSignedType(type) ? 126 : 128;
}

/** acc modulo 2^w, for |acc| <= 2^(w + mostHigh). */
function reduce(builder: Builder, acc: Wire, type: IntegerType): Wire {
  if (isSignedType(type))
    return reduceSigned(builder, acc, type, (high) => assertType(builder, high, 'i128'));
  return split(builder, acc, INTEGER_WIDTH[type], (high) => builder.range(high, 128)).low;
}

/** As `pow`: the factors of the steps, the highest bit first; undefined: 1. */
function squareAndMultiply(
  builder: Builder,
  type: IntegerType,
  [first, ...steps]: readonly (Wire | undefined)[],
): Wire {
  const width = INTEGER_WIDTH[type];
  if (width === 128) {
    return steps.reduce((acc: Wire, factor) => {
      const square = wrappingMul(builder, acc, acc, type);
      return factor === undefined ? square : wrappingMul(builder, square, factor, type);
    }, first!);
  }
  const own = isSignedType(type) ? width - 1 : width;
  const most = width + mostHigh(type);
  let acc = first!;
  let bits = own;
  for (const factor of steps) {
    const share = factor === undefined ? 0 : own;
    // A step from a reduced value always fits: 3 * own <= most.
    if (2 * bits + share > most) {
      acc = reduce(builder, acc, type);
      bits = own;
    }
    const square = builder.mul(acc, acc);
    acc = factor === undefined ? square : builder.mul(square, factor);
    bits = 2 * bits + share;
  }
  return bits > own ? reduce(builder, acc, type) : acc;
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

/** x^e modulo 2^w; `by`: bits of the exponent's type. */
export function wrappedPower(builder: Builder, x: Wire, e: Wire, type: IntegerType, by: 8 | 16 | 32): Wire {
  if (e.kind === 'constant') return powerBy(builder, x, e.value, type);
  if (x.kind === 'constant' && x.value <= 1n) {
    return x.value === 1n ? x : builder.equal(e, builder.constant(0n));
  }
  const counting = INTEGER_WIDTH[type] - 2;
  const shortened = by > counting + 1;
  const { bits, high } = amountBits(builder, e, by, shortened ? counting : by, {
    high: shortened,
    complement: false,
  });
  const all = high === undefined ? bits : [builder.not(builder.equal(high, builder.constant(0n))), ...bits];
  const one = builder.constant(1n);
  return squareAndMultiply(
    builder,
    type,
    all.map((bit) => builder.select(bit, x, one)),
  );
}
