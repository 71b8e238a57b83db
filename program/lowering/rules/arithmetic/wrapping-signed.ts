/**
 * Lowers `add.w sub.w mul.w` of signed integers of w bits. The result is the value of [-2^(w-1), 2^(w-1)) that differs from
 * the true one by a multiple of 2^w. Uniqueness: docs/proofs/lowering-arithmetic.md.
 *
 * add, sub: advice booleans o, u; result = t - o*2^w + u*2^w in range, for the sum or difference t.
 * mul: advice h in [-2^(w-1), 2^(w-1)), result = x*y - h*2^w in range. i128 multiplies limbs of 64 bits.
 */

import type { AdviceKind } from '../../../../avm/advice.ts';
import { SIGNED_WIDTH, type SignedType } from '../../../values/types.ts';
import type { Builder } from '../../builder.ts';
import { assertType } from '../../invariant.ts';
import type { Wire } from '../../wire.ts';
import { biased } from './signed.ts';

function power(builder: Builder, width: number): Wire {
  return builder.constant(1n << BigInt(width));
}

function minusPower(builder: Builder, width: number): Wire {
  return builder.constant(-(1n << BigInt(width)));
}

/** t modulo 2^w for |t| <= 2^w. */
function wrapOnce(builder: Builder, total: Wire, type: SignedType): Wire {
  const width = SIGNED_WIDTH[type];
  const over = builder.advice(`over${width}`, [total]);
  const under = builder.advice(`under${width}`, [total]);
  builder.assertBoolean(over);
  builder.assertBoolean(under);
  const lowered = builder.mulAdd(over, minusPower(builder, width), total);
  const result = builder.mulAdd(under, power(builder, width), lowered);
  assertType(builder, result, type);
  return result;
}

export function signedAdd(builder: Builder, x: Wire, y: Wire, type: SignedType): Wire {
  return wrapOnce(builder, builder.add(x, y), type);
}

export function signedSub(builder: Builder, x: Wire, y: Wire, type: SignedType): Wire {
  return wrapOnce(builder, builder.sub(x, y), type);
}

/**
 * value - h*2^w in the range of the type, for an advice h that `check` bounds; the caller shows that nothing wraps.
 * `check` may assume nothing of h, and must let the honest h = floor(value / 2^w + 1/2) pass.
 */
export function reduceSigned(
  builder: Builder,
  value: Wire,
  type: SignedType,
  check: (high: Wire) => void,
): Wire {
  const width = SIGNED_WIDTH[type];
  const high = builder.advice(`round${width}` as AdviceKind, [value]);
  check(high);
  const result = builder.mulAdd(high, minusPower(builder, width), value);
  assertType(builder, result, type);
  return result;
}

/** x = high * 2^64 + low of an i128, high signed, low not. */
function limbs(builder: Builder, x: Wire): { high: Wire; low: Wire } {
  const high = builder.advice('floor64', [x]);
  assertType(builder, high, 'i64');
  const low = builder.mulAdd(high, minusPower(builder, 64), x);
  builder.range(low, 64);
  return { high, low };
}

export function signedMul(builder: Builder, x: Wire, y: Wire, type: SignedType): Wire {
  if (type !== 'i128') {
    return reduceSigned(builder, builder.mul(x, y), type, (high) => assertType(builder, high, type));
  }
  const { high: xh, low: xl } = limbs(builder, x);
  const { high: yh, low: yl } = limbs(builder, y);
  const cross = builder.mulAdd(xl, yh, builder.mul(xh, yl));
  const sum = builder.mulAdd(cross, power(builder, 64), builder.mul(xl, yl));
  return reduceSigned(builder, sum, type, (high) => builder.bound(biased(builder, high, 64), 64));
}
