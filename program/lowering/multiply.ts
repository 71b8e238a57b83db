/**
 * `mul square`.
 *
 * Up to 64 bits the product of two integers is below 2^128: one range check decides.
 *
 * u128: x * y may reach 2^256 and wrap around r. If x * y < 2^128, one of the two is below 2^64. The prover says which
 * (advice s, checked to be boolean), and s ? x : y is checked to be below 2^64: then x * y < 2^192 < r is the true product,
 * and one range check decides whether it is below 2^128.
 * Uniqueness: s never reaches the result. The result is x * y for either s, and is accepted only if the product taken as
 * integers is below 2^128; s may be chosen freely only when both values allow it.
 */

import type { WideWidth } from '../bytecode/types.ts';
import type { Builder } from './builder.ts';
import { type LoweringRule, onLiterals } from './rule.ts';
import type { Wire } from './wire.ts';

/** Shows that x * y < 2^192 for x, y < 2^width, which is necessary for x * y < 2^128. */
export function assertNoWrap(builder: Builder, x: Wire, y: Wire, width: WideWidth): void {
  if (width <= 64 || builder.bitsOf(x) <= 64 || builder.bitsOf(y) <= 64) return;
  const choice = builder.advice('below64', [x]);
  builder.assertBoolean(choice);
  builder.range(builder.select(choice, x, y), 64);
}

function multiply(builder: Builder, x: Wire, y: Wire, width: WideWidth | undefined): Wire {
  if (width !== undefined) assertNoWrap(builder, x, y, width);
  const product = builder.mul(x, y);
  if (width !== undefined) builder.range(product, width);
  return product;
}

export const MULTIPLY: Readonly<Record<string, LoweringRule>> = {
  mul: onLiterals((builder, [x, y], width) => multiply(builder, x, y, width)),
  square: onLiterals((builder, [x]) => builder.mul(x, x)),
};
