/**
 * Converts signed integers of w bits to the unsigned ones with the same bits, and back; takes low bits of numbers. No
 * advice. Bit w of x + 2^w says whether a signed x is at least 0. Bit w of x + 2^(w-1) says whether an unsigned x has its
 * highest bit. Both are outputs of a wide slot. Low bits are the AND with a mask.
 */
import {
  INTEGER_WIDTH,
  type IntegerType,
  isSignedType,
  SIGNED_WIDTH,
  type SignedType,
} from '../../../values/types.ts';
import type { Builder } from '../../builder.ts';
import type { Wire } from '../../wire.ts';
import { biased, known, nonNegative } from '../arithmetic/signed.ts';
import { wideWidth } from './narrow-range.ts';

/** The number of [0, 2^bits) with the bits of an integer of the type, those above its width repeating its sign. */
export function unsignedOf(
  builder: Builder,
  x: Wire,
  type: IntegerType,
  bits: number = INTEGER_WIDTH[type],
): Wire {
  if (!isSignedType(type)) return x;
  const width = SIGNED_WIDTH[type];
  const size = 1n << BigInt(bits);
  const moved = builder.add(x, builder.constant(size));
  const result = builder.mulAdd(nonNegative(builder, x, width), builder.constant(-size), moved);
  return builder.noteBits(result, bits);
}

/** The signed integer with the bits of x < 2^w. */
export function signedOf(builder: Builder, x: Wire, type: SignedType): Wire {
  const width = SIGNED_WIDTH[type];
  const half = builder.add(x, builder.constant(1n << BigInt(width - 1)));
  const negative = builder.top(half, width);
  return known(builder, builder.mulAdd(negative, builder.constant(-(1n << BigInt(width))), x), type);
}

/** x modulo 2^bits, for x < 2^known. */
export function lowBits(builder: Builder, x: Wire, bits: number, known: number): Wire {
  if (x.kind === 'constant') return builder.constant(BigInt.asUintN(bits, x.value));
  if (bits >= known) return x;
  const mask = builder.constant((1n << BigInt(bits)) - 1n);
  return builder.noteBits(builder.lowAnd(x, mask, wideWidth(known)), bits);
}

/** x modulo 2^bits, for an integer of the type and bits at most its width. */
export function lowBitsOf(builder: Builder, x: Wire, type: IntegerType, bits: number): Wire {
  const width = INTEGER_WIDTH[type];
  if (!isSignedType(type)) return lowBits(builder, x, bits, width);
  if (bits === width) return unsignedOf(builder, x, type);
  const mask = builder.constant((1n << BigInt(bits)) - 1n);
  const lifted = biased(builder, x, SIGNED_WIDTH[type]);
  if (lifted.kind === 'constant') return builder.constant(BigInt.asUintN(bits, lifted.value));
  return builder.noteBits(builder.lowAnd(lifted, mask, SIGNED_WIDTH[type]), bits);
}
