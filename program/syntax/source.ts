/** A program's text and places in it. */

export interface SourceFile {
  /** Shown in errors, for example `token.aleo`. */
  readonly name: string;
  readonly text: string;
  /** It was compiled before: comments that are refused in new texts are taken, so that nobody loses a program. */
  readonly isKnown?: boolean;
}

/** Half-open range of UTF-16 offsets into a source text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Line and column count from 1; columns are UTF-16 units. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Place of an offset in a source text. */
export function positionAt(source: SourceFile, offset: number): Position {
  const before = source.text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  let line = 1;
  for (let i = before.indexOf('\n'); i >= 0; i = before.indexOf('\n', i + 1)) line++;
  return { file: source.name, line, column: offset - lineStart + 1 };
}

/** The whole line an offset lies on, without its line ending. */
export function lineAt(source: SourceFile, offset: number): string {
  const start = source.text.lastIndexOf('\n', offset - 1) + 1;
  const end = source.text.indexOf('\n', offset);
  return source.text.slice(start, end < 0 ? undefined : end).replace(/\r$/, '');
}

/** The span from the start of one to the end of another. */
export function join(first: Span, last: Span): Span {
  return { start: first.start, end: last.end };
}
