/**
 * `cast`: structs, arrays and records gather leaves; a literal keeps its value or halts. Signed integers go to other kinds of
 * literals as their two's complement (twos-complement.ts). Between integers, and into booleans and scalars, the check is that of
 * the type. The x of a group element is shown to be one (point.ts); an address is one other than 0.
 * No advice but that of scalars and points.
 */
import { G } from '../../../../protocol/curve/point.ts';
import { integerRange } from '../../../values/literal.ts';
import {
  isIntegerType,
  isSignedType,
  type LiteralType,
  literalName,
  SIGNED_WIDTH,
} from '../../../values/types.ts';
import type { Builder } from '../../builder.ts';
import { assertType, trustType } from '../../invariant.ts';
import type { LoweringRule } from '../../rule.ts';
import type { Wire } from '../../wire.ts';
import { notePoint, ordinateOf } from '../curve/point.ts';
import { signedOf, unsignedOf } from './twos-complement.ts';

/** A boolean as another type: `true` is the generator, `false` the identity, which is nobody's address. */
function castBoolean(builder: Builder, x: Wire, to: LiteralType): Wire {
  const generator = builder.constant(G.x);
  if (to === 'address') {
    builder.assertEqual(x, builder.constant(1n));
    return generator;
  }
  if (to === 'group') {
    return notePoint(builder, builder.mul(x, generator), () =>
      builder.select(x, builder.constant(G.y), builder.constant(1n)),
    );
  }
  trustType(builder, x, to);
  return x;
}

/** Returns whether every value of an integer type is one of another. */
function isWithin(from: LiteralType, to: LiteralType): boolean {
  if (!isIntegerType(from) || !isIntegerType(to)) return false;
  const [inner, outer] = [integerRange(from), integerRange(to)];
  return inner.min >= outer.min && inner.max <= outer.max;
}

function castInteger(builder: Builder, x: Wire, from: LiteralType, to: LiteralType): Wire {
  if (isWithin(from, to)) trustType(builder, x, to);
  else assertType(builder, x, to);
  return x;
}

/** Into a point: a group element is one already; an address is one that is not the identity. */
function castPoint(builder: Builder, x: Wire, from: LiteralType, to: LiteralType): Wire {
  if (from !== 'group') ordinateOf(builder, x);
  if (to === 'address') builder.assertZero(builder.equal(x, builder.constant(0n)));
  return x;
}

/** The leaf of a value of type `from` in type `to`, where it fits; that it does becomes a condition. */
export function castLiteral(builder: Builder, x: Wire, from: LiteralType, to: LiteralType): Wire {
  if (from === to) return x;
  if (from === 'boolean') return castBoolean(builder, x, to);
  if (isIntegerType(from) && isIntegerType(to)) return castInteger(builder, x, from, to);
  if (to === 'boolean') {
    builder.assertBoolean(x);
    return x;
  }
  const element = isIntegerType(from) ? unsignedOf(builder, x, from) : x;
  if (to === 'group' || to === 'address') return castPoint(builder, element, from, to);
  if (isSignedType(to)) {
    builder.range(element, SIGNED_WIDTH[to]);
    return signedOf(builder, element, to);
  }
  assertType(builder, element, to);
  return element;
}

export const CAST: Readonly<Record<string, LoweringRule>> = {
  cast: ({ builder, operands, result }) => {
    if (result?.kind !== 'literal') return operands.flatMap(({ leaves }) => leaves);
    return [castLiteral(builder, operands[0].leaves[0], literalName(operands[0].type)!, result.name)];
  },
};
