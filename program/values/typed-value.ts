/** Values as TypeScript programs have them: generated bindings take and return them. */

import { integerOf } from '../../protocol/field.ts';
import { addressToText } from '../../protocol/text.ts';
import { isIntegerType, type LiteralType, type Typed, type TypeTable } from './types.ts';

/**
 * Integers, field elements, scalars and group elements (by x) are bigint, booleans boolean, addresses `azalea1...`,
 * structs and records objects of their members, arrays lists.
 */
export type TypedValue = bigint | boolean | string | readonly TypedValue[] | TypedMembers;
export interface TypedMembers {
  readonly [member: string]: TypedValue;
}

/** The value of leaves that are of their types. */
export function typedValue({ type, leaves }: Typed<bigint>, types: TypeTable): TypedValue {
  if (type.kind === 'literal') return typedLiteral(type.name, leaves[0]);
  if (type.kind === 'array') {
    const { length } = types.flatten(type.element);
    return Array.from({ length: type.length }, (_, i) =>
      typedValue({ type: type.element, leaves: leaves.slice(i * length, (i + 1) * length) }, types),
    );
  }
  const members: Record<string, TypedValue> = {};
  let at = 0;
  for (const member of types.members(type) ?? []) {
    const { length } = types.flatten(member.type);
    members[member.name] = typedValue({ type: member.type, leaves: leaves.slice(at, at + length) }, types);
    at += length;
  }
  return members;
}

function typedLiteral(type: LiteralType, leaf: bigint): TypedValue {
  if (type === 'boolean') return leaf === 1n;
  if (type === 'address') return addressToText(leaf);
  return isIntegerType(type) ? integerOf(leaf) : leaf;
}
