/**
 * Decomposes the amount of a shift, or an exponent, into bits. Uniqueness: docs/proofs/lowering-shifts.md.
 *
 * n in [0, 2^m) (its type): advice b_0..b_(k-1), each boolean, and h < 2^m; n = h * 2^k + sum b_i 2^i. Without h the sum
 * must be n, which refuses n >= 2^k. Complement: the advice are 1 - b_i, whose sum is 2^k - 1 - (n - h * 2^k).
 */
import type { WideWidth } from '../../../../avm/function.ts';
import type { Builder } from '../../builder.ts';
import type { Wire } from '../../wire.ts';

export interface AmountBits {
  /** The highest first. */
  readonly bits: readonly Wire[];
  /** floor(n / 2^k), if it was asked for. */
  readonly high?: Wire;
}

/**
 * The k low bits of n, or their complements.
 * @param high whether n may have more bits; if not, such n have no proof
 */
export function amountBits(
  builder: Builder,
  n: Wire,
  width: WideWidth,
  k: number,
  { high, complement }: { readonly high: boolean; readonly complement: boolean },
): AmountBits {
  const bits = Array.from({ length: k }, (_, i) => {
    const bit = builder.advice(complement ? `nobit${k - 1 - i}` : `bit${k - 1 - i}`, [n]);
    builder.assertBoolean(bit);
    return bit;
  });
  const [first, ...rest] = bits;
  const sum = rest.reduce((all, bit) => builder.mulAdd(all, builder.constant(2n), bit), first);
  const rounds = high && width > k;
  const above = rounds ? builder.advice(`high${k}`, [n]) : builder.constant(0n);
  if (rounds) builder.range(above, width);
  const low = builder.mulAdd(above, builder.constant(-(1n << BigInt(k))), n);
  if (complement) builder.assertEqual(builder.add(sum, low), builder.constant((1n << BigInt(k)) - 1n));
  else builder.assertEqual(sum, low);
  return rounds ? { bits, high: above } : { bits };
}

/** 2^(sum b_i 2^i), by squaring: p becomes p^2 or 2 p^2. No advice. */
export function powerOfTwo(builder: Builder, [first, ...rest]: readonly Wire[]): Wire {
  const power = rest.reduce(
    (all, bit) => {
      const square = builder.mul(all, all);
      return builder.mulAdd(bit, square, square);
    },
    builder.add(first, builder.constant(1n)),
  );
  return builder.noteBits(power, 1 << (rest.length + 1));
}
