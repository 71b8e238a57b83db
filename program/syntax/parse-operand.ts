import { isProblem, looksLikeAddress, parseLiteral } from '../literal.ts';
import { join } from '../source.ts';
import type { Destination, Identifier, Operand } from './ast.ts';
import type { Cursor } from './cursor.ts';

/** Highest register number that is read: far above what fits any function. */
const MAX_REGISTER = 65_535;

/** `r7` */
export function parseRegister(cursor: Cursor): Destination {
  const { text, span } = cursor.word('a register such as r0');
  const match = /^r(0|[1-9][0-9]*)$/.exec(text);
  if (match === null || match[1].length > 5 || Number(match[1]) > MAX_REGISTER) {
    return cursor.fail(
      'PROGRAM_REGISTER_INVALID',
      span,
      `${text} is not a register`,
      `registers are r0 to r${MAX_REGISTER}`,
    );
  }
  return { register: Number(match[1]), span };
}

/** A literal, a register with an optional member path, `self.caller` or `self.signer`. */
export function parseOperand(cursor: Cursor): Operand {
  const { kind, text, span } = cursor.token;
  if (kind === 'number' || text === 'true' || text === 'false' || looksLikeAddress(text)) {
    cursor.next();
    const read = parseLiteral(text);
    if (isProblem(read)) return cursor.fail(`PROGRAM_LITERAL_${read.code}`, span, read.problem, read.hint);
    return { kind: 'literal', ...read, span };
  }
  if (kind !== 'word') cursor.unexpected('an operand');
  if (text === 'self') {
    cursor.next();
    if (!cursor.takeAdjacent('.')) cursor.unexpected('`.caller` or `.signer` after self');
    const name = cursor.word('caller or signer');
    if (name.text !== 'caller' && name.text !== 'signer') {
      const future = name.text === 'address' || name.text === 'parent';
      return cursor.fail(
        future ? 'PROGRAM_NOT_YET' : 'PROGRAM_SYNTAX',
        join(span, name.span),
        `self.${name.text} ${future ? 'is not supported yet' : 'does not exist'}`,
        'use self.caller or self.signer',
      );
    }
    return { kind: 'self', name: name.text, span: join(span, name.span) };
  }
  const register = parseRegister(cursor);
  const path: Identifier[] = [];
  while (cursor.takeAdjacent('.')) {
    const member = cursor.word('a member');
    path.push({ name: member.text, span: member.span });
  }
  return { kind: 'register', register: register.register, path, span: join(span, cursor.previous.span) };
}
