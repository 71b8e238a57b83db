import { printable, printableJson, printableLines } from '../../protocol/printable.ts';

/** The output of a command: results on standard output, everything else on standard error. */
export interface Output {
  /** True if results are one JSON object (`--json`). */
  readonly json: boolean;
  /** The result: `value` with --json, else `lines`. */
  result(value: unknown, lines: readonly string[]): void;
  /** A result that is a text of many lines, such as a file: with --json `value`, else the text. */
  document(value: unknown, text: string): void;
  /** Something to know that is not the result. */
  notice(line: string): void;
  /** A notice with colours and line ends of this software's own; its parts are printable. */
  painted(text: string): void;
}

export interface OutputStreams {
  readonly out: { write(text: string): unknown };
  readonly err: { write(text: string): unknown };
}

export function createOutput(json: boolean, streams: OutputStreams): Output {
  const write = (text: string): void => {
    if (text !== '') streams.out.write(`${text}\n`);
  };
  return {
    json,
    result: (value, lines) => write(json ? toJson(value) : lines.map(printable).join('\n')),
    document: (value, text) => write(json ? toJson(value) : printableLines(text.trimEnd())),
    notice: (line) => streams.err.write(`${printable(line)}\n`),
    painted: (text) => streams.err.write(`${text}\n`),
  };
}

/** One line; big integers as decimal text, as JSON numbers lose digits. */
export function toJson(value: unknown): string {
  return printableJson(
    JSON.stringify(value, (_key, item) => (typeof item === 'bigint' ? String(item) : item)),
  );
}

/** Rows as aligned columns, two spaces apart. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [k, cell] of row.entries()) widths[k] = Math.max(widths[k] ?? 0, cell.length);
  }
  return rows.map((row) =>
    row
      .map((cell, k) => cell.padEnd(widths[k]))
      .join('  ')
      .trimEnd(),
  );
}
