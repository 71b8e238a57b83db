/**
 * `sqrt` and `pow` of field elements.
 *
 * sqrt: advice q with q * q = x and q <= (r-1)/2 (split-field.ts). Uniqueness: the roots of x are q and r - q; of two different
 * ones exactly one is at most (r-1)/2; 0 has the root 0 only.
 *
 * pow: square and multiply by an exponent that is known when compiling; no advice. An unknown one would need its 254 bits, each
 * with a row for its value, a square and a product: more than any circuit has.
 */
import { FIELD_MODULUS } from '../../protocol/constants.ts';
import { fieldPow, fieldSqrt } from '../../protocol/field.ts';
import { AlwaysHalts, type Builder } from './builder.ts';
import { type LoweringRule, onLiterals } from './rule.ts';
import { splitBelow } from './split-field.ts';
import { Unsupported } from './unsupported.ts';
import type { Wire } from './wire.ts';

function sqrt(builder: Builder, x: Wire): Wire {
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

function pow(builder: Builder, x: Wire, exponent: Wire): Wire {
  if (exponent.kind !== 'constant') {
    throw new Unsupported(
      'a power of field elements with an exponent that is not known when compiling takes over 500 rows',
      'write the exponent as a literal, or multiply in a closure',
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

export const FIELD_SQRT: LoweringRule = onLiterals((builder, [x]) => sqrt(builder, x));
export const FIELD_POW: LoweringRule = onLiterals((builder, [x, y]) => pow(builder, x, y));
