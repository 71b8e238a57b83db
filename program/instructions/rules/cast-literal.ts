/**
 * Casts between literals, as snarkVM: by way of field elements, where a signed integer is its two's complement (`-1i8` is
 * `255field`, and `255field` is `-1i8`). A group element or address is the x coordinate of its point. `cast` keeps the value or
 * halts; `cast.lossy` keeps the low bits, or finds a point. Source: console/program/src/data/literal/{cast,cast_lossy} of snarkVM.
 */
import { HASH_TO_SCALAR_BITS, SUBGROUP_ORDER } from '../../../protocol/constants.ts';
import { elligator2 } from '../../../protocol/curve/hash-to-group.ts';
import { clearCofactor, G, isSubgroupX, subgroupPoint } from '../../../protocol/curve/point.ts';
import { toField } from '../../../protocol/field.ts';
import { isLeafOf } from '../../values/literal.ts';
import {
  INTEGER_WIDTH,
  type IntegerType,
  isIntegerType,
  isSignedType,
  type LiteralType,
} from '../../values/types.ts';
import { numberOf, wrapping } from '../integer.ts';

/** The field element of a leaf: two's complement for signed integers. */
function elementOf(leaf: bigint, type: LiteralType): bigint {
  return isSignedType(type) ? BigInt.asUintN(INTEGER_WIDTH[type], numberOf(leaf, type)) : leaf;
}

/** The integer of the type whose bits are those of an element; undefined if it has more bits. */
function fromBits(element: bigint, type: IntegerType): bigint | undefined {
  return element >> BigInt(INTEGER_WIDTH[type]) === 0n ? wrapping(element, type) : undefined;
}

/** `true` is the generator, `false` the identity, which is nobody's address. */
function fromBoolean(leaf: bigint, to: LiteralType): bigint | undefined {
  if (to === 'group') return leaf === 1n ? G.x : 0n;
  if (to === 'address') return leaf === 1n ? G.x : undefined;
  return leaf;
}

/** The leaf of a value in another type; undefined if the value does not fit it. */
export function castLiteral(leaf: bigint, from: LiteralType, to: LiteralType): bigint | undefined {
  if (from === to) return leaf;
  if (from === 'boolean') return fromBoolean(leaf, to);
  if (isIntegerType(from) && isIntegerType(to)) {
    const moved = toField(numberOf(leaf, from));
    return isLeafOf(to, moved) ? moved : undefined;
  }
  const element = elementOf(leaf, from);
  if (isIntegerType(to)) return fromBits(element, to);
  switch (to) {
    case 'boolean':
      return element <= 1n ? element : undefined;
    case 'scalar':
      return element < SUBGROUP_ORDER ? element : undefined;
    case 'group':
      return isLeafOf('group', element) ? element : undefined;
    case 'address':
      return isSubgroupX(element) ? element : undefined;
    case 'field':
      return element;
  }
}

function isPoint(type: LiteralType): boolean {
  return type === 'group' || type === 'address';
}

/**
 * Returns the x of the group element that a field element becomes. This is the element with the given x, if there is one.
 * Else it is the generator for 1, and 8 times the point of Elligator 2 for any other.
 */
function nearestPoint(element: bigint): bigint {
  if (subgroupPoint(element) !== undefined) return element;
  return element === 1n ? G.x : clearCofactor(elligator2(element).point).x;
}

/** The low bits of a value as a leaf of another type, the nearest point. Undefined only where a point is no value of the type. */
export function castLossy(leaf: bigint, from: LiteralType, to: LiteralType): bigint | undefined {
  if (from === to || from === 'boolean') return castLiteral(leaf, from, to);
  if (isPoint(to)) {
    return isPoint(from)
      ? castLiteral(leaf, from, to)
      : castLiteral(nearestPoint(elementOf(leaf, from)), 'group', to);
  }
  if (isIntegerType(to)) return wrapping(isIntegerType(from) ? numberOf(leaf, from) : leaf, to);
  const element = elementOf(leaf, from);
  if (to === 'boolean') return element & 1n;
  // One bit less than the order has, so that the result is a scalar without a reduction.
  if (to === 'scalar') return BigInt.asUintN(HASH_TO_SCALAR_BITS, element);
  return element;
}
