/** Finds a program's comments on its parts: they become JSDoc and argument names of its bindings. */
import type { CheckedProgram } from '../../program/check/checked.ts';
import type { Span } from '../../program/syntax/source.ts';
import { printable } from '../../protocol/printable.ts';

/** An input's comment: `// amount: in units of the token`, `// amount`, or any other text. */
export interface InputComment {
  readonly name?: string;
  readonly text?: string;
}

export interface SourceComments {
  /** Lines at the head of the file. */
  readonly program: readonly string[];
  /** Lines directly above a struct, record or function, by its name. */
  readonly declarations: ReadonlyMap<string, readonly string[]>;
  /** The comment after a member on its line, by `record.member`. */
  readonly members: ReadonlyMap<string, string>;
  /** The comment after an input on its line, by function, in order of the inputs. */
  readonly inputs: ReadonlyMap<string, readonly InputComment[]>;
}

export function sourceComments({ source: { text }, node }: CheckedProgram): SourceComments {
  const declarations = new Map<string, readonly string[]>();
  const members = new Map<string, string>();
  const inputs = new Map<string, readonly InputComment[]>();
  const lines = text.split('\n');
  for (const declaration of node.declarations) {
    const { name } = declaration.name;
    declarations.set(name, linesAbove(lines, lineOf(text, declaration.name.span)));
    if (declaration.kind === 'struct' || declaration.kind === 'record') {
      for (const member of declaration.members) {
        const comment = commentAfter(text, member.name.span);
        if (comment !== undefined) members.set(`${name}.${member.name.name}`, comment);
      }
    } else {
      inputs.set(
        name,
        declaration.inputs.map(({ span }) => inputComment(commentAfter(text, span))),
      );
    }
  }
  return { program: linesAtHead(lines), declarations, members, inputs };
}

function lineOf(text: string, { start }: Span): number {
  return text.slice(0, start).split('\n').length - 1;
}

/** The comment lines that end directly above a line; an empty line ends them. */
function linesAbove(lines: readonly string[], line: number): string[] {
  let first = line;
  while (first > 0 && isLineComment(lines[first - 1])) first--;
  if (first < line) return lines.slice(first, line).map(textOfLine);
  if (first === 0 || !lines[first - 1].trimEnd().endsWith('*/')) return [];
  let open = first - 1;
  while (open > 0 && !lines[open].includes('/*')) open--;
  return lines[open].trimStart().startsWith('/*') ? textOfBlock(lines.slice(open, first)) : [];
}

/** The comment that a file begins with. */
function linesAtHead(lines: readonly string[]): string[] {
  const start = lines.findIndex((line) => line.trim() !== '');
  if (start < 0) return [];
  let end = start;
  if (lines[start].trimStart().startsWith('/*')) {
    while (end < lines.length && !lines[end].includes('*/')) end++;
    return textOfBlock(lines.slice(start, end + 1));
  }
  while (end < lines.length && isLineComment(lines[end])) end++;
  return lines.slice(start, end).map(textOfLine);
}

function isLineComment(line: string): boolean {
  return line.trimStart().startsWith('//');
}

function textOfLine(line: string): string {
  return clean(line.trim().replace(/^\/\/+ ?/, ''));
}

function textOfBlock(lines: readonly string[]): string[] {
  const texts = lines.map((line) =>
    clean(
      line
        .trim()
        .replace(/^\/\*+|\*+\/$|^\*(?!\/)/g, '')
        .trim(),
    ),
  );
  return texts.filter((text, k) => text !== '' || (k > 0 && k < texts.length - 1));
}

/** The line comment that follows a statement on its line. */
function commentAfter(text: string, { start }: Span): string | undefined {
  const end = text.indexOf('\n', start);
  const line = text.slice(start, end < 0 ? undefined : end);
  const comment = /^[^;/]*;\s*\/\/+\s*(.*\S)\s*$/.exec(line)?.[1];
  return comment === undefined ? undefined : clean(comment);
}

function inputComment(comment: string | undefined): InputComment {
  if (comment === undefined) return {};
  const named = /^([a-z][A-Za-z0-9_]*)(?::\s*(.+))?$/.exec(comment);
  return named === null ? { text: comment } : { name: named[1], text: named[2] };
}

/** It cannot end the comment that it is put into. */
function clean(text: string): string {
  return printable(text).replaceAll('*/', '*\\/').trimEnd();
}
