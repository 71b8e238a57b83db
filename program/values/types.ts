/** Types of the program language. Every value is, flattened, a list of field elements, one per literal in it. */

/** Unsigned integers, named by their width in bits. */
export const UNSIGNED_WIDTH = { u8: 8, u16: 16, u32: 32, u64: 64, u128: 128 } as const;
/** Signed integers. As a field element a negative value is r minus its magnitude. */
export const SIGNED_WIDTH = { i8: 8, i16: 16, i32: 32, i64: 64, i128: 128 } as const;
export const INTEGER_WIDTH = { ...SIGNED_WIDTH, ...UNSIGNED_WIDTH } as const;

export type UnsignedType = keyof typeof UNSIGNED_WIDTH;
export type SignedType = keyof typeof SIGNED_WIDTH;
export type IntegerType = UnsignedType | SignedType;

/** `group`: the x coordinate of a point of the prime-order subgroup; `scalar`: below the subgroup's order. */
export type LiteralType = 'address' | 'boolean' | 'field' | 'group' | 'scalar' | IntegerType;
export const LITERAL_TYPES: readonly LiteralType[] = [
  'address',
  'boolean',
  'field',
  'group',
  'i8',
  'i16',
  'i32',
  'i64',
  'i128',
  'u8',
  'u16',
  'u32',
  'u64',
  'u128',
  'scalar',
];

/** Types of Aleo that this version does not run. */
export const FUTURE_LITERAL_TYPES: readonly string[] = ['signature', 'string', 'identifier', 'future'];

export type Visibility = 'private' | 'public' | 'constant';

export type ValueType =
  | { readonly kind: 'literal'; readonly name: LiteralType }
  | { readonly kind: 'struct'; readonly name: string }
  | { readonly kind: 'record'; readonly name: string }
  | ArrayType;

/** `length` values of one plaintext type. */
export interface ArrayType {
  readonly kind: 'array';
  readonly element: ValueType;
  readonly length: number;
}

/** A value of any kind with its leaves in order of declaration; a record's first leaf is its owner. */
export interface Typed<T> {
  readonly type: ValueType;
  readonly leaves: readonly T[];
}

export function isLiteralType(name: string): name is LiteralType {
  return (LITERAL_TYPES as readonly string[]).includes(name);
}

export function isUnsignedType(name: string): name is UnsignedType {
  return Object.hasOwn(UNSIGNED_WIDTH, name);
}

export function isSignedType(name: string): name is SignedType {
  return Object.hasOwn(SIGNED_WIDTH, name);
}

export function isIntegerType(name: string): name is IntegerType {
  return Object.hasOwn(INTEGER_WIDTH, name);
}

export function literal(name: LiteralType): ValueType {
  return { kind: 'literal', name };
}

export function sameType(a: ValueType, b: ValueType): boolean {
  if (a.kind === 'array') {
    return b.kind === 'array' && a.length === b.length && sameType(a.element, b.element);
  }
  return a.kind === b.kind && a.name === b.name;
}

/** As written in a program: `u64`, `point`, `token.record`, `[u8; 4u32]`. */
export function showType(type: ValueType): string {
  if (type.kind === 'array') return `[${showType(type.element)}; ${type.length}u32]`;
  return type.kind === 'record' ? `${type.name}.record` : type.name;
}

/** Name of a literal type; undefined for structs, records and arrays. */
export function literalName(type: ValueType): LiteralType | undefined {
  return type.kind === 'literal' ? type.name : undefined;
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

  /** Members of a struct or record in order; undefined for literals, arrays and unknown names. */
  members(type: ValueType): readonly MemberType[] | undefined {
    if (type.kind === 'literal' || type.kind === 'array') return undefined;
    return (type.kind === 'struct' ? this.structs : this.records).get(type.name);
  }

  /** Literal types of a value's leaves, in order. */
  flatten(type: ValueType): readonly LiteralType[] {
    if (type.kind === 'literal') return [type.name];
    if (type.kind === 'array') {
      const element = this.flatten(type.element);
      return Array.from({ length: type.length }, () => element).flat();
    }
    return (this.members(type) ?? []).flatMap((member) => this.flatten(member.type));
  }

  /** Returns the place of a member's leaves among those of its parent; undefined when there is no such member. */
  member(type: ValueType, name: string): { type: ValueType; offset: number; length: number } | undefined {
    let offset = 0;
    for (const member of this.members(type) ?? []) {
      const length = this.flatten(member.type).length;
      if (member.name === name) return { type: member.type, offset, length };
      offset += length;
    }
    return undefined;
  }

  /** Returns the place of an element's leaves among those of its array; undefined when there is no such element. */
  element(type: ValueType, index: number): { type: ValueType; offset: number; length: number } | undefined {
    if (type.kind !== 'array' || index >= type.length) return undefined;
    const { length } = this.flatten(type.element);
    return { type: type.element, offset: index * length, length };
  }
}
