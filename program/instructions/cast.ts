/** `cast`: between literal types, and the construction of structs, arrays and records. A value that does not fit halts. */
import { Halt } from '../errors.ts';
import { formatLiteral, isLeafOf } from '../literal.ts';
import {
  type ArrayType,
  type LiteralType,
  literal,
  literalName,
  sameType,
  showType,
  type ValueType,
} from '../types.ts';
import type { CheckContext, InstructionRule } from './rule.ts';

/** Casts into `address` need a point check that the circuit makes for record owners only. */
function castable(from: LiteralType, to: LiteralType): boolean {
  return to === 'address' ? from === 'address' : true;
}

function checkLiteral({ operands, fail }: CheckContext, to: LiteralType): ValueType | undefined {
  if (operands.length !== 1) {
    return fail('PROGRAM_ARITY', `cast to ${to} takes 1 operand, found ${operands.length}`, 'give one value');
  }
  const [from] = operands;
  if (from.kind !== 'literal') return undefined;
  if (!castable(from.name, to)) {
    return fail(
      'PROGRAM_NOT_YET',
      `cast of ${from.name} to address is not supported yet`,
      'take the address as an input',
    );
  }
  return literal(to);
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
      const value = operands[0].leaves[0];
      if (!isLeafOf(result.name, value)) {
        const from = formatLiteral({ type: literalName(operands[0].type)!, value });
        throw new Halt('HALT_CAST', `${from} does not fit ${result.name}`);
      }
      return [value];
    },
  },
];
