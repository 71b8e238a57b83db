/** One small function per instruction and type, with its bytecode hash. */
import { compileProgram, type Program } from '../../../program/compile/artifact.ts';
import { ProgramError } from '../../../program/diagnostics/errors.ts';
import { CARRIER, programOf } from '../../support/program/programs.ts';
import { FROZEN_SHAPES, SHAPES, type Shape } from '../../support/program/shapes.ts';

/** Bytecode hashes by name, such as `cast u8 as boolean`, or `shl i8 u16`. */
export function* lowerSamples(): Generator<[string, bigint]> {
  yield* samplesOf(FROZEN_SHAPES, ({ opcode }, type) => `${opcode} ${type}`);
  yield* samplesOf(SHAPES, (shape, type) => `${shape.opcode} ${shape.operands(type).join(' ')}`);
}

/** The program, undefined where one such instruction fills more than a circuit. */
function compiled(source: string): Program | undefined {
  try {
    return compileProgram(source);
  } catch (error) {
    if (error instanceof ProgramError && error.code === 'PROGRAM_CAPACITY') return undefined;
    throw error;
  }
}

function* samplesOf(
  shapes: readonly Shape[],
  nameOf: (shape: Shape, type: Shape['on'][number]) => string,
): Generator<[string, bigint]> {
  for (const shape of shapes) {
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
      const program = compiled(programOf(lines.join('\n'), CARRIER(1)));
      if (program !== undefined) {
        yield [`${nameOf(shape, type)}${as}`, program.functions.get('f')!.bytecode.hash];
      }
    }
  }
}
