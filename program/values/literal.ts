/** Literals: their text, their value as a field element, and the range of each type. */
import { FIELD_MODULUS, SUBGROUP_ORDER } from '../../protocol/constants.ts';
import { G, isSubgroupX } from '../../protocol/curve/point.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import { integerOf, isField, toField } from '../../protocol/field.ts';
import { addressFromText, addressToText } from '../../protocol/text.ts';
import {
  INTEGER_WIDTH,
  isIntegerType,
  isLiteralType,
  isSignedType,
  isUnsignedType,
  type LiteralType,
} from './types.ts';

export interface Literal {
  readonly type: LiteralType;
  /**
   * The field element of a literal:
   * - a boolean is 0 or 1, an integer is taken modulo r;
   * - an address and a group element are the x coordinate of their point;
   * - a scalar is the integer below the subgroup's order.
   */
  readonly value: bigint;
}

/** The reason that a text is no literal; the caller adds the place. */
export interface LiteralProblem {
  readonly code: 'INVALID' | 'OUT_OF_RANGE' | 'NOT_YET' | 'UNSUPPORTED';
  readonly problem: string;
  readonly hint: string;
}

/** The generator's literal: the x coordinate of Base8. */
export const GROUP_GENERATOR = 'group::GEN';

/** Number of values of a type; the leaves of unsigned integers, booleans, scalars and field elements are 0..size-1. */
export function typeSize(type: LiteralType): bigint {
  if (type === 'boolean') return 2n;
  if (isIntegerType(type)) return 1n << BigInt(INTEGER_WIDTH[type]);
  return type === 'scalar' || type === 'group' ? SUBGROUP_ORDER : FIELD_MODULUS;
}

/** Least and greatest value of an integer type. */
export function integerRange(type: keyof typeof INTEGER_WIDTH): {
  readonly min: bigint;
  readonly max: bigint;
} {
  const size = typeSize(type);
  return isSignedType(type) ? { min: -size / 2n, max: size / 2n - 1n } : { min: 0n, max: size - 1n };
}

/**
 * Returns whether a field element is a leaf of the type. Addresses are checked where text is read and where records are
 * made.
 */
export function isLeafOf(type: LiteralType, value: bigint): boolean {
  if (!isField(value)) return false;
  if (type === 'group') return value === 0n || isSubgroupX(value);
  if (!isIntegerType(type)) return value < typeSize(type);
  const { min, max } = integerRange(type);
  const integer = integerOf(value);
  return integer >= min && integer <= max;
}

/** Canonical text: `true`, `5u64`, `-5i8`, `5field`, `azalea1...`. */
export function formatLiteral({ type, value }: Literal): string {
  if (type === 'boolean') return value === 1n ? 'true' : 'false';
  if (type === 'address') return addressToText(value);
  return `${isSignedType(type) ? integerOf(value) : value}${type}`;
}

/** Returns whether an operand can only be a signature of Aleo, which is a literal there. */
export function looksLikeSignature(text: string): boolean {
  return /^sign1[0-9a-z]*$/.test(text);
}

/** Returns whether a word of a program can only be an address literal, one of Aleo included. */
export function looksLikeAddress(text: string): boolean {
  return /^(azalea|aleo)1/.test(text) && text.length > 40;
}

const NUMERIC = 'field, group, scalar, i8, i16, i32, i64, i128, u8, u16, u32, u64 or u128';

/**
 * Reads `true`, `false`, `1_000u64`, `-1field`, `group::GEN`, `azalea1...`. Underscores may follow digits. Numbers of field, group
 * and scalar are reduced by the order of their field. As snarkVM.
 */
