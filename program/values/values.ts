/** Plaintext values: between what people write (`5u64`, `{ x: 1field, y: 2field }`), plain objects, and field elements. */
import { AzaleaError } from '../../protocol/errors.ts';
import { integerOf, toField } from '../../protocol/field.ts';
import { describeGiven } from '../../protocol/given.ts';
import { formatLiteral, isLeafOf, isProblem, parseLiteral } from './literal.ts';
import {
  type ArrayType,
  isIntegerType,
  type LiteralType,
  showType,
  type Typed,
  type TypeTable,
  type ValueType,
} from './types.ts';

/** A literal's text, a struct's or record's members by name, or an array's elements. */
export type PlainValue = string | readonly PlainValue[] | PlainMembers;
export interface PlainMembers {
  readonly [member: string]: PlainValue;
}

/** Values that callers may give: also numbers and truth values, whose type is the declared one. */
export type GivenValue = string | bigint | boolean | readonly GivenValue[] | GivenMembers;
export interface GivenMembers {
  readonly [member: string]: GivenValue;
}

/**
 * Leaves of a value of a known type. Literals carry their type (`5u64`) or take the declared one (`5`, `5n`, `true`).
 * A record is given as an object of its members, the owner included.
 * @throws AzaleaError VALUE_INVALID, VALUE_TYPE_MISMATCH, VALUE_OUT_OF_RANGE; `where` names the value in messages
 */
export function encodeValue(
  value: GivenValue,
  type: ValueType,
  types: TypeTable,
  where = 'value',
): Typed<bigint> {
  if (type.kind === 'literal') return { type, leaves: [encodeLiteral(value, type.name, where)] };
  const given: GivenValue = typeof value === 'string' ? parseValue(value, where) : value;
  if (type.kind === 'array') return encodeArray(given, type, types, where);
  if (!isMembers(given)) {
    throw mismatch(where, showType(type), describeGiven(given));
  }
  const members = types.members(type);
  if (members === undefined) throw mismatch(where, showType(type), 'an unknown type');
  const unknown = Object.keys(given).find((name) => !members.some((member) => member.name === name));
  if (unknown !== undefined) {
    throw new AzaleaError(
      'VALUE_INVALID',
      `${where} has a member ${unknown}, which ${showType(type)} has not: drop it`,
      {
        where,
        member: unknown,
      },
    );
  }
  const leaves = members.flatMap((member) => {
    if (!Object.hasOwn(given, member.name)) {
      throw new AzaleaError(
        'VALUE_INVALID',
        `${where} lacks the member ${member.name} of ${showType(type)}: add it`,
        {
          where,
          member: member.name,
        },
      );
    }
    return encodeValue(given[member.name], member.type, types, `${where}.${member.name}`).leaves;
  });
  return { type, leaves };
}

