/** `call l1.aleo/send w0 w1 w2;`: a message to the L1 contract, public with the running program's id. */
import { literal, sameType } from '../../values/types.ts';
import type { InstructionRule } from '../rule.ts';

export const CALL: readonly InstructionRule[] = [
  {
    opcode: 'call',
    arity: undefined,
    takes: 'three field elements for l1.aleo/send',
    hasResult: false,
    hasAs: false,
    check({ instruction, operands, fail }) {
      const { program = '', name } = instruction.callee!;
      if (program !== 'l1') {
        return fail(
          'PROGRAM_NOT_YET',
          `calling ${program}.aleo/${name} is not supported yet`,
          'only l1.aleo/send can be called',
        );
      }
      if (name !== 'send') {
        return fail('PROGRAM_UNKNOWN_FUNCTION', `l1.aleo has no function ${name}`, 'call l1.aleo/send');
      }
      if (operands.length !== 3) {
        return fail(
          'PROGRAM_ARITY',
          `l1.aleo/send takes 3 operands, found ${operands.length}`,
          'give three field elements',
        );
      }
      return operands.every((type) => sameType(type, literal('field'))) ? 'none' : undefined;
    },
    evaluate() {
      return [];
    },
  },
];
