/** `add sub mul div rem mod`, their wrapping forms, and the unary operations of field elements. */
import { fieldAdd, fieldDiv, fieldInv, fieldMul, fieldNeg, fieldSub } from '../../protocol/field.ts';
import { Halt } from '../errors.ts';
import { isUnsignedType, type LiteralType, UNSIGNED_WIDTH } from '../types.ts';
import { allSame, type InstructionRule, literalRule } from './rule.ts';

type Binary = (a: bigint, b: bigint) => bigint;

const NUMBERS = 'two integers of one type, or two field elements';
const INTEGERS = 'two integers of one type';

/** Halts unless an integer lies in its type. */
function inRange(value: bigint, type: LiteralType): bigint {
  if (isUnsignedType(type) && (value < 0n || value >> BigInt(UNSIGNED_WIDTH[type]) !== 0n)) {
    throw new Halt('HALT_OVERFLOW', `the result ${value} does not fit ${type}`);
  }
  return value;
}

function nonZero(value: bigint): bigint {
  if (value === 0n) throw new Halt('HALT_DIVISION_BY_ZERO', 'division by zero');
  return value;
}

function numeric(opcode: string, integer: Binary, field: Binary): InstructionRule {
  return literalRule(
    opcode,
    2,
    NUMBERS,
    (types) => (allSame(types) && (types[0] === 'field' || isUnsignedType(types[0])) ? types[0] : undefined),
    ([a, b], [type]) => (type === 'field' ? field(a, b) : inRange(integer(a, b), type)),
  );
}

function integral(opcode: string, integer: (a: bigint, b: bigint, width: bigint) => bigint): InstructionRule {
  return literalRule(
    opcode,
    2,
    INTEGERS,
    (types) => (allSame(types) && isUnsignedType(types[0]) ? types[0] : undefined),
    ([a, b], [type]) => inRange(integer(a, b, BigInt(UNSIGNED_WIDTH[type as 'u8'])), type),
  );
}

function unary(opcode: string, field: (a: bigint) => bigint): InstructionRule {
  return literalRule(
    opcode,
    1,
    'a field element',
    ([type]) => (type === 'field' ? type : undefined),
    ([a]) => field(a),
  );
}

export const ARITHMETIC: readonly InstructionRule[] = [
  numeric('add', (a, b) => a + b, fieldAdd),
  numeric('sub', (a, b) => a - b, fieldSub),
  numeric('mul', (a, b) => a * b, fieldMul),
  numeric(
    'div',
    (a, b) => a / nonZero(b),
    (a, b) => fieldDiv(a, nonZero(b)),
  ),
  integral('rem', (a, b) => a % nonZero(b)),
  integral('mod', (a, b) => a % nonZero(b)),
  integral('add.w', (a, b, width) => BigInt.asUintN(Number(width), a + b)),
  integral('sub.w', (a, b, width) => BigInt.asUintN(Number(width), a - b)),
  integral('mul.w', (a, b, width) => BigInt.asUintN(Number(width), a * b)),
  integral('div.w', (a, b) => a / nonZero(b)),
  integral('rem.w', (a, b) => a % nonZero(b)),
  unary('neg', fieldNeg),
  unary('inv', (a) => fieldInv(nonZero(a))),
  unary('square', (a) => fieldMul(a, a)),
  unary('double', (a) => fieldAdd(a, a)),
];
