/** `and or xor not` on booleans and, bit by bit, on integers; `nand nor` on booleans; `ternary`. */
import { isUnsignedType, type LiteralType, UNSIGNED_WIDTH } from '../types.ts';
import { allSame, type InstructionRule, literalRule } from './rule.ts';

/** All ones of a type. */
function ones(type: LiteralType): bigint {
  return isUnsignedType(type) ? (1n << BigInt(UNSIGNED_WIDTH[type])) - 1n : 1n;
}

function bitwise(opcode: string, evaluate: (a: bigint, b: bigint) => bigint): InstructionRule {
  return literalRule(
    opcode,
    2,
    'two booleans, or two integers of one type',
    (types) =>
      allSame(types) && (types[0] === 'boolean' || isUnsignedType(types[0])) ? types[0] : undefined,
    ([a, b]) => evaluate(a, b),
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
    ([type]) => (type === 'boolean' || isUnsignedType(type) ? type : undefined),
    ([a], [type]) => a ^ ones(type),
  ),
  literalRule(
    'ternary',
    3,
    'a boolean and two values of one type',
    ([condition, a, b]) => (condition === 'boolean' && a === b ? a : undefined),
    ([condition, a, b]) => (condition === 1n ? a : b),
  ),
];
