/** One small function per instruction and type, with its bytecode hash. */
import { compileProgram } from '../../../program/artifact.ts';
import { CARRIER, programOf } from '../../support/programs.ts';
import { FROZEN_SHAPES } from '../../support/shapes.ts';

/** Bytecode hashes by name, such as `cast u8 as boolean`. */
export function* lowerSamples(): Generator<[string, bigint]> {
  for (const shape of FROZEN_SHAPES) {
    for (const type of shape.on) {
      const operands = shape.operands(type);
      const result = shape.result(type);
      const n = operands.length;
      const as = shape.as === undefined ? '' : ` as ${shape.as}`;
      const lines = [
        ...operands.map((operand, i) => `input r${i} as ${operand}.private;`),
        `${shape.opcode} ${operands.map((_, i) => `r${i}`).join(' ')}${result === undefined ? '' : ` into r${n}`}${as};`,
        result === undefined ? 'cast 0field into r8 as field;' : `cast r${n} into r8 as field;`,
        'cast self.signer r8 into r9 as out.record;',
        'output r9 as out.record;',
      ];
      const program = compileProgram(programOf(lines.join('\n'), CARRIER(1)));
      yield [`${shape.opcode} ${type}${as}`, program.functions.get('f')!.bytecode.hash];
    }
  }
}
