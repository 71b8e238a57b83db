/** Types of the program language. Every value is, flattened, a list of field elements, one per literal in it. */

/** Unsigned integers, named by their width in bits. */
export const INTEGER_WIDTH = { u8: 8, u16: 16, u32: 32, u64: 64, u128: 128 } as const;
export type IntegerType = keyof typeof INTEGER_WIDTH;

export type LiteralType = 'address' | 'boolean' | 'field' | IntegerType;
export const LITERAL_TYPES: readonly LiteralType[] = [
  'address',
  'boolean',
  'field',
  'u8',
  'u16',
  'u32',
  'u64',
  'u128',
];

/** Types of Aleo that this version does not run. */
export const FUTURE_LITERAL_TYPES: readonly string[] = [
  'group',
  'i8',
  'i16',
  'i32',
  'i64',
  'i128',
  'scalar',
  'signature',
  'string',
  'identifier',
  'future',
];

export type Visibility = 'private' | 'public' | 'constant';

export type ValueType =
  | { readonly kind: 'literal'; readonly name: LiteralType }
  | { readonly kind: 'struct'; readonly name: string }
  | { readonly kind: 'record'; readonly name: string };

/** A value of any kind with its leaves in order of declaration; a record's first leaf is its owner. */
export interface Typed<T> {
  readonly type: ValueType;
  readonly leaves: readonly T[];
}

export function isLiteralType(name: string): name is LiteralType {
  return (LITERAL_TYPES as readonly string[]).includes(name);
}

export function isIntegerType(name: string): name is IntegerType {
  return Object.hasOwn(INTEGER_WIDTH, name);
}

export function literal(name: LiteralType): ValueType {
  return { kind: 'literal', name };
}

export function sameType(a: ValueType, b: ValueType): boolean {
  return a.kind === b.kind && a.name === b.name;
}

/** As written in a program: `u64`, `point`, `token.record`. */
export function showType(type: ValueType): string {
  return type.kind === 'record' ? `${type.name}.record` : type.name;
}

export interface MemberType {
  readonly name: string;
  readonly type: ValueType;
  /** Given in records only. */
  readonly visibility?: Visibility;
}

/** Layouts of a program's structs and records (a record's first member is `owner`). */
export class TypeTable {
  readonly structs: Map<string, readonly MemberType[]> = new Map();
  readonly records: Map<string, readonly MemberType[]> = new Map();

  /** Members of a struct or record in order; undefined for literals and unknown names. */
  members(type: ValueType): readonly MemberType[] | undefined {
    if (type.kind === 'literal') return undefined;
    return (type.kind === 'struct' ? this.structs : this.records).get(type.name);
  }

  /** Literal types of a value's leaves, in order. */
  flatten(type: ValueType): readonly LiteralType[] {
    if (type.kind === 'literal') return [type.name];
    return (this.members(type) ?? []).flatMap((member) => this.flatten(member.type));
  }

  /** Where a member's leaves stand among those of its parent; undefined when there is no such member. */
  member(type: ValueType, name: string): { type: ValueType; offset: number; length: number } | undefined {
    let offset = 0;
    for (const member of this.members(type) ?? []) {
      const length = this.flatten(member.type).length;
      if (member.name === name) return { type: member.type, offset, length };
      offset += length;
    }
    return undefined;
  }
}
