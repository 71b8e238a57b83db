/** Text to tokens. Comments (`//`, `/* *\/`) and white space separate tokens and are dropped. */
import { ProgramError } from '../errors.ts';
import type { SourceFile } from '../source.ts';
import type { Token } from './token.ts';

/** Longest program text that is read, in UTF-16 units (snarkVM's MAX_PROGRAM_SIZE). */
export const MAX_PROGRAM_LENGTH = 100_000;

const SPACE = /[ \t\r\n]+/y;
const LINE_COMMENT = /\/\/[^\n]*/y;
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /-?[0-9][0-9A-Za-z_]*/y;
const SYMBOL = /[:;./]/y;
/** Punctuation of parts of the language that are parsed only to be refused by name. */
const FUTURE_SYMBOL = /[[\](){}?=,@]/y;

/** How a program of Leo, which compiles to Aleo instructions, begins. */
const LEO = /^[ \t]*program[ \t]+\w+\.aleo\s*\{/m;
export const LEO_HINT = 'this is Leo: compile it with `leo build`, and take build/main.aleo';

/**
 * Tokens of a source text, ended by one `end` token.
 * @throws ProgramError PROGRAM_TOO_LONG, PROGRAM_UNEXPECTED_CHARACTER, PROGRAM_COMMENT_OPEN
 */
export function tokenize(source: SourceFile): Token[] {
  const { text } = source;
  if (text.length > MAX_PROGRAM_LENGTH) {
    throw new ProgramError(
      source,
      'PROGRAM_TOO_LONG',
      { start: 0, end: 0 },
      `the program has ${text.length} characters, at most ${MAX_PROGRAM_LENGTH} are read`,
      'split it into several programs',
    );
  }
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  const push = (kind: Token['kind'], found: string): void => {
    tokens.push({ kind, text: found, span: { start: at, end: at + found.length } });
    at += found.length;
  };
  while (at < text.length) {
    const skipped = match(SPACE) ?? match(LINE_COMMENT);
    if (skipped !== undefined) {
      at += skipped.length;
      continue;
    }
    if (text.startsWith('/*', at)) {
      const close = text.indexOf('*/', at + 2);
      if (close < 0) {
        throw new ProgramError(
          source,
          'PROGRAM_COMMENT_OPEN',
          { start: at, end: at + 2 },
          'this comment never ends',
          'close it with */',
        );
      }
      at = close + 2;
      continue;
    }
    const word = match(WORD);
    if (word !== undefined) {
      push('word', word);
      continue;
    }
    const number = match(NUMBER);
    if (number !== undefined) {
      push('number', number);
      continue;
    }
    const symbol = match(SYMBOL) ?? match(FUTURE_SYMBOL);
    if (symbol !== undefined) {
      push('symbol', symbol);
      continue;
    }
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    throw new ProgramError(
      source,
      'PROGRAM_UNEXPECTED_CHARACTER',
      { start: at, end: at + character.length },
      `unexpected character ${JSON.stringify(character)}`,
      LEO.test(text.slice(0, at))
        ? LEO_HINT
        : 'a program consists of ASCII letters, digits, underscores and : ; . /',
    );
  }
  tokens.push({ kind: 'end', text: '', span: { start: text.length, end: text.length } });
  return tokens;
}
