/**
 * Lowers `add sub double neg`. There is no advice. The sum or difference of two integers of w bits lies in (-2^(w+1),
 * 2^(w+1)), far from wrapping, so one range check decides whether it fits.
 */
import { isSignedType, type LiteralType } from '../../../values/types.ts';
import type { Builder } from '../../builder.ts';
import { assertType } from '../../invariant.ts';
import { type LoweringRule, onLiterals } from '../../rule.ts';
import type { Wire } from '../../wire.ts';
import { negate } from './signed.ts';

/** Checks an integer result; field elements need none. */
function fit(builder: Builder, result: Wire, type: LiteralType): Wire {
  assertType(builder, result, type);
  return result;
}

function neg(builder: Builder, x: Wire, type: LiteralType): Wire {
  return isSignedType(type) ? negate(builder, x, type) : builder.sub(builder.constant(0n), x);
}

export const ADD_SUB: Readonly<Record<string, LoweringRule>> = {
  add: onLiterals((builder, [x, y], _, [type]) => fit(builder, builder.add(x, y), type)),
  sub: onLiterals((builder, [x, y], _, [type]) => fit(builder, builder.sub(x, y), type)),
  double: onLiterals((builder, [x]) => builder.mul(x, builder.constant(2n))),
  neg: onLiterals((builder, [x], _, [type]) => neg(builder, x, type)),
};
