/** A place in a list of tokens, with the expectations that parsing is made of. */
import { ProgramError } from '../diagnostics/errors.ts';
import type { Identifier } from './ast.ts';
import { tokenize } from './lexer.ts';
import { MAX_NAME_LENGTH, RESERVED_DECLARATIONS, RESERVED_WORDS } from './reserved.ts';
import type { SourceFile, Span } from './source.ts';
import type { Token } from './token.ts';

export class Cursor {
  readonly source: SourceFile;
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor(source: SourceFile) {
    this.source = source;
    this.tokens = tokenize(source);
  }

  get token(): Token {
    return this.tokens[this.at];
  }

  /** The last token that was taken. */
  get previous(): Token {
    return this.tokens[Math.max(0, this.at - 1)];
  }

  /** Returns whether the token after the current one, or the one `distance` further on, is `text`. */
  lookahead(text: string, distance = 1): boolean {
    return this.tokens[Math.min(this.at + distance, this.tokens.length - 1)].text === text;
  }

  next(): Token {
    const { token } = this;
    if (token.kind !== 'end') this.at++;
    return token;
  }

  is(text: string): boolean {
    return this.token.kind !== 'end' && this.token.text === text;
  }

  take(text: string): boolean {
    if (!this.is(text)) return false;
    this.next();
    return true;
  }

  /** Takes `text` only if no white space stands before it. */
  takeAdjacent(text: string): boolean {
    if (!this.is(text) || this.token.span.start !== this.previous.span.end) return false;
    this.next();
    return true;
  }

  expect(text: string, where: string, hint?: string): Token {
    if (!this.is(text)) this.unexpected(`\`${text}\` ${where}`, hint);
    return this.next();
  }

  word(what: string): Token {
    if (this.token.kind !== 'word') this.unexpected(what);
    return this.next();
  }

  /** A name that is declared here or refers to a declaration; not a reserved word. It may look like a register, as in snarkVM. */
  name(what: string): Identifier {
    const token = this.word(what);
    const { text, span } = token;
    if (RESERVED_WORDS.has(text)) this.reserved({ name: text, span }, what);
    if (text.startsWith('_') || text.length > MAX_NAME_LENGTH) {
      const long = text.length > MAX_NAME_LENGTH;
      this.fail(
        'PROGRAM_NAME_INVALID',
        span,
        long ? `${text} has ${text.length} bytes` : `${text} starts with an underscore`,
        long ? `a name has at most ${MAX_NAME_LENGTH} bytes` : 'a name starts with a letter',
      );
    }
    return { name: text, span };
  }

  /** The name of a struct, record, function or closure where it is declared: no opcode either. */
  declaredName(what: string): Identifier {
    const identifier = this.name(what);
    if (RESERVED_DECLARATIONS.has(identifier.name)) this.reserved(identifier, what);
    return identifier;
  }

  /** Refuses a name. */
  reserved({ name, span }: Identifier, what: string): never {
    this.fail('PROGRAM_RESERVED_WORD', span, `${name} is a reserved word`, `choose another name for ${what}`);
  }

  /** A name followed by `.aleo`. */
  programName(what: string): Identifier {
    const isL1 = this.is('l1');
    const id = isL1 ? { name: 'l1', span: this.next().span } : this.name(what);
    if (!/^[a-z][a-z0-9_]*$/.test(id.name)) {
      this.fail(
        'PROGRAM_NAME_INVALID',
        id.span,
        `${id.name} is not a program name`,
        'use lower-case letters, digits and underscores',
      );
    }
    if (!this.takeAdjacent('.') || !this.takeAdjacent('aleo')) this.unexpected(`\`.aleo\` after ${id.name}`);
    return id;
  }

  unexpected(wanted: string, hint?: string): never {
    const { kind, text, span } = this.token;
    const found = kind === 'end' ? 'the end of the program' : `\`${text.slice(0, 60)}\``;
    this.fail('PROGRAM_SYNTAX', span, `expected ${wanted}, found ${found}`, hint);
  }

  fail(code: string, span: Span, problem: string, hint?: string): never {
    throw new ProgramError(this.source, code, span, problem, hint);
  }
}
