/** A diagnostic: an error, a warning or a halt at a place in a program. As data, and as text. */
import { printable } from '../../protocol/printable.ts';
import { lineAt, type Position, positionAt, type SourceFile, type Span } from '../syntax/source.ts';

export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly problem: string;
  readonly position: Position;
  /** Characters to underline, at least one. */
  readonly length: number;
  /** The line that the place is on. */
  readonly sourceLine: string;
  /** Facts that explain the problem, such as values. */
  readonly note?: string;
  /** A remedy. */
  readonly hint?: string;
}

export type DiagnosticText = Pick<Diagnostic, 'severity' | 'code' | 'problem' | 'note' | 'hint'>;

/** A diagnostic at a place of a source; what reaches over the end of its line is cut off. */
export function diagnosticAt(source: SourceFile, span: Span, text: DiagnosticText): Diagnostic {
  const position = positionAt(source, span.start);
  const sourceLine = lineAt(source, span.start);
  const room = sourceLine.length - position.column + 1;
  return { ...text, position, length: Math.max(1, Math.min(span.end - span.start, room)), sourceLine };
}

/** Parts of the text that a terminal may colour. */
export type DiagnosticStyle = Diagnostic['severity'] | 'problem' | 'gutter' | 'help';
export type Paint = (style: DiagnosticStyle, text: string) => string;

/**
 * Formats a diagnostic as compilers do:
 *
 *     error[PROGRAM_UNKNOWN_REGISTER]: r9 is not defined
 *       --> token.aleo:12:9
 *        |
 *     12 |     add r0 r9 into r2;
 *        |            ^^
 *        = help: define it in an earlier input or instruction
 *
 * Control characters are replaced, so that they cannot steer a terminal. Of a long line the part around the place is shown.
 */
export function renderDiagnostic(diagnostic: Diagnostic, paint: Paint = (_style, text) => text): string {
  const { severity, code, problem, position, note, hint } = diagnostic;
  const { line, column, length } = excerpt(diagnostic);
  const number = String(position.line);
  const margin = ' '.repeat(number.length);
  const bar = paint('gutter', `${margin} |`);
  const place = `${printable(position.file)}:${position.line}:${position.column}`;
  const underline = `${' '.repeat(column - 1)}${paint(severity, '^'.repeat(length))}`;
  const lines = [
    `${paint(severity, `${severity}[${code}]`)}${paint('problem', `: ${printable(problem)}`)}`,
    `${margin}${paint('gutter', '-->')} ${place}`,
    bar,
    `${paint('gutter', `${number} |`)} ${printable(line)}`.trimEnd(),
    `${bar} ${underline}`,
  ];
  const remark = (title: 'note' | 'help', text: string): string =>
    `${paint('gutter', `${margin} =`)} ${paint('help', title)}: ${printable(text)}`;
  if (note !== undefined) lines.push(remark('note', note));
  if (hint !== undefined) lines.push(remark('help', hint));
  return lines.join('\n');
}

/** Longest part of a line that is shown, and how much of it stands before the place. */
const SHOWN = 160;
const BEFORE = 60;

/** The part of the line to show, with the place in it. */
function excerpt({ sourceLine, position, length }: Diagnostic): {
  line: string;
  column: number;
  length: number;
} {
  const { column } = position;
  if (sourceLine.length <= SHOWN) return { line: sourceLine, column, length };
  const start = Math.max(0, Math.min(column - 1 - BEFORE, sourceLine.length - SHOWN));
  const [head, tail] = [start > 0 ? '…' : '', start + SHOWN < sourceLine.length ? '…' : ''];
  const at = column - start + head.length;
  return {
    line: `${head}${sourceLine.slice(start, start + SHOWN)}${tail}`,
    column: at,
    length: Math.max(1, Math.min(length, SHOWN + head.length - at + 1)),
  };
}
