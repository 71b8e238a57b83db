/**
 * `and or xor not` on booleans and, bit by bit, on integers, negative ones in two's complement; `nand nor` on booleans;
 * `ternary`.
 */
import { toField } from '../../../protocol/field.ts';
import {
  isIntegerType,
  isSignedType,
  isUnsignedType,
  type LiteralType,
  UNSIGNED_WIDTH,
} from '../../values/types.ts';
import { numberOf } from '../integer.ts';
import { allSame, type InstructionRule, literalRule } from '../rule.ts';

/** All ones of a type, as a number: -1 if it is signed. */
function ones(type: LiteralType): bigint {
  if (isSignedType(type)) return -1n;
  return isUnsignedType(type) ? (1n << BigInt(UNSIGNED_WIDTH[type])) - 1n : 1n;
}

function bitwise(opcode: string, evaluate: (a: bigint, b: bigint) => bigint): InstructionRule {
  return literalRule(
    opcode,
    2,
    'two booleans, or two integers of one type',
    (types) => (allSame(types) && (types[0] === 'boolean' || isIntegerType(types[0])) ? types[0] : undefined),
    ([a, b], [type]) => toField(evaluate(numberOf(a, type), numberOf(b, type))),
  );
}

function boolean(opcode: string, evaluate: (a: bigint, b: bigint) => bigint): InstructionRule {
  return literalRule(
    opcode,
    2,
    'two booleans',
    (types) => (allSame(types) && types[0] === 'boolean' ? 'boolean' : undefined),
    ([a, b]) => evaluate(a, b),
  );
}

export const LOGIC: readonly InstructionRule[] = [
  bitwise('and', (a, b) => a & b),
  bitwise('or', (a, b) => a | b),
  bitwise('xor', (a, b) => a ^ b),
  boolean('nand', (a, b) => 1n ^ (a & b)),
  boolean('nor', (a, b) => 1n ^ (a | b)),
  literalRule(
    'not',
    1,
    'a boolean or an integer',
    ([type]) => (type === 'boolean' || isIntegerType(type) ? type : undefined),
    ([a], [type]) => toField(numberOf(a, type) ^ ones(type)),
  ),
  literalRule(
    'ternary',
    3,
    'a boolean and two literals of one type; choose structs and arrays member by member',
    ([condition, a, b]) => (condition === 'boolean' && a === b ? a : undefined),
    ([condition, a, b]) => (condition === 1n ? a : b),
  ),
];
