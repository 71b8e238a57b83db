/**
 * Lowers `sqrt` and `pow` of field elements. Uniqueness: docs/proofs/lowering-field-and-logic.md.
 *
 * sqrt: advice q with q * q = x and q <= (r-1)/2 (split-field.ts).
 * pow: square and multiply. An exponent that is known when compiling needs no advice. For one below 2^32, such as the cast
 * of a u8, the bits are advice, and each chooses between x and 1. Any other has 254 bits: more rows than any circuit has.
 */
import { FIELD_MODULUS } from '../../../../protocol/constants.ts';
import { fieldPow, fieldSqrt } from '../../../../protocol/field.ts';
import { AlwaysHalts, type Builder } from '../../builder.ts';
import { type LoweringRule, onLiterals } from '../../rule.ts';
import { Unsupported } from '../../unsupported.ts';
import type { Wire } from '../../wire.ts';
import { wideWidth } from '../cast/narrow-range.ts';
import { splitBelow } from '../cast/split-field.ts';
import { amountBits } from '../shift/shift-amount.ts';

/** The root of x that is at most (r-1)/2; that there is one becomes a condition. */
export function lesserRoot(builder: Builder, x: Wire): Wire {
  if (x.kind === 'constant') {
    const root = fieldSqrt(x.value);
    if (root === undefined) throw new AlwaysHalts(`${x.value}field has no square root`);
    return builder.constant(root);
  }
  const root = builder.advice('root', [x]);
  builder.assertEqual(builder.mul(root, root), x);
  splitBelow(builder, root, (FIELD_MODULUS + 1n) / 2n);
  return root;
}

/** Most bits of an exponent that is not known when compiling. */
const EXPONENT_BITS = 32;

/** x^e for e < 2^k. */
function powBits(builder: Builder, x: Wire, e: Wire, k: number): Wire {
  const { bits } = amountBits(builder, e, wideWidth(k), k, { high: false, complement: false });
  const one = builder.constant(1n);
  return bits
    .map((bit) => builder.select(bit, x, one))
    .reduce((power, factor) => builder.mul(builder.mul(power, power), factor));
}

function pow(builder: Builder, x: Wire, exponent: Wire): Wire {
  if (exponent.kind !== 'constant') {
    const bits = builder.bitsOf(exponent);
    if (bits <= EXPONENT_BITS) return powBits(builder, x, exponent, bits);
    throw new Unsupported(
      'a power of field elements by an exponent that may have any value takes over 1000 rows',
      'write the exponent as a literal, or cast it from u8, u16 or u32',
    );
  }
  const { value } = exponent;
  if (x.kind === 'constant') return builder.constant(fieldPow(x.value, value));
  if (value === 0n) return builder.constant(1n);
  const [, ...bits] = value.toString(2);
  return bits.reduce<Wire>((power, bit) => {
    const square = builder.mul(power, power);
    return bit === '1' ? builder.mul(square, x) : square;
  }, x);
}

export const FIELD_SQRT: LoweringRule = onLiterals((builder, [x]) => lesserRoot(builder, x));
export const FIELD_POW: LoweringRule = onLiterals((builder, [x, y]) => pow(builder, x, y));
