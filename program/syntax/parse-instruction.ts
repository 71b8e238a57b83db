import { refusalOf } from '../instructions/refused.ts';
import type { Destination, Instruction, Operand, TypeNode } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { parseOperand, parseRegister } from './parse-operand.ts';
import { parseType } from './parse-type.ts';
import { join } from './source.ts';

/** Most operands that are read of one instruction: far above what any takes. */
const MAX_OPERANDS = 32;

/**
 * `OPCODE operand... [into rN] [as TYPE];`, `call CLOSURE operand... [into rN...];` and `call PROGRAM.aleo/NAME operand...;`.
 * The checker knows the opcodes and their operands; those of finalize are refused here.
 */
export function parseInstruction(cursor: Cursor): Instruction {
  const first = cursor.word('an instruction');
  let opcode = first.text;
  while (cursor.takeAdjacent('.')) opcode += `.${cursor.word('the rest of the instruction').text}`;
  const opcodeSpan = join(first.span, cursor.previous.span);
  const refusal = refusalOf(opcode);
  // Their operands are names and keys, which the rest of this grammar does not know.
  if (refusal?.code === 'PROGRAM_NOT_YET') {
    cursor.fail(refusal.code, opcodeSpan, refusal.problem, refusal.hint);
  }
  const callee = opcode === 'call' ? parseCallee(cursor) : undefined;
  const operands: Operand[] = [];
  while (!cursor.is(';') && !cursor.is('into') && !cursor.is('as')) {
    if (operands.length === MAX_OPERANDS) {
      cursor.fail('PROGRAM_ARITY', cursor.token.span, `more than ${MAX_OPERANDS} operands`, 'drop some');
    }
    operands.push(parseOperand(cursor));
  }
  const destinations: Destination[] = [];
  if (cursor.take('into')) {
    do {
      if (destinations.length === MAX_OPERANDS) {
        cursor.fail(
          'PROGRAM_ARITY',
          cursor.token.span,
          `more than ${MAX_OPERANDS} destinations`,
          'drop some',
        );
      }
      destinations.push(parseRegister(cursor));
    } while (opcode === 'call' && !cursor.is(';') && !cursor.is('as'));
  }
  let as: TypeNode | undefined;
  let coordinate: Instruction['coordinate'];
  if (cursor.take('as')) {
    coordinate = parseCoordinate(cursor);
    if (coordinate === undefined) as = parseType(cursor);
  }
  cursor.expect(';', 'after an instruction');
  return {
    opcode,
    opcodeSpan,
    callee,
    operands,
    destinations,
    as,
    coordinate,
    span: join(first.span, cursor.previous.span),
  };
}

/** `group.x` or `group.y`; undefined, with nothing read, for anything else. */
function parseCoordinate(cursor: Cursor): Instruction['coordinate'] {
  if (!cursor.is('group') || !cursor.lookahead('.')) return undefined;
  cursor.next();
  cursor.takeAdjacent('.');
  for (const coordinate of ['x', 'y'] as const) if (cursor.takeAdjacent(coordinate)) return coordinate;
  return cursor.unexpected('`group.x` or `group.y`');
}

function parseCallee(cursor: Cursor): Instruction['callee'] {
  const start = cursor.token.span;
  if (cursor.token.kind === 'word' && !cursor.lookahead('.')) {
    const { name, span } = cursor.name('a closure');
    return { name, span };
  }
  const program = cursor.programName('a called program');
  if (!cursor.takeAdjacent('/')) cursor.unexpected(`\`/\` and a function after ${program.name}.aleo`);
  const name = cursor.word('a function');
  return { program: program.name, name: name.text, span: join(start, name.span) };
}
