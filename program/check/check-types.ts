/** Checks declarations of structs and records and builds the type table. */
import { FUNCTION_TREE_DEPTH, RECORD_WORDS, TREE_ARITY } from '../../protocol/constants.ts';
import { ProgramError } from '../diagnostics/errors.ts';
import type { MemberNode, ProgramNode, TypeNode } from '../syntax/ast.ts';
import type { SourceFile, Span } from '../syntax/source.ts';
import { type ArrayType, type MemberType, showType, TypeTable, type ValueType } from '../values/types.ts';

/** Leaves of one functions tree. */
export const MAX_FUNCTIONS = TREE_ARITY ** FUNCTION_TREE_DEPTH;
/** Deepest nesting of structs and arrays. */
const MAX_DEPTH = 8;
/** Most literals in a struct or array: as many as fill all hash slots of a function. */
const MAX_WIDTH = 64;
/** Most elements of an array (snarkVM's MAX_ARRAY_ELEMENTS). */
const MAX_ARRAY_LENGTH = 32;

/** Throws a ProgramError at a place of the program under check. */
export type Fail = (code: string, span: Span, problem: string, hint?: string) => never;

export function failIn(source: SourceFile): Fail {
  return (code, span, problem, hint) => {
    throw new ProgramError(source, code, span, problem, hint);
  };
}

/**
 * Layouts of all declared types. A struct's members must be declared before it, which also excludes cycles.
 * @throws ProgramError PROGRAM_DUPLICATE_NAME, PROGRAM_EMPTY, PROGRAM_UNKNOWN_TYPE, PROGRAM_RECORD_OWNER,
 * PROGRAM_RECORD_TOO_WIDE, PROGRAM_STRUCT_DEPTH, PROGRAM_STRUCT_TOO_WIDE, PROGRAM_ARRAY, PROGRAM_TOO_MANY_FUNCTIONS
 */
export function checkTypes(program: ProgramNode, fail: Fail): TypeTable {
  const types = new TypeTable();
  const names = new Map<string, Span>();
  for (const declaration of program.declarations) {
    const { name, span } = declaration.name;
    if (names.has(name)) {
      fail('PROGRAM_DUPLICATE_NAME', span, `${name} is declared already`, 'choose another name');
    }
    names.set(name, span);
    if (declaration.kind === 'function' || declaration.kind === 'closure') continue;
    const members = checkMembers(declaration.kind, declaration.name.span, declaration.members, types, fail);
    if (declaration.kind === 'struct') {
      types.structs.set(name, members);
      const depth = depthOf({ kind: 'struct', name }, types);
      if (depth > MAX_DEPTH) {
        fail(
          'PROGRAM_STRUCT_DEPTH',
          span,
          `${name} nests ${depth} deep`,
          `structs and arrays nest at most ${MAX_DEPTH} deep`,
        );
      }
      const width = types.flatten({ kind: 'struct', name }).length;
      if (width > MAX_WIDTH) {
        fail(
          'PROGRAM_STRUCT_TOO_WIDE',
          span,
          `struct ${name} holds ${width} literals`,
          `a struct holds at most ${MAX_WIDTH}, those of structs and arrays in it included`,
        );
      }
    } else {
      types.records.set(name, members);
      const words = types.flatten({ kind: 'record', name }).length - 1;
      if (words > RECORD_WORDS) {
        fail(
          'PROGRAM_RECORD_TOO_WIDE',
          span,
          `record ${name} has ${words} data words`,
          `a record holds at most ${RECORD_WORDS} literals beside its owner: pack small ones, or keep a hash of some`,
        );
      }
    }
  }
  const functions = program.declarations.filter(({ kind }) => kind === 'function');
  if (functions.length === 0) {
    fail('PROGRAM_EMPTY', program.name.span, `program ${program.name.name} has no function`, 'add one');
  }
  if (functions.length > MAX_FUNCTIONS) {
    fail(
      'PROGRAM_TOO_MANY_FUNCTIONS',
      functions[MAX_FUNCTIONS].name.span,
      `${functions.length} functions`,
      `a program has at most ${MAX_FUNCTIONS}`,
    );
  }
  return types;
}

