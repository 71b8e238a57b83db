/** Tokens to the syntax tree: the grammar of Aleo instructions. */
import { ProgramError } from '../diagnostics/errors.ts';
import { looksLikeAddress } from '../values/literal.ts';
import type {
  Declaration,
  FunctionNode,
  Identifier,
  InputNode,
  Instruction,
  MemberNode,
  OutputNode,
  ProgramNode,
} from './ast.ts';
import { Cursor } from './cursor.ts';
import { LEO_HINT } from './lexer.ts';
import { parseInstruction } from './parse-instruction.ts';
import { parseOperand, parseRegister } from './parse-operand.ts';
import { parseType, parseVisibility } from './parse-type.ts';
import { join, type SourceFile } from './source.ts';
import type { Token } from './token.ts';

/** Declarations of Aleo that this version refuses by name, with remedies. */
const FUTURE_DECLARATIONS: Readonly<Record<string, string>> = {
  mapping: 'there is no public state yet: keep state in records',
  constructor: 'delete it: it rules over upgrades of a deployed program, and nothing is deployed here',
  view: 'delete it: it reads public state, which does not exist yet',
};
const FINALIZE_HINT = 'there is no public state yet: delete the block and `async`, keep state in records';

/**
 * Parses a whole program. With an `onFault` that returns, parsing goes on at the next declaration and the tree lacks the
 * faulty one.
 * @throws ProgramError with the place of the first fault, unless it lies in a declaration and `onFault` takes it
 */
export function parseProgram(
  source: SourceFile,
  onFault: (fault: ProgramError) => void = (fault) => {
    throw fault;
  },
): ProgramNode {
  const cursor = new Cursor(source);
  const imports: Identifier[] = [];
  while (cursor.take('import')) {
    imports.push(cursor.programName('an imported program'));
    cursor.expect(';', 'after an import');
  }
  cursor.expect('program', 'and the name of the program');
  const name = cursor.programName('the program');
  if (name.name === 'l1')
    cursor.fail(
      'PROGRAM_RESERVED_WORD',
      name.span,
      'l1.aleo is reserved for the L1',
      'choose another program name',
    );
  cursor.expect(';', 'after the name of the program', cursor.is('{') ? LEO_HINT : undefined);
  const declarations: Declaration[] = [];
  while (cursor.token.kind !== 'end') {
    const start = cursor.token;
    try {
      declarations.push(parseDeclaration(cursor));
    } catch (error) {
      if (!(error instanceof ProgramError)) throw error;
      onFault(error);
      skipDeclaration(cursor, start);
    }
  }
  return { imports, name, declarations };
}

/** Goes to the next declaration after a fault in the one that starts at `start`. */
function skipDeclaration(cursor: Cursor, start: Token): void {
  const ended = (): boolean => cursor.token.kind === 'end';
  // In `token.record`, the word is no declaration.
  const declares = (): boolean => isDeclarationKeyword(cursor) && cursor.previous.text !== '.';
  while (!ended() && (cursor.token === start || !declares())) cursor.next();
}

function parseDeclaration(cursor: Cursor): Declaration {
  const keyword = cursor.word('struct, record, closure or function');
  switch (keyword.text) {
    case 'struct': {
      const name = cursor.declaredName('the struct');
      cursor.expect(':', 'after the name of the struct');
      return { kind: 'struct', name, members: parseMembers(cursor, false) };
    }
    case 'record': {
      const name = cursor.declaredName('the record');
      cursor.expect(':', 'after the name of the record');
      return { kind: 'record', name, members: parseMembers(cursor, true) };
    }
    case 'function':
    case 'closure':
      return parseFunction(cursor, keyword.text);
    default: {
      if (isFutureDeclaration(keyword.text)) {
        const hint = FUTURE_DECLARATIONS[keyword.text];
        return cursor.fail('PROGRAM_NOT_YET', keyword.span, `${keyword.text} is not supported yet`, hint);
      }
      return cursor.fail(
        'PROGRAM_SYNTAX',
        keyword.span,
        `expected struct, record, closure or function, found \`${keyword.text}\``,
        keyword.text === 'interface' ? 'an interface is called struct now' : undefined,
      );
    }
  }
}

