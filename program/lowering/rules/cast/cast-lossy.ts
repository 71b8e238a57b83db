/**
 * Lowers `cast.lossy` and the results of hashes: low bits. For a number of known width they are an AND. For a field element
 * or scalar they are the AND of one of its limbs (split-field.ts), which are unique. Beside the high limb there is no
 * advice. A cast into a point gives the nearest one (nearest-point.ts).
 */
import { HASH_TO_SCALAR_BITS, SUBGROUP_ORDER } from '../../../../protocol/constants.ts';
import {
  INTEGER_WIDTH,
  type IntegerType,
  isIntegerType,
  isSignedType,
  type LiteralType,
  literalName,
} from '../../../values/types.ts';
import type { Builder } from '../../builder.ts';
import type { LoweringRule } from '../../rule.ts';
import type { Wire } from '../../wire.ts';
import { castLiteral } from './cast.ts';
import { nearestPoint } from './nearest-point.ts';
import { splitBelow, splitField } from './split-field.ts';
import { lowBits, lowBitsOf, signedOf, unsignedOf } from './twos-complement.ts';

function lossyInteger(builder: Builder, x: Wire, from: IntegerType, to: IntegerType): Wire {
  const [width, wanted] = [INTEGER_WIDTH[from], INTEGER_WIDTH[to]];
  if (isSignedType(to)) {
    if (wanted > width || (wanted === width && isSignedType(from))) return castLiteral(builder, x, from, to);
    return signedOf(builder, lowBitsOf(builder, x, from, wanted), to);
  }
  return wanted >= width ? unsignedOf(builder, x, from, wanted) : lowBitsOf(builder, x, from, wanted);
}

/** Low bits of a field element, or of a scalar if `from` is one. */
function lossyElement(builder: Builder, x: Wire, from: LiteralType, to: LiteralType): Wire {
  const { high, low } = from === 'scalar' ? splitBelow(builder, x, SUBGROUP_ORDER) : splitField(builder, x);
  if (to === 'scalar') {
    const kept = lowBits(builder, high, HASH_TO_SCALAR_BITS - 128, 128);
    const result = builder.mulAdd(kept, builder.constant(1n << 128n), low);
    return builder.noteBits(result, HASH_TO_SCALAR_BITS);
  }
  const bits = isIntegerType(to) ? INTEGER_WIDTH[to] : 1;
  const kept = lowBits(builder, low, bits, 128);
  if (isSignedType(to)) return signedOf(builder, kept, to);
  return bits === 1 ? builder.markBoolean(kept) : kept;
}

/** A point stays one; anything else becomes one as a field element. An address is no identity, as for `cast`. */
function lossyPoint(builder: Builder, x: Wire, from: LiteralType, to: LiteralType): Wire {
  if (from === 'group' || from === 'address') return castLiteral(builder, x, from, to);
  const element = isIntegerType(from) ? unsignedOf(builder, x, from) : x;
  return castLiteral(builder, nearestPoint(builder, element), 'group', to);
}

/** The leaf of type `to` with the low bits of a value of type `from`. */
export function castLossy(builder: Builder, x: Wire, from: LiteralType, to: LiteralType): Wire {
  if (from === to || from === 'boolean') return castLiteral(builder, x, from, to);
  if (to === 'group' || to === 'address') return lossyPoint(builder, x, from, to);
  if (isIntegerType(from)) {
    if (isIntegerType(to)) return lossyInteger(builder, x, from, to);
    if (to === 'boolean') return builder.markBoolean(lowBitsOf(builder, x, from, 1));
    return castLiteral(builder, x, from, to);
  }
  // The x of a point, a scalar and a field element are the field element.
  return to === 'field' ? x : lossyElement(builder, x, from, to);
}

export const CAST_LOSSY: Readonly<Record<string, LoweringRule>> = {
  'cast.lossy': ({ builder, operands: [{ type, leaves }], result }) => [
    castLossy(builder, leaves[0], literalName(type)!, literalName(result!)!),
  ],
};