function checkMembers(
  kind: 'struct' | 'record',
  nameSpan: Span,
  members: readonly MemberNode[],
  types: TypeTable,
  fail: Fail,
): MemberType[] {
  if (members.length === 0) fail('PROGRAM_EMPTY', nameSpan, `this ${kind} has no members`, 'add one');
  const seen = new Set<string>();
  const checked = members.map(({ name, type, visibility }): MemberType => {
    if (seen.has(name.name)) {
      fail(
        'PROGRAM_DUPLICATE_NAME',
        name.span,
        `member ${name.name} is declared already`,
        'choose another name',
      );
    }
    seen.add(name.name);
    if (type.kind === 'record') {
      fail('PROGRAM_TYPE_MISMATCH', type.span, `a ${kind} cannot hold a record`, 'hold its members instead');
    }
    return { name: name.name, type: resolveType(type, types, fail), visibility };
  });
  if (kind === 'record') {
    const [owner] = checked;
    const [{ name, type }] = members;
    if (owner.name !== 'owner' || owner.type.kind !== 'literal' || owner.type.name !== 'address') {
      fail(
        'PROGRAM_RECORD_OWNER',
        name.span,
        'the first member of a record is its owner',
        'write owner as address.private;',
      );
    }
    if (owner.visibility !== 'private') {
      fail(
        'PROGRAM_RECORD_OWNER',
        type.span,
        'the owner of a record is always private here',
        'write owner as address.private;',
      );
    }
  }
  return checked;
}

/** 0 for literals; one more than its deepest member or element for structs and arrays. */
function depthOf(type: ValueType, types: TypeTable): number {
  if (type.kind === 'array') return 1 + depthOf(type.element, types);
  return Math.max(0, ...(types.members(type) ?? []).map((member) => 1 + depthOf(member.type, types)));
}

/** An array type with a length, width and depth that can be laid out. */
function resolveArray(type: TypeNode & { readonly kind: 'array' }, types: TypeTable, fail: Fail): ArrayType {
  const element = resolveType(type.element, types, fail);
  if (element.kind === 'record') {
    fail(
      'PROGRAM_TYPE_MISMATCH',
      type.element.span,
      'an array cannot hold records',
      'hold their members instead',
    );
  }
  if (type.length < 1 || type.length > MAX_ARRAY_LENGTH) {
    fail(
      'PROGRAM_ARRAY',
      type.span,
      `an array of ${type.length} elements`,
      `arrays have 1 to ${MAX_ARRAY_LENGTH} elements`,
    );
  }
  const resolved: ArrayType = { kind: 'array', element, length: type.length };
  // Elements were measured before: the product is small enough to compute.
  const width = types.flatten(element).length * type.length;
  if (width > MAX_WIDTH) {
    fail(
      'PROGRAM_ARRAY',
      type.span,
      `${showType(resolved)} holds ${width} literals`,
      `an array holds at most ${MAX_WIDTH}, those of structs and arrays in it included`,
    );
  }
  const depth = depthOf(resolved, types);
  if (depth > MAX_DEPTH) {
    fail(
      'PROGRAM_ARRAY',
      type.span,
      `${showType(resolved)} nests ${depth} deep`,
      `structs and arrays nest at most ${MAX_DEPTH} deep`,
    );
  }
  return resolved;
}

/** A written type, looked up. @throws ProgramError PROGRAM_UNKNOWN_TYPE, PROGRAM_ARRAY */
export function resolveType(type: TypeNode, types: TypeTable, fail: Fail): ValueType {
  if (type.kind === 'literal') {
    return { kind: 'literal', name: type.name };
  }
  if (type.kind === 'array') return resolveArray(type, types, fail);
  const table = type.kind === 'struct' ? types.structs : types.records;
  if (!table.has(type.name)) {
    if (type.kind === 'record' && type.name === 'dynamic') {
      fail(
        'PROGRAM_NOT_YET',
        type.span,
        'dynamic.record, a record of any program, is not supported yet',
        'declare the record here',
      );
    }
    const isRecord = type.kind === 'struct' && types.records.has(type.name);
    fail(
      'PROGRAM_UNKNOWN_TYPE',
      type.span,
      `there is no ${type.kind} ${type.name}`,
      isRecord ? `write ${type.name}.record` : `declare ${type.kind} ${type.name} above`,
    );
  }
  return { kind: type.kind, name: type.name };
}
