import { FUTURE_LITERAL_TYPES, isLiteralType, type Visibility } from '../types.ts';
import type { TypeNode } from './ast.ts';
import type { Cursor } from './cursor.ts';

/** `u64`, `point`, `token.record`. Visibility is left to `parseVisibility`. */
export function parseType(cursor: Cursor): TypeNode {
  if (cursor.is('[')) {
    cursor.fail('PROGRAM_NOT_YET', cursor.token.span, 'arrays are not supported yet', 'use a struct');
  }
  const { text, span } = cursor.token;
  if (cursor.token.kind === 'word' && isLiteralType(text)) {
    cursor.next();
    return { kind: 'literal', name: text, span };
  }
  if (FUTURE_LITERAL_TYPES.includes(text)) {
    cursor.fail(
      'PROGRAM_NOT_YET',
      span,
      `the type ${text} is not supported yet`,
      'use address, boolean, field, u8, u16, u32, u64 or u128',
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

/** `.private`, `.public` or `.constant`, which every plain input, output and record member must state. */
export function parseVisibility(cursor: Cursor): Visibility {
  const type = cursor.previous;
  if (cursor.takeAdjacent('.')) {
    for (const visibility of ['private', 'public', 'constant'] as const) {
      if (cursor.takeAdjacent(visibility)) return visibility;
    }
  }
  return cursor.fail(
    'PROGRAM_VISIBILITY',
    type.span,
    `${type.text} has no visibility`,
    `write ${type.text}.private, ${type.text}.public or ${type.text}.constant`,
  );
}