export function parseLiteral(text: string): Literal | LiteralProblem {
  if (text === 'true') return { type: 'boolean', value: 1n };
  if (text === 'false') return { type: 'boolean', value: 0n };
  if (text === GROUP_GENERATOR) return { type: 'group', value: G.x };
  if (text.startsWith('azalea1')) return parseAddress(text);
  if (looksLikeAddress(text)) {
    return {
      code: 'INVALID',
      problem: `${text.slice(0, 12)}... is an address of Aleo: its keys are on another curve`,
      hint: 'write an address azalea1..., or take it as an input',
    };
  }
  if (looksLikeSignature(text)) {
    return {
      code: 'UNSUPPORTED',
      problem: `${text.slice(0, 12)}... is a literal of the type signature: signatures of Aleo are on another curve`,
      hint: 'leave it out: the signer of a call, self.signer, has signed all of it',
    };
  }
  const match = /^(-?)([0-9][0-9_]*)([a-z][a-z0-9]*)?$/.exec(text);
  if (match === null) {
    return {
      code: 'INVALID',
      problem: `${JSON.stringify(text.slice(0, 60))} is not a literal`,
      hint: /\.(private|public|constant)$/.test(text)
        ? 'leave the visibility out: only programs state it'
        : 'write true, 5u64, 5field or an address azalea1...',
    };
  }
  const [, sign, digits, suffix] = match;
  if (suffix === undefined) {
    return {
      code: 'INVALID',
      problem: `the literal ${text} has no type`,
      hint: `add one, for example ${text}u64 or ${text}field`,
    };
  }
  if (!isLiteralType(suffix) || suffix === 'boolean' || suffix === 'address') {
    const future = suffix === 'signature';
    return {
      code: future ? 'NOT_YET' : 'INVALID',
      problem: future ? `literals of type ${suffix} are not supported yet` : `${suffix} is no numeric type`,
      hint: `use ${NUMERIC}`,
    };
  }
  if (sign === '-' && isUnsignedType(suffix)) return outOfRange(text, suffix, `${suffix} has no sign`);
  return readNumber(text, suffix, digits.replaceAll('_', '').replace(/^0+(?=.)/, ''), sign === '-');
}

function readNumber(
  text: string,
  type: Exclude<LiteralType, 'boolean' | 'address'>,
  digits: string,
  negative: boolean,
): Literal | LiteralProblem {
  if (isIntegerType(type)) {
    const { min, max } = integerRange(type);
    // No integer type needs 100 digits: longer texts are refused before they are turned into a number.
    const magnitude = digits.length > 100 ? undefined : BigInt(digits);
    if (magnitude !== undefined) {
      const value = negative ? -magnitude : magnitude;
      if (value >= min && value <= max) return { type, value: toField(value) };
    }
    return outOfRange(text, type, `${type} holds ${min} to ${max}`);
  }
  // A negative element is the one that adds to zero with its positive.
  const size = type === 'scalar' ? SUBGROUP_ORDER : FIELD_MODULUS;
  const magnitude = residue(digits, size);
  const leaf = negative && magnitude !== 0n ? size - magnitude : magnitude;
  if (isLeafOf(type, leaf)) return { type, value: leaf };
  return outOfRange(text, type, 'a group element is the x coordinate of a point of the prime-order subgroup');
}

/** Digits that are turned into a number at a time. */
const CHUNK = 64;

/**
 * The number of a literal modulo the order of its field. snarkVM reads numbers of any length this way (`Fp256::from_str`). The time
 * grows with the length alone.
 */
function residue(digits: string, modulus: bigint): bigint {
  let value = 0n;
  for (let at = 0; at < digits.length; at += CHUNK) {
    const chunk = digits.slice(at, at + CHUNK);
    value = (value * 10n ** BigInt(chunk.length) + BigInt(chunk)) % modulus;
  }
  return value;
}

function outOfRange(text: string, type: LiteralType, hint: string): LiteralProblem {
  return { code: 'OUT_OF_RANGE', problem: `${text.slice(0, 100)} does not fit ${type}`, hint };
}

export function isProblem(result: Literal | LiteralProblem): result is LiteralProblem {
  return 'problem' in result;
}

/** Reads `azalea1...`; mistyped ones, and those that are no one's key, are refused. */
function parseAddress(text: string): Literal | LiteralProblem {
  try {
    return { type: 'address', value: addressFromText(text) };
  } catch (error) {
    if (!(error instanceof AzaleaError)) throw error;
    return { code: 'INVALID', problem: error.message, hint: 'copy the whole address' };
  }
}
