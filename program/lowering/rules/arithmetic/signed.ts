/**
 * Signed integers as field elements: x in [-2^(w-1), 2^(w-1)) modulo r. No advice anywhere here.
 *
 * Sign: x + 2^w lies in [0, 2^(w+1)); its bit w, an output of a wide slot, is 1 exactly if x >= 0.
 */

import type { WideWidth } from '../../../../avm/function.ts';
import { integerOf } from '../../../../protocol/field.ts';
import { SIGNED_WIDTH, type SignedType } from '../../../values/types.ts';
import type { Builder } from '../../builder.ts';
import { trustType } from '../../invariant.ts';
import { constants, type Wire } from '../../wire.ts';

/** x + 2^w: in [0, 2^(w+1)) for |x| <= 2^w, with the low w bits of x in two's complement. */
export function biased(builder: Builder, x: Wire, width: WideWidth): Wire {
  return builder.add(x, builder.constant(1n << BigInt(width)));
}

/** 1 if x >= 0, else 0. */
export function nonNegative(builder: Builder, x: Wire, width: WideWidth): Wire {
  return builder.top(biased(builder, x, width), width);
}

/** 1 if x >= 0, else -1. */
export function signOf(builder: Builder, x: Wire, width: WideWidth): Wire {
  return builder.mulAdd(nonNegative(builder, x, width), builder.constant(2n), builder.constant(-1n));
}

/** |x|, at most 2^(w-1). */
export function absolute(builder: Builder, x: Wire, width: WideWidth): Wire {
  return builder.noteBits(builder.mul(x, signOf(builder, x, width)), width);
}

/** 1 if x >= y. Because x - y lies in (-2^w, 2^w), it is bit w of x - y + 2^w, as for unsigned integers. */
export function signedGte(builder: Builder, x: Wire, y: Wire, width: WideWidth): Wire {
  const values = constants([x, y])?.map(integerOf);
  if (values !== undefined) return builder.constant(values[0] >= values[1] ? 1n : 0n);
  const half = 1n << BigInt(width - 1);
  const least = y.kind === 'constant' && integerOf(y.value) === -half;
  const most = x.kind === 'constant' && x.value === half - 1n;
  if (x === y || least || most) return builder.constant(1n);
  return builder.compare(x, y, width);
}

/** 1 if x is the least value of its type, whose negative does not fit. */
export function isLeast(builder: Builder, x: Wire, width: WideWidth): Wire {
  return builder.equal(x, builder.constant(-(1n << BigInt(width - 1))));
}

/** `neg`: halts for the least value only. */
export function negate(builder: Builder, x: Wire, type: SignedType): Wire {
  builder.assertZero(isLeast(builder, x, SIGNED_WIDTH[type]));
  return known(builder, builder.sub(builder.constant(0n), x), type);
}

/** Notes that x is a value of the type by construction. */
export function known(builder: Builder, x: Wire, type: SignedType): Wire {
  trustType(builder, x, type);
  return x;
}