/** `NAME as TYPE;` lines, with visibility in records. */
function parseMembers(cursor: Cursor, visible: boolean): MemberNode[] {
  const members: MemberNode[] = [];
  while (cursor.token.kind === 'word' && !isDeclarationKeyword(cursor)) {
    const name = cursor.name('a member');
    if (!visible && name.name === 'owner') cursor.reserved(name, 'a member: records alone have an owner');
    cursor.expect('as', `and the type of ${name.name}`);
    const type = parseType(cursor);
    const visibility = visible ? parseVisibility(cursor, type) : undefined;
    cursor.expect(';', 'after a member');
    members.push({ name, type, visibility });
  }
  return members;
}

function isDeclarationKeyword(cursor: Cursor): boolean {
  return (
    ['struct', 'record', 'closure', 'function', 'import', 'program'].some((word) => cursor.is(word)) ||
    (cursor.token.kind === 'word' && isFutureDeclaration(cursor.token.text))
  );
}

function isFutureDeclaration(word: string): boolean {
  return Object.hasOwn(FUTURE_DECLARATIONS, word);
}

function parseFunction(cursor: Cursor, kind: FunctionNode['kind']): FunctionNode {
  const name = cursor.declaredName(`the ${kind}`);
  cursor.expect(':', `after the name of the ${kind}`);
  const inputs: InputNode[] = [];
  while (cursor.take('input')) inputs.push(parseInput(cursor, kind));
  const instructions: Instruction[] = [];
  while (cursor.token.kind === 'word' && !cursor.is('output') && !isDeclarationKeyword(cursor)) {
    if (cursor.is('input')) {
      cursor.fail(
        'PROGRAM_SYNTAX',
        cursor.token.span,
        'an input after an instruction',
        'move it to the start of the function',
      );
    }
    if (cursor.is('finalize')) {
      cursor.fail('PROGRAM_NOT_YET', cursor.token.span, 'finalize is not supported yet', FINALIZE_HINT);
    }
    instructions.push(parseInstruction(cursor));
  }
  const outputs: OutputNode[] = [];
  while (cursor.take('output')) outputs.push(parseOutput(cursor, kind));
  if (cursor.is('finalize')) {
    cursor.fail('PROGRAM_NOT_YET', cursor.token.span, 'finalize is not supported yet', FINALIZE_HINT);
  }
  if (cursor.token.kind === 'word' && !isDeclarationKeyword(cursor) && !looksLikeAddress(cursor.token.text)) {
    cursor.fail(
      'PROGRAM_SYNTAX',
      cursor.token.span,
      `\`${cursor.token.text}\` after an output`,
      'move every instruction before the first output',
    );
  }
  return { kind, name, inputs, instructions, outputs };
}

function parseInput(cursor: Cursor, kind: FunctionNode['kind']): InputNode {
  const start = cursor.previous.span;
  const register = parseRegister(cursor);
  cursor.expect('as', `and the type of r${register.register}`);
  const type = parseType(cursor);
  const visibility = type.kind === 'record' || kind === 'closure' ? undefined : parseVisibility(cursor, type);
  cursor.expect(';', 'after an input');
  return { register, type, visibility, span: join(start, cursor.previous.span) };
}

function parseOutput(cursor: Cursor, kind: FunctionNode['kind']): OutputNode {
  const start = cursor.previous.span;
  const operand = parseOperand(cursor);
  cursor.expect('as', 'and the type of the output');
  const type = parseType(cursor);
  const visibility = type.kind === 'record' || kind === 'closure' ? undefined : parseVisibility(cursor, type);
  cursor.expect(';', 'after an output');
  return { operand, type, visibility, span: join(start, cursor.previous.span) };
}
