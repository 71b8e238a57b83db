/** `is.eq is.neq` on any plain values, `lt lte gt gte` on integers, scalars and field elements (integers below r). */
import { isIntegerType, type LiteralType, sameType } from '../../values/types.ts';
import { numberOf } from '../integer.ts';
import { allSame, type InstructionRule, literalRule } from '../rule.ts';

function isOrdered(type: LiteralType): boolean {
  return type === 'field' || type === 'scalar' || isIntegerType(type);
}

function ordering(opcode: string, holds: (a: bigint, b: bigint) => boolean): InstructionRule {
  return literalRule(
    opcode,
    2,
    'two integers of one type, two field elements or two scalars',
    (types) => (allSame(types) && isOrdered(types[0]) ? 'boolean' : undefined),
    ([a, b], [type]) => (holds(numberOf(a, type), numberOf(b, type)) ? 1n : 0n),
  );
}

function equality(opcode: string, equal: boolean): InstructionRule {
  return {
    opcode,
    arity: 2,
    takes: 'two values of one type, not records',
    hasResult: true,
    hasAs: false,
    check({ operands: [a, b] }) {
      return sameType(a, b) && a.kind !== 'record' ? { kind: 'literal', name: 'boolean' } : undefined;
    },
    evaluate({ operands: [a, b] }) {
      return [a.leaves.every((leaf, i) => leaf === b.leaves[i]) === equal ? 1n : 0n];
    },
  };
}

export const COMPARISON: readonly InstructionRule[] = [
  equality('is.eq', true),
  equality('is.neq', false),
  ordering('lt', (a, b) => a < b),
  ordering('lte', (a, b) => a <= b),
  ordering('gt', (a, b) => a > b),
  ordering('gte', (a, b) => a >= b),
];
