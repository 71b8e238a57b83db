/**
 * Lowers `lt lte gt gte`. Integers need no advice: bit w of x - y + 2^w says whether x >= y (signed ones: signed.ts). Field
 * elements: split-field.ts; scalars: scalar.ts.
 */
import { isSignedType, type LiteralType, SIGNED_WIDTH } from '../../../values/types.ts';
import type { Builder } from '../../builder.ts';
import { type LoweringRule, onLiterals, widthOf } from '../../rule.ts';
import type { Wire } from '../../wire.ts';
import { signedGte } from '../arithmetic/signed.ts';
import { fieldGte } from '../cast/split-field.ts';
import { scalarGte } from '../curve/scalar.ts';

function gte(builder: Builder, x: Wire, y: Wire, type: LiteralType): Wire {
  if (isSignedType(type)) return signedGte(builder, x, y, SIGNED_WIDTH[type]);
  if (type === 'scalar') return scalarGte(builder, x, y);
  const width = widthOf(type);
  return width === undefined ? fieldGte(builder, x, y) : builder.gte(x, y, width);
}

export const COMPARE: Readonly<Record<string, LoweringRule>> = {
  gte: onLiterals((builder, [x, y], _, [type]) => gte(builder, x, y, type)),
  lte: onLiterals((builder, [x, y], _, [type]) => gte(builder, y, x, type)),
  lt: onLiterals((builder, [x, y], _, [type]) => builder.not(gte(builder, x, y, type))),
  gt: onLiterals((builder, [x, y], _, [type]) => builder.not(gte(builder, y, x, type))),
};
