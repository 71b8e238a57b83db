/**
 * `cast`: between literal types, and the construction of structs, arrays and records. A value that does not fit halts.
 * `cast.lossy`: between literal types, keeping the low bits or finding a point.
 */
import { Halt } from '../../../avm/halt.ts';
import { formatLiteral } from '../../values/literal.ts';
import {
  type ArrayType,
  type LiteralType,
  literal,
  literalName,
  sameType,
  showType,
  type Typed,
  type ValueType,
} from '../../values/types.ts';
import type { CheckContext, InstructionRule } from '../rule.ts';
import { castLiteral, castLossy } from './cast-literal.ts';

function checkLiteral({ instruction, operands, fail }: CheckContext, to: LiteralType): ValueType | undefined {
  const { opcode } = instruction;
  if (operands.length !== 1) {
    return fail(
      'PROGRAM_ARITY',
      `${opcode} to ${to} takes 1 operand, found ${operands.length}`,
      'give one value',
    );
  }
  if (operands[0].kind !== 'literal') return undefined;
  return literal(to);
}

/** The result of a cast between literals. @throws Halt HALT_CAST */
function evaluateLiteral(operand: Typed<bigint>, to: LiteralType, cast: typeof castLiteral): bigint {
  const from = literalName(operand.type)!;
  const [value] = operand.leaves;
  const result = cast(value, from, to);
  if (result === undefined) {
    throw new Halt('HALT_CAST', `${formatLiteral({ type: from, value })} does not fit ${to}`);
  }
  return result;
}

function checkElements({ operands, fail }: CheckContext, to: ArrayType): ValueType {
  if (operands.length !== to.length) {
    return fail(
      'PROGRAM_ARITY',
      `${showType(to)} has ${to.length} elements, found ${operands.length} operands`,
      'give one operand for each element',
    );
  }
  operands.forEach((type, i) => {
    if (!sameType(to.element, type)) {
      fail(
        'PROGRAM_TYPE_MISMATCH',
        `element ${i} of ${showType(to)} has type ${showType(to.element)}, found ${showType(type)}`,
        'give a value of that type',
        i,
      );
    }
  });
  return to;
}

function checkMembers({ operands, types, fail }: CheckContext, to: ValueType): ValueType {
  const members = types.members(to) ?? [];
  if (operands.length !== members.length) {
    return fail(
      'PROGRAM_ARITY',
      `${showType(to)} has ${members.length} members, found ${operands.length} operands`,
      `give ${members.map(({ name }) => name).join(', ')} in this order`,
    );
  }
  members.forEach((member, i) => {
    if (!sameType(member.type, operands[i])) {
      fail(
        'PROGRAM_TYPE_MISMATCH',
        `member ${member.name} of ${showType(to)} has type ${showType(member.type)}, found ${showType(operands[i])}`,
        'give a value of that type',
        i,
      );
    }
  });
  return to;
}

export const CAST: readonly InstructionRule[] = [
  {
    opcode: 'cast',
    arity: undefined,
    takes: 'one literal, the members of a struct or record, or the elements of an array',
    hasResult: true,
    hasAs: true,
    check(context) {
      const { as } = context;
      if (as === undefined) return undefined;
      if (as.kind === 'array') return checkElements(context, as);
      return as.kind === 'literal' ? checkLiteral(context, as.name) : checkMembers(context, as);
    },
    evaluate({ operands, result }) {
      if (result?.kind !== 'literal') return operands.flatMap(({ leaves }) => leaves);
      return [evaluateLiteral(operands[0], result.name, castLiteral)];
    },
  },
  {
    opcode: 'cast.lossy',
    arity: 1,
    takes: 'one literal, into a literal type',
    hasResult: true,
    hasAs: true,
    check: (context) => (context.as?.kind === 'literal' ? checkLiteral(context, context.as.name) : undefined),
    evaluate: ({ operands, result }) => [evaluateLiteral(operands[0], literalName(result!)!, castLossy)],
  },
];
