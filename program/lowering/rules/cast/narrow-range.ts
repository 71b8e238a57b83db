/**
 * Checks ranges of any number of bits, although wide slots know six widths only. There is no advice.
 * With the least width W >= n of these: x * 2^(W-n) < 2^W exactly if x < 2^n. The caller must show that the product does not
 * wrap: |x| * 2^(W-n) < r / 2. (docs/proofs/lowering-casts.md)
 */

import type { WideWidth } from '../../../../avm/function.ts';
import { WIDE_WIDTHS } from '../../../../protocol/constants.ts';
import type { Builder } from '../../builder.ts';
import type { Wire } from '../../wire.ts';

/** The least width of a wide slot that holds `bits` bits. */
export function wideWidth(bits: number): WideWidth {
  return WIDE_WIDTHS.find((width) => width >= bits)!;
}

/** 0 <= x < 2^bits, for an integer |x| < 2^(252 - wideWidth(bits) + bits). */
export function assertBits(builder: Builder, x: Wire, bits: number): void {
  const width = wideWidth(bits);
  builder.range(builder.mul(x, builder.constant(1n << BigInt(width - bits))), width);
  builder.noteBits(x, bits);
}

/** -2^(bits-1) <= x < 2^(bits-1), for x as above. */
export function assertSignedBits(builder: Builder, x: Wire, bits: number): void {
  assertBits(builder, builder.add(x, builder.constant(1n << BigInt(bits - 1))), bits);
}
