/**
 * `add sub mul div rem mod neg abs`, their wrapping forms, and the operations of field elements. As snarkVM: integer division
 * rounds towards zero, a remainder has the sign of its dividend, `mod` is for unsigned integers.
 */
import { fieldAdd, fieldDiv, fieldInv, fieldMul, fieldNeg, fieldSub } from '../../../protocol/field.ts';
import {
  type IntegerType,
  isIntegerType,
  isSignedType,
  isUnsignedType,
  type LiteralType,
} from '../../values/types.ts';
import { fitting, nonZero, numberOf, wrapping } from '../integer.ts';
import { allSame, type InstructionRule, literalRule } from '../rule.ts';

type Binary = (a: bigint, b: bigint) => bigint;

const NUMBERS = 'two integers of one type, or two field elements';
const INTEGERS = 'two integers of one type';

/** On integers with a result that must fit, and on field elements. */
function numeric(opcode: string, integer: Binary, field: Binary): InstructionRule {
  return literalRule(
    opcode,
    2,
    NUMBERS,
    (types) => (allSame(types) && (types[0] === 'field' || isIntegerType(types[0])) ? types[0] : undefined),
    ([a, b], [type]) =>
      isIntegerType(type) ? fitting(integer(numberOf(a, type), numberOf(b, type)), type) : field(a, b),
  );
}

function integral(
  opcode: string,
  takes: string,
  accepts: (type: LiteralType) => boolean,
  evaluate: (a: bigint, b: bigint, type: IntegerType) => bigint,
): InstructionRule {
  return literalRule(
    opcode,
    2,
    takes,
    (types) => (allSame(types) && accepts(types[0]) ? types[0] : undefined),
    ([a, b], [type]) => evaluate(numberOf(a, type), numberOf(b, type), type as IntegerType),
  );
}

function wrapped(opcode: string, integer: Binary): InstructionRule {
  return integral(opcode, INTEGERS, isIntegerType, (a, b, type) => wrapping(integer(a, b), type));
}

/** On field elements, and on signed integers where `signed` says how. */
function unary(
  opcode: string,
  field: ((a: bigint) => bigint) | undefined,
  signed?: (a: bigint, type: IntegerType) => bigint,
): InstructionRule {
  const takes = [field && 'a field element', signed && 'a signed integer'].filter(Boolean).join(' or ');
  return literalRule(
    opcode,
    1,
    takes,
    ([type]) =>
      (type === 'field' && field !== undefined) || (isSignedType(type) && signed !== undefined)
        ? type
        : undefined,
    ([a], [type]) => (isSignedType(type) ? signed!(numberOf(a, type), type) : field!(a)),
  );
}

const magnitude = (a: bigint): bigint => (a < 0n ? -a : a);

export const ARITHMETIC: readonly InstructionRule[] = [
  numeric('add', (a, b) => a + b, fieldAdd),
  numeric('sub', (a, b) => a - b, fieldSub),
  numeric('mul', (a, b) => a * b, fieldMul),
  numeric(
    'div',
    (a, b) => a / nonZero(b),
    (a, b) => fieldDiv(a, nonZero(b)),
  ),
  // `rem` halts too where the quotient does not fit (the least value by -1).
  integral('rem', INTEGERS, isIntegerType, (a, b, type) => {
    fitting(a / nonZero(b), type);
    return fitting(a % b, type);
  }),
  integral('mod', 'two unsigned integers of one type', isUnsignedType, (a, b, type) =>
    fitting(a % nonZero(b), type),
  ),
  wrapped('add.w', (a, b) => a + b),
  wrapped('sub.w', (a, b) => a - b),
  wrapped('mul.w', (a, b) => a * b),
  wrapped('div.w', (a, b) => a / nonZero(b)),
  wrapped('rem.w', (a, b) => a % nonZero(b)),
  unary('neg', fieldNeg, (a, type) => fitting(-a, type)),
  unary('abs', undefined, (a, type) => fitting(magnitude(a), type)),
  unary('abs.w', undefined, (a, type) => wrapping(magnitude(a), type)),
  unary('inv', (a) => fieldInv(nonZero(a))),
  unary('square', (a) => fieldMul(a, a)),
  unary('double', (a) => fieldAdd(a, a)),
];
