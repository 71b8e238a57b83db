import { SCALAR_BITS } from '../../protocol/constants.ts';
import { G, mulPoint } from '../../protocol/curve/point.ts';
import {
  GROUP_GENERATOR,
  isProblem,
  type LiteralProblem,
  looksLikeAddress,
  looksLikeSignature,
  parseLiteral,
} from '../values/literal.ts';
import type { Destination, Operand, PathStep } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { join, type Span } from './source.ts';

/** Highest register number that is read: far above what fits any function. */
const MAX_REGISTER = 65_535;

/** Names of Aleo that are operands of finalize. */
const FINALIZE_OPERANDS: readonly string[] = ['block', 'network', 'edition', 'checksum', 'program_owner'];

/** `r7`; as in snarkVM zeros may stand before the number. */
export function parseRegister(cursor: Cursor, hint = `registers are r0 to r${MAX_REGISTER}`): Destination {
  const { text, span } = cursor.word('a register such as r0');
  const match = /^r0*(0|[1-9][0-9]*)$/.exec(text);
  if (match === null || match[1].length > 5 || Number(match[1]) > MAX_REGISTER) {
    return cursor.fail('PROGRAM_REGISTER_INVALID', span, `${text} is not a register`, hint);
  }
  return { register: Number(match[1]), span };
}

/** Operands that the language lacks are refused as elsewhere; the other codes speak of the literal. */
function literalCode({ code }: LiteralProblem): string {
  return code === 'UNSUPPORTED' ? 'PROGRAM_UNSUPPORTED' : `PROGRAM_LITERAL_${code}`;
}

/** `3u32`: an index or a length. */
export function parseCount(cursor: Cursor, what: string): { value: number; span: Span } {
  const { kind, text, span } = cursor.token;
  if (kind !== 'number') cursor.unexpected(`${what} such as 3u32`);
  cursor.next();
  const read = parseLiteral(text);
  if (isProblem(read)) return cursor.fail(literalCode(read), span, read.problem, read.hint);
  if (read.type !== 'u32') {
    cursor.fail('PROGRAM_TYPE_MISMATCH', span, `${what} is a u32, found ${text}`, 'write it as 3u32');
  }
  return { value: Number(read.value), span };
}

/** `group::GEN` */
function parseGenerator(cursor: Cursor): Operand {
  const { span: start } = cursor.next();
  for (const part of [':', ':', 'GEN']) {
    if (!cursor.takeAdjacent(part)) cursor.unexpected(`\`${GROUP_GENERATOR}\``);
  }
  return { kind: 'literal', type: 'group', value: G.x, span: join(start, cursor.previous.span) };
}

/**
 * `aleo::GENERATOR`, the point that a view key multiplies to an address, here the generator of the curve; and
 * `aleo::GENERATOR_POWERS[3u32]`, 2^3 times it.
 */
function parseAccountGenerator(cursor: Cursor): Operand {
  const { span: start } = cursor.next();
  for (const part of [':', ':']) if (!cursor.takeAdjacent(part)) cursor.unexpected('`aleo::GENERATOR`');
  const literal = (x: bigint): Operand => ({
    kind: 'literal',
    type: 'group',
    value: x,
    span: join(start, cursor.previous.span),
  });
  const { text } = cursor.token;
  if (!/^GENERATOR(_POWERS)?$/.test(text) || !cursor.takeAdjacent(text)) {
    cursor.unexpected('`aleo::GENERATOR` or `aleo::GENERATOR_POWERS[0u32]`');
  }
  if (text === 'GENERATOR') return literal(G.x);
  if (!cursor.takeAdjacent('[')) {
    cursor.fail(
      'PROGRAM_UNSUPPORTED',
      join(start, cursor.previous.span),
      `all ${SCALAR_BITS} powers at once are more literals than a circuit takes`,
      'name one: aleo::GENERATOR_POWERS[0u32]',
    );
  }
  const { value, span } = parseCount(cursor, 'the number of a power');
  cursor.expect(']', 'after the number of a power');
  if (value >= SCALAR_BITS) {
    cursor.fail(
      'PROGRAM_UNKNOWN_ELEMENT',
      span,
      `aleo::GENERATOR_POWERS has no element ${value}`,
      `its elements are [0u32] to [${SCALAR_BITS - 1}u32]`,
    );
  }
  return literal(mulPoint(G, 1n << BigInt(value)).x);
}

/** A literal, a register with an optional path of members and elements, `self.caller` or `self.signer`. */
export function parseOperand(cursor: Cursor): Operand {
  const { kind, text, span } = cursor.token;
  const isSignature = looksLikeSignature(text) && !cursor.lookahead('.');
  if (kind === 'number' || text === 'true' || text === 'false' || looksLikeAddress(text) || isSignature) {
    cursor.next();
    const read = parseLiteral(text);
    if (isProblem(read)) return cursor.fail(literalCode(read), span, read.problem, read.hint);
    return { kind: 'literal', ...read, span };
  }
  if (kind !== 'word') cursor.unexpected('an operand');
  if (text === 'group' && cursor.lookahead(':')) return parseGenerator(cursor);
  if (text === 'aleo' && cursor.lookahead(':')) return parseAccountGenerator(cursor);
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
  if (FINALIZE_OPERANDS.includes(text)) {
    cursor.fail(
      'PROGRAM_NOT_YET',
      span,
      `${text} belongs to finalize, which is not supported yet`,
      'leave it out, or take it as an input: then the caller chooses it',
    );
  }
  if (cursor.lookahead('.') && cursor.lookahead('aleo', 2)) {
    cursor.fail(
      'PROGRAM_NOT_YET',
      span,
      `the address of the program ${text}.aleo is not supported yet`,
      'programs do not call each other yet: leave it out',
    );
  }
  const register = parseRegister(
    cursor,
    'an operand is a register such as r0, a literal such as 5u64, self.signer or self.caller',
  );
  const path: PathStep[] = [];
  while (true) {
    if (cursor.takeAdjacent('.')) {
      const member = cursor.word('a member');
      path.push({ kind: 'member', name: member.text, span: member.span });
    } else if (cursor.takeAdjacent('[')) {
      const { value, span: at } = parseCount(cursor, 'the index of an element');
      cursor.expect(']', 'after the index of an element');
      path.push({ kind: 'element', index: value, span: at });
    } else break;
  }
  return { kind: 'register', register: register.register, path, span: join(span, cursor.previous.span) };
}
