/** Text to tokens. Comments (`//`, `/* *\/`) and white space separate tokens and are dropped. */
import { ProgramError } from '../diagnostics/errors.ts';
import type { SourceFile } from './source.ts';
import type { Token } from './token.ts';

/** Longest program text that is read, in UTF-16 units (snarkVM's MAX_PROGRAM_SIZE). */
export const MAX_PROGRAM_LENGTH = 100_000;

/** A backslash before a line feed is white space to snarkVM. */
const SPACE = /(?:[ \t\r\n]+|\\\n)+/y;
const LINE_COMMENT = /\/\/[^\n]*/y;
/** A line that means the same whether or not the comment before it goes on: blank, or a comment itself. */
const NO_STATEMENT = /\n[ \t\r]*(\n|\/\/|$)/y;
/** Characters that snarkVM keeps out of comments: control characters, and those that reverse text and so hide its meaning. */
const HIDDEN = /(?![\t\n\r\u0080-\u009f])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u;
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /-?[0-9][0-9A-Za-z_]*/y;
const SYMBOL = /[:;./]/y;
/** Punctuation of parts of the language that are parsed only to be refused by name. */
const FUTURE_SYMBOL = /[[\](){}?=,@]/y;

/** The first words of a program of Leo, which compiles to Aleo instructions. */
const LEO = /^[ \t]*program[ \t]+\w+\.aleo\s*\{/m;
export const LEO_HINT = 'this is Leo: compile it with `leo build`, and take build/main.aleo';

/**
 * Tokens of a source text, ended by one `end` token.
 * @throws ProgramError PROGRAM_TOO_LONG, PROGRAM_UNEXPECTED_CHARACTER, PROGRAM_COMMENT_OPEN, PROGRAM_COMMENT_CONTINUES, PROGRAM_NOT_YET
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
  /** Goes on after a comment. */
  const skipComment = (comment: string): void => {
    const hidden = HIDDEN.exec(comment);
    if (hidden !== null && !source.isKnown) {
      const start = at + hidden.index;
      throw new ProgramError(
        source,
        'PROGRAM_UNEXPECTED_CHARACTER',
        { start, end: start + 1 },
        `unexpected character ${escaped(hidden[0])} in a comment`,
        'take it out: it can hide what a program says; the program keeps its id',
      );
    }
    at += comment.length;
  };
  while (at < text.length) {
    const space = match(SPACE);
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    const comment = match(LINE_COMMENT);
    if (comment !== undefined) {
      skipComment(comment);
      if (
        comment.endsWith('\\') &&
        at < text.length &&
        match(NO_STATEMENT) === undefined &&
        !source.isKnown
      ) {
        throw new ProgramError(
          source,
          'PROGRAM_COMMENT_CONTINUES',
          { start: at - 1, end: at },
          'for snarkVM this comment goes on in the next line, here it ends',
          'drop the backslash: the program keeps its id',
        );
      }
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
      skipComment(text.slice(at, close + 2));
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
    if (character === '"' || character === "'") {
      throw new ProgramError(
        source,
        'PROGRAM_NOT_YET',
        { start: at, end: at + 1 },
        character === '"' ? 'strings are not supported yet' : 'identifiers as values are not supported yet',
        'write a field element',
      );
    }
    throw new ProgramError(
      source,
      'PROGRAM_UNEXPECTED_CHARACTER',
      { start: at, end: at + character.length },
      `unexpected character ${VISIBLE.test(character) ? JSON.stringify(character) : escaped(character)}`,
      characterHint(character, text.slice(0, at)),
    );
  }
  tokens.push({ kind: 'end', text: '', span: { start: text.length, end: text.length } });
  return tokens;
}

/** A character that a message can show. */
const VISIBLE = /^[\p{L}\p{N}\p{P}\p{S}]$/u;

function characterHint(character: string, before: string): string {
  if (LEO.test(before)) return LEO_HINT;
  if (character === '\ufeff' && before === '') return 'save the file as UTF-8 without a byte order mark';
  return 'a program consists of ASCII letters, digits, underscores and : ; . /';
}

/** `\u202e`: a character that cannot be shown. */
function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
