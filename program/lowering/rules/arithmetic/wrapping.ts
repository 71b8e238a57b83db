/**
 * Lowers `add.w sub.w mul.w` of unsigned integers of w bits: results modulo 2^w. Signed integers: wrapping-signed.ts.
 * Uniqueness: docs/proofs/lowering-arithmetic.md.
 *
 * add, sub: bit w of x + y, or of x - y + 2^w, is an output of a wide slot, so nothing is free.
 * mul: advice h < 2^w, l = x*y - h*2^w < 2^w. u128 multiplies limbs of 64 bits, so that nothing wraps around r.
 */

import type { AdviceKind } from '../../../../avm/advice.ts';
import type { WideWidth } from '../../../../avm/function.ts';
import { isSignedType, type LiteralType } from '../../../values/types.ts';
import type { Builder } from '../../builder.ts';
import { type LoweringRule, onLiterals, widthOf } from '../../rule.ts';
import { constants, type Wire } from '../../wire.ts';
import { signedAdd, signedMul, signedSub } from './wrapping-signed.ts';

function power(builder: Builder, width: number): Wire {
  return builder.constant(1n << BigInt(width));
}

function minusPower(builder: Builder, width: number): Wire {
  return builder.constant(-(1n << BigInt(width)));
}

function add(builder: Builder, x: Wire, y: Wire, width: WideWidth): Wire {
  const sum = builder.add(x, y);
  return builder.noteBits(builder.mulAdd(builder.top(sum, width), minusPower(builder, width), sum), width);
}

function sub(builder: Builder, x: Wire, y: Wire, width: WideWidth): Wire {
  const borrow = builder.not(builder.gte(x, y, width));
  return builder.noteBits(builder.sub(builder.mulAdd(borrow, power(builder, width), x), y), width);
}

/** x = high * 2^width + low with both checked; `high` may have one bit more if `wide`. */
export function split(
  builder: Builder,
  x: Wire,
  width: WideWidth,
  check: (high: Wire) => void,
): { high: Wire; low: Wire } {
  const high = builder.advice(`high${width}` as AdviceKind, [x]);
  check(high);
  const low = builder.mulAdd(high, minusPower(builder, width), x);
  builder.range(low, width);
  return { high, low };
}

function mul(builder: Builder, x: Wire, y: Wire, width: WideWidth): Wire {
  if (width <= 64) {
    const product = builder.mul(x, y);
    if (builder.bitsOf(product) <= width) return product;
    return split(builder, product, width, (high) => builder.range(high, width)).low;
  }
  const values = constants([x, y]);
  if (values !== undefined) return builder.constant(BigInt.asUintN(128, values[0] * values[1]));
  const limbs = (value: Wire) => split(builder, value, 64, (high) => builder.range(high, 64));
  const { high: xh, low: xl } = limbs(x);
  const { high: yh, low: yl } = limbs(y);
  const cross = builder.mulAdd(xl, yh, builder.mul(xh, yl));
  const sum = builder.mulAdd(cross, power(builder, 64), builder.mul(xl, yl));
  // At width 64 an unchecked half shows x < 2^65.
  return split(builder, sum, 128, (high) => builder.bound(high, 64)).low;
}

/** x * y modulo 2^w. */
export function wrappingMul(builder: Builder, x: Wire, y: Wire, type: LiteralType): Wire {
  return isSignedType(type) ? signedMul(builder, x, y, type) : mul(builder, x, y, widthOf(type)!);
}

export const WRAPPING: Readonly<Record<string, LoweringRule>> = {
  'add.w': onLiterals((builder, [x, y], width, [type]) =>
    isSignedType(type) ? signedAdd(builder, x, y, type) : add(builder, x, y, width!),
  ),
  'sub.w': onLiterals((builder, [x, y], width, [type]) =>
    isSignedType(type) ? signedSub(builder, x, y, type) : sub(builder, x, y, width!),
  ),
  'mul.w': onLiterals((builder, [x, y], _, [type]) => wrappingMul(builder, x, y, type)),
};
