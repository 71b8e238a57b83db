/**
 * `add sub double neg`. No advice: the sum or difference of values below 2^w lies in (-2^w, 2^(w+1)), far from wrapping, and
 * one range check decides whether it fits.
 */

import type { WideWidth } from '../bytecode/types.ts';
import type { Builder } from './builder.ts';
import { type LoweringRule, onLiterals } from './rule.ts';
import type { Wire } from './wire.ts';

/** Checks an integer result; field elements need none. */
function fit(builder: Builder, result: Wire, width: WideWidth | undefined): Wire {
  if (width !== undefined) builder.range(result, width);
  return result;
}

export const ADD_SUB: Readonly<Record<string, LoweringRule>> = {
  add: onLiterals((builder, [x, y], width) => fit(builder, builder.add(x, y), width)),
  sub: onLiterals((builder, [x, y], width) => fit(builder, builder.sub(x, y), width)),
  double: onLiterals((builder, [x]) => builder.mul(x, builder.constant(2n))),
  neg: onLiterals((builder, [x]) => builder.sub(builder.constant(0n), x)),
};
