/** Errors of the program language: refused source text, halted execution, unsatisfiable traces. */
import { AzaleaError, type ErrorDetails } from '../protocol/errors.ts';
import { lineAt, type Position, positionAt, type SourceFile, type Span } from './source.ts';

/**
 * A program text that is refused. The message reads as a compiler's:
 *
 *     error[PROGRAM_UNKNOWN_REGISTER]: register r9 is not defined
 *       --> token.aleo:12:9
 *        |
 *     12 |     add r0 r9 into r2;
 *        |            ^^
 *        = help: define it in an earlier input or instruction
 */
export class ProgramError extends AzaleaError {
  readonly position: Position;
  readonly problem: string;
  readonly hint: string | undefined;

  constructor(source: SourceFile, code: string, span: Span, problem: string, hint?: string) {
    const position = positionAt(source, span.start);
    super(code, render(source, code, span, position, problem, hint), {
      file: position.file,
      line: position.line,
      column: position.column,
    });
    this.name = 'ProgramError';
    this.position = position;
    this.problem = problem;
    this.hint = hint;
  }
}

function render(
  source: SourceFile,
  code: string,
  span: Span,
  position: Position,
  problem: string,
  hint: string | undefined,
): string {
  const line = lineAt(source, span.start).replaceAll('\t', ' ');
  const number = String(position.line);
  const gutter = ' '.repeat(number.length);
  const length = Math.max(1, Math.min(span.end - span.start, line.length - position.column + 1));
  const lines = [
    `error[${code}]: ${problem}`,
    `${gutter}--> ${position.file}:${position.line}:${position.column}`,
    `${gutter} |`,
    `${number} | ${line}`,
    `${gutter} | ${' '.repeat(position.column - 1)}${'^'.repeat(length)}`,
  ];
  if (hint !== undefined) lines.push(`${gutter} = help: ${hint}`);
  return lines.join('\n');
}

/** Why an instruction cannot be executed on its operands; the interpreter adds program, function and line. */
export class Halt extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'Halt';
    this.code = code;
  }
}

/** An execution that halts: no proof of this call exists. */
export class HaltError extends AzaleaError {
  readonly position: Position | undefined;

  constructor(code: string, message: string, details: ErrorDetails, position?: Position) {
    super(code, message, details);
    this.name = 'HaltError';
    this.position = position;
  }
}
