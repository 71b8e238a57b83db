/** `assert.eq assert.neq` on any plain values. */
import { Halt } from '../../../avm/halt.ts';
import { sameType } from '../../values/types.ts';
import type { InstructionRule } from '../rule.ts';

function assertion(opcode: string, equal: boolean): InstructionRule {
  return {
    opcode,
    arity: 2,
    takes: 'two values of one type, not records',
    hasResult: false,
    hasAs: false,
    check({ operands: [a, b] }) {
      return sameType(a, b) && a.kind !== 'record' ? 'none' : undefined;
    },
    evaluate({ operands: [a, b] }) {
      if (a.leaves.every((leaf, i) => leaf === b.leaves[i]) !== equal) {
        throw new Halt('HALT_ASSERTION', `the operands are ${equal ? 'not equal' : 'equal'}`);
      }
      return [];
    },
  };
}

export const ASSERTION: readonly InstructionRule[] = [
  assertion('assert.eq', true),
  assertion('assert.neq', false),
];
