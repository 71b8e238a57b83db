/** The order in which a function runs, over any domain of leaves: numbers (interpreter) or wires (lowering). */

import type { Typed } from '../values/types.ts';
import type { CheckedFunction, CheckedOperand, CheckedOperation } from './checked.ts';

export interface Domain<T> {
  literal(value: bigint): T;
  self(name: 'caller' | 'signer'): T;
  /** Leaves of the result; [] when there is none. */
  run(operation: CheckedOperation, operands: readonly Typed<T>[]): readonly T[];
}

/** Runs all instructions, those of closures in place of their calls; returns the outputs in order. `inputs` has one value per input of the function. */
export function execute<T>(fn: CheckedFunction, inputs: readonly Typed<T>[], domain: Domain<T>): Typed<T>[] {
  const registers = new Map<number, readonly T[]>();
  fn.inputs.forEach(({ register }, i) => {
    registers.set(register, inputs[i].leaves);
  });
  const read = (operand: CheckedOperand): Typed<T> => {
    switch (operand.kind) {
      case 'literal':
        return { type: operand.type, leaves: [domain.literal(operand.value)] };
      case 'self':
        return { type: operand.type, leaves: [domain.self(operand.name)] };
      case 'register': {
        const { type, register, offset, length } = operand;
        return { type, leaves: registers.get(register)!.slice(offset, offset + length) };
      }
    }
  };
  for (const instruction of fn.instructions) {
    const operands = instruction.operands.map(read);
    if (instruction.kind === 'closure') {
      const outputs = execute(instruction.closure, operands, domain);
      instruction.results.forEach(({ register }, i) => {
        registers.set(register, outputs[i].leaves);
      });
      continue;
    }
    const leaves = domain.run(instruction, operands);
    if (instruction.result !== undefined) registers.set(instruction.result.register, leaves);
  }
  return fn.outputs.map(({ operand }) => read(operand));
}
