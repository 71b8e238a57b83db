/** A compiled program for wallets, provers and tests: identity, functions, records. */

import { assemble } from '../../avm/assemble.ts';
import { type CapacityReport, chooseSize, exceeded, LARGEST, type Resource } from '../../avm/capacity.ts';
import type { Bytecode } from '../../avm/function.ts';
import type { LoweredFunction } from '../../avm/lowered-function.ts';
import { AVM_SIZE, LOWERING_VERSION, SIZE_CLASS } from '../../protocol/constants.ts';
import type { Field } from '../../protocol/field.ts';
import {
  type FunctionPath,
  functionIdOf,
  functionTreePath,
  functionTreeRoot,
  nameToField,
  programIdOf,
  sourceHashOf,
} from '../../protocol/program-id.ts';
import { recordTypeId } from '../../protocol/record.ts';
import { failIn } from '../check/check-types.ts';
import type { CheckedFunction, CheckedProgram } from '../check/checked.ts';
import { checkProgram } from '../check/checker.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { type Lowering, loweringOf } from '../lowering/versions.ts';
import { parseProgram } from '../syntax/parser.ts';
import { printProgram } from '../syntax/printer.ts';
import type { SourceFile } from '../syntax/source.ts';
import type { MemberType, TypeTable } from '../values/types.ts';

export interface ProgramFunction {
  readonly name: string;
  readonly nameField: Field;
  /** Place in order of declaration. */
  readonly index: number;
  readonly functionId: Field;
  /** Leaf and siblings in the function tree. */
  readonly path: FunctionPath;
  readonly bytecode: Bytecode;
  readonly lowered: LoweredFunction;
  readonly checked: CheckedFunction;
  readonly capacity: CapacityReport;
  readonly sendsMessage: boolean;
}

export interface ProgramRecord {
  readonly name: string;
  readonly nameField: Field;
  readonly typeId: Field;
  /** `owner` first. */
  readonly members: readonly MemberType[];
}

export interface Program {
  /** Without `.aleo`. */
  readonly name: string;
  readonly nameField: Field;
  readonly programId: Field;
  readonly loweringVersion: number;
  readonly source: string;
  /** Printed syntax tree; its hash is part of the identity. */
  readonly canonicalSource: string;
  readonly sourceHash: Field;
  readonly functionTreeRoot: Field;
  readonly types: TypeTable;
  readonly functions: ReadonlyMap<string, ProgramFunction>;
  readonly records: ReadonlyMap<string, ProgramRecord>;
  readonly warnings: readonly Diagnostic[];
  readonly checked: CheckedProgram;
}

export interface CompileOptions {
  /** Version of the lowering, by default LOWERING_VERSION: another one rebuilds the ids that a program had then. */
  readonly lowering?: number;
  /** The text was compiled before (SourceFile). */
  readonly isKnown?: boolean;
}

/**
 * Compiles a program's source. Deterministic: equal canonical source and lowering give equal ids.
 * `fileName` is shown in errors.
 * @throws ProgramError for the first fault, PROGRAM_CAPACITY when a function does not fit the circuit; AzaleaError
 * LOWERING_UNKNOWN
 */
export function compileProgram(
  text: string,
  fileName = 'program.aleo',
  { lowering = LOWERING_VERSION, isKnown }: CompileOptions = {},
): Program {
  const lower = loweringOf(lowering);
  const source: SourceFile = { name: fileName, text, isKnown };
  const checked = checkProgram(source, parseProgram(source));
  const canonicalSource = printProgram(checked.node);
  const compiled = checked.functions.map((fn) => compileFunction(checked, fn, lower));
  const functionIds = compiled.map(({ functionId }) => functionId);
  const root = functionTreeRoot(functionIds);
  const sourceHash = sourceHashOf(canonicalSource);
  const nameField = nameToField(checked.name);
  const programId = programIdOf(lowering, root, sourceHash, nameField);
  const functions = compiled.map(
    (fn, index): ProgramFunction => ({
      ...fn,
      index,
      path: functionTreePath(functionIds, index),
    }),
  );
  const records = [...checked.types.records].map(([name, members]): ProgramRecord => {
    const recordName = nameToField(name);
    return { name, nameField: recordName, typeId: recordTypeId(programId, recordName), members };
  });
  return {
    name: checked.name,
    nameField,
    programId,
    loweringVersion: lowering,
    source: text,
    canonicalSource,
    sourceHash,
    functionTreeRoot: root,
    types: checked.types,
    functions: new Map(functions.map((fn) => [fn.name, fn])),
    records: new Map(records.map((record) => [record.name, record])),
    warnings: checked.warnings,
    checked,
  };
}

/** `it uses 40 wide of 16 (24 too many)` */
function shortage(name: Resource, capacity: CapacityReport): string {
  const { used, capacity: available } = capacity[name];
  return `it uses ${used} ${name} of ${available} (${used - available} too many)`;
}

/** One function, apart from its place in the program. @throws ProgramError PROGRAM_ALWAYS_HALTS, PROGRAM_CAPACITY */
export function compileFunction(
  program: CheckedProgram,
  checked: CheckedFunction,
  lower: Lowering,
): Omit<ProgramFunction, 'index' | 'path'> {
  const lowered = lower(program, checked);
  const { sizeClass, capacity } = chooseSize(lowered.fn);
  if (sizeClass === undefined) {
    const declaration = program.node.declarations.find(({ name }) => name.name === checked.name)!;
    return failIn(program.source)(
      'PROGRAM_CAPACITY',
      declaration.name.span,
      `function ${checked.name} does not fit the ${LARGEST} circuit: ${exceeded(capacity)
        .map((name) => shortage(name, capacity))
        .join(', ')}`,
      'split it into several functions; docs/language.md says what each instruction costs',
    );
  }
  const bytecode = assemble(lowered.fn, AVM_SIZE[sizeClass]);
  const nameField = nameToField(checked.name);
  return {
    name: checked.name,
    nameField,
    functionId: functionIdOf(SIZE_CLASS[bytecode.sizeClass], nameField, bytecode.hash),
    bytecode,
    lowered,
    checked,
    capacity,
    sendsMessage: lowered.fn.message !== undefined,
  };
}