function isMembers(value: GivenValue): value is GivenMembers {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function encodeArray(value: GivenValue, type: ArrayType, types: TypeTable, where: string): Typed<bigint> {
  if (!Array.isArray(value)) {
    throw mismatch(where, showType(type), describeGiven(value));
  }
  if (value.length !== type.length) throw mismatch(where, showType(type), `${value.length} elements`);
  const leaves = value.flatMap(
    (element, i) => encodeValue(element, type.element, types, `${where}[${i}]`).leaves,
  );
  return { type, leaves };
}

/** The value of leaves, literals as text. @throws AzaleaError VALUE_OUT_OF_RANGE, VALUE_TYPE_MISMATCH */
export function decodeValue({ type, leaves }: Typed<bigint>, types: TypeTable, where = 'value'): PlainValue {
  if (type.kind === 'literal') {
    const [value] = leaves;
    checkRange(value, type.name, where);
    return formatLiteral({ type: type.name, value });
  }
  const expected = types.flatten(type).length;
  if (leaves.length !== expected || expected === 0) {
    throw mismatch(where, `${showType(type)} of ${expected} elements`, `${leaves.length} elements`);
  }
  if (type.kind === 'array') {
    const width = expected / type.length;
    return Array.from({ length: type.length }, (_, i) =>
      decodeValue(
        { type: type.element, leaves: leaves.slice(i * width, (i + 1) * width) },
        types,
        `${where}[${i}]`,
      ),
    );
  }
  const result: Record<string, PlainValue> = {};
  let at = 0;
  for (const member of types.members(type)!) {
    const { length } = types.flatten(member.type);
    const part = { type: member.type, leaves: leaves.slice(at, at + length) };
    result[member.name] = decodeValue(part, types, `${where}.${member.name}`);
    at += length;
  }
  return result;
}

/** One line of text: `5u64`, `[1u8, 2u8]`, `{ x: 1field, y: 2field }`. */
export function formatValue(value: PlainValue): string {
  if (typeof value === 'string') return value;
  if (isArray(value)) return `[${value.map(formatValue).join(', ')}]`;
  return `{ ${Object.entries(value)
    .map(([name, member]) => `${name}: ${formatValue(member)}`)
    .join(', ')} }`;
}

function isArray(value: PlainValue): value is readonly PlainValue[] {
  return Array.isArray(value);
}

const DEEPEST = 16;

/** Reads the text of a value, without knowing its type. @throws AzaleaError VALUE_INVALID */
export function parseValue(text: string, where = 'value'): PlainValue {
  const tokens = text.match(/group::GEN|[{}[\]:,]|[^\s{}[\]:,]+/g) ?? [];
  let at = 0;
  const invalid = (wanted: string): never => {
    const found = tokens[at] ?? 'its end';
    throw new AzaleaError('VALUE_INVALID', `${where}: expected ${wanted}, found ${found.slice(0, 80)}`, {
      where,
    });
  };
  const read = (depth: number): PlainValue => {
    if (depth > DEEPEST) invalid('fewer nested values');
    if (tokens[at] === '[') {
      at++;
      const elements: PlainValue[] = [];
      do elements.push(read(depth + 1));
      while (tokens[at] === ',' && at++ >= 0);
      if (tokens[at] !== ']') invalid('`,` or `]`');
      at++;
      return elements;
    }
    if (tokens[at] !== '{') {
      if (tokens[at] === undefined || /^[}\]:,]$/.test(tokens[at])) invalid('a value');
      return tokens[at++];
    }
    at++;
    const members: Record<string, PlainValue> = Object.create(null);
    do {
      const name = tokens[at];
      if (name === '_nonce' || name === '_version') return invalid('members of the program only');
      if (name === undefined || !/^[A-Za-z][A-Za-z0-9_]*$/.test(name)) return invalid('the name of a member');
      if (name in members) return invalid(`another member than a second ${name}`);
      at++;
      if (tokens[at++] !== ':') {
        at--;
        invalid('`:`');
      }
      members[name] = read(depth + 1);
    } while (tokens[at] === ',' && at++ >= 0);
    if (tokens[at] !== '}') invalid('`,` or `}`');
    at++;
    return { ...members };
  };
  const value = read(0);
  if (at !== tokens.length) invalid('nothing more');
  return value;
}

function encodeLiteral(value: GivenValue, type: LiteralType, where: string): bigint {
  if (typeof value === 'bigint') {
    if (type === 'boolean' || type === 'address') throw mismatch(where, type, 'a number');
    const leaf = isIntegerType(type) ? toField(value) : value;
    const kept = leaf === value || integerOf(leaf) === value;
    if (!kept || !isLeafOf(type, leaf)) throw outOfRange(value, type, where);
    return leaf;
  }
  if (typeof value === 'boolean') {
    if (type !== 'boolean') throw mismatch(where, type, 'a boolean');
    return value ? 1n : 0n;
  }
  if (typeof value !== 'string') throw mismatch(where, type, describeGiven(value));
  const text = value.trim();
  const untyped = /^-?[0-9][0-9_]*$/.test(text) && type !== 'boolean' && type !== 'address';
  const read = parseLiteral(untyped ? text + type : text);
  if (isProblem(read)) {
    const code = read.code === 'OUT_OF_RANGE' ? 'VALUE_OUT_OF_RANGE' : 'VALUE_INVALID';
    throw new AzaleaError(code, `${where}: ${read.problem}: ${read.hint}`, { where, type });
  }
  if (read.type !== type) throw mismatch(where, type, `a ${read.type}`);
  return read.value;
}

function checkRange(value: bigint, type: LiteralType, where: string): void {
  if (!isLeafOf(type, value)) throw outOfRange(value, type, where);
}

function outOfRange(value: bigint, type: LiteralType, where: string): AzaleaError {
  return new AzaleaError(
    'VALUE_OUT_OF_RANGE',
    `${where}: ${isIntegerType(type) ? integerOf(value) : value} does not fit ${type}: give a value in range`,
    {
      where,
      type,
    },
  );
}

function mismatch(where: string, wanted: string, found: string): AzaleaError {
  return new AzaleaError('VALUE_TYPE_MISMATCH', `${where} must be ${wanted}, found ${found}`, {
    where,
    type: wanted,
  });
}
