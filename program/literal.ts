/** Literals: their text, their value as a field element, and the range of each type. */
import { FIELD_MODULUS } from '../protocol/constants.ts';
import { formatAddress, parseAddress } from './address.ts';
import { INTEGER_WIDTH, isIntegerType, isLiteralType, type LiteralType } from './types.ts';

export interface Literal {
  readonly type: LiteralType;
  /** Canonical field element: booleans 0 or 1, an address its x coordinate. */
  readonly value: bigint;
}

/** Why a text is no literal; the caller adds the place. */
export interface LiteralProblem {
  readonly code: 'INVALID' | 'OUT_OF_RANGE' | 'NOT_YET';
  readonly problem: string;
  readonly hint: string;
}

/** Number of values of a type: all of 0..size-1. */
export function typeSize(type: LiteralType): bigint {
  if (type === 'boolean') return 2n;
  if (isIntegerType(type)) return 1n << BigInt(INTEGER_WIDTH[type]);
  return FIELD_MODULUS;
}

/** Canonical text: `true`, `5u64`, `5field`, `azalea1...`. */
export function formatLiteral({ type, value }: Literal): string {
  if (type === 'boolean') return value === 1n ? 'true' : 'false';
  if (type === 'address') return formatAddress(value);
  return `${value}${type}`;
}

/** Whether a word of a program can only be an address literal. */
export function looksLikeAddress(text: string): boolean {
  return text.startsWith('azalea1') && text.length > 40;
}

/** Reads `true`, `false`, `1_000u64`, `-1field`, `azalea1...`. Underscores may stand between digits. */
export function parseLiteral(text: string): Literal | LiteralProblem {
  if (text === 'true') return { type: 'boolean', value: 1n };
  if (text === 'false') return { type: 'boolean', value: 0n };
  if (text.startsWith('azalea1')) return parseAddress(text);
  const match = /^(-?)([0-9][0-9_]*)([a-z][a-z0-9]*)?$/.exec(text);
  if (match === null) {
    return {
      code: 'INVALID',
      problem: `${JSON.stringify(text.slice(0, 60))} is not a literal`,
      hint: 'write true, 5u64, 5field or an address azalea1...',
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
    const future = /^(i8|i16|i32|i64|i128|group|scalar)$/.test(suffix);
    return {
      code: future ? 'NOT_YET' : 'INVALID',
      problem: future ? `literals of type ${suffix} are not supported yet` : `${suffix} is no numeric type`,
      hint: 'use field, u8, u16, u32, u64 or u128',
    };
  }
  if (digits.endsWith('_')) {
    return { code: 'INVALID', problem: `${text} has an underscore after its digits`, hint: 'drop it' };
  }
  const plain = digits.replaceAll('_', '');
  // 78 digits hold every field element; longer texts are refused before they are turned into a number.
  const magnitude = plain.length > 100 ? FIELD_MODULUS : BigInt(plain);
  const size = typeSize(suffix);
  if (magnitude >= size || (sign === '-' && suffix !== 'field' && magnitude !== 0n)) {
    return {
      code: 'OUT_OF_RANGE',
      problem: `${text.slice(0, 100)} does not fit ${suffix}`,
      hint:
        suffix === 'field' ? 'a field element is below the field order' : `${suffix} holds 0 to ${size - 1n}`,
    };
  }
  return { type: suffix, value: sign === '-' && magnitude !== 0n ? size - magnitude : magnitude };
}

export function isProblem(result: Literal | LiteralProblem): result is LiteralProblem {
  return 'problem' in result;
}
