import { FUTURE_LITERAL_TYPES, isLiteralType, type Visibility } from '../values/types.ts';
import type { TypeNode } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { parseCount } from './parse-operand.ts';
import { printType } from './printer.ts';
import { join } from './source.ts';

/** Deepest nesting of array types that is read. */
const MAX_ARRAY_DEPTH = 8;

/** `u64`, `point`, `token.record`, `[u8; 4u32]`. Visibility is left to `parseVisibility`. */
export function parseType(cursor: Cursor, depth = 0): TypeNode {
  if (cursor.is('[')) return parseArray(cursor, depth);
  const { text, span } = cursor.token;
  if (cursor.token.kind === 'word' && isLiteralType(text)) {
    cursor.next();
    return { kind: 'literal', name: text, span };
  }
  if (text === 'signature') {
    cursor.fail(
      'PROGRAM_UNSUPPORTED',
      span,
      'the type signature does not exist here: signatures of Aleo are defined on another curve',
      'let the signer call the function: self.signer has signed the whole call',
    );
  }
  if (FUTURE_LITERAL_TYPES.includes(text)) {
    cursor.fail(
      'PROGRAM_NOT_YET',
      span,
      `the type ${text} is not supported yet`,
      'use address, boolean, field, group, scalar or an integer',
    );
  }
  const name = cursor.name('a type');
  if (cursor.is('.')) {
    const dot = cursor.token;
    // `.record` belongs to the type, `.private` and its like do not.
    if (dot.span.start === name.span.end && cursor.lookahead('record')) {
      cursor.next();
      const end = cursor.next();
      return { kind: 'record', name: name.name, span: { start: name.span.start, end: end.span.end } };
    }
    if (cursor.lookahead('aleo')) {
      cursor.fail(
        'PROGRAM_NOT_YET',
        name.span,
        'types of other programs are not supported yet',
        'declare the type here',
      );
    }
  }
  return { kind: 'struct', ...name };
}

function parseArray(cursor: Cursor, depth: number): TypeNode {
  const { span: start } = cursor.next();
  if (depth === MAX_ARRAY_DEPTH) {
    cursor.fail(
      'PROGRAM_ARRAY',
      start,
      'this array nests too deep',
      `arrays nest at most ${MAX_ARRAY_DEPTH} deep`,
    );
  }
  const element = parseType(cursor, depth + 1);
  cursor.expect(';', 'and the length of the array, such as [u8; 4u32]');
  const { value: length } = parseCount(cursor, 'the length of an array');
  const end = cursor.expect(']', 'after the length of the array');
  return { kind: 'array', element, length, span: join(start, end.span) };
}

/** `.private`, `.public` or `.constant`, which every plain input, output and record member must state. */
export function parseVisibility(cursor: Cursor, type: TypeNode): Visibility {
  const written = printType(type);
  if (cursor.takeAdjacent('.')) {
    for (const visibility of ['private', 'public', 'constant'] as const) {
      if (cursor.takeAdjacent(visibility)) return visibility;
    }
  }
  return cursor.fail(
    'PROGRAM_VISIBILITY',
    type.span,
    `${written} has no visibility`,
    `write ${written}.private, ${written}.public or ${written}.constant${type.kind === 'struct' ? `, or ${written}.record if it is one` : ''}`,
  );
}
