/** Shared by the tests of the program language. */
import { readFileSync } from 'node:fs';
import { checkAvm } from '../../../avm/check.ts';
import { type EvaluationInputs, evaluate } from '../../../avm/evaluate.ts';
import type { AvmArguments } from '../../../avm/witness.ts';
import { compileProgram, type Program } from '../../../program/compile/artifact.ts';
import type { CallContext } from '../../../program/run/interpreter.ts';
import type { Typed, ValueType } from '../../../program/values/types.ts';
import { accountFromSeed } from '../../../protocol/account.ts';

/** Address of a throwaway account. */
export const ALICE = accountFromSeed(new Uint8Array(32).fill(1)).address.x;
export const BOB = accountFromSeed(new Uint8Array(32).fill(2)).address.x;

export const CONTEXT = { signer: ALICE, caller: ALICE };

export function value(name: string, ...leaves: bigint[]): Typed<bigint> {
  return { type: { kind: 'literal', name } as ValueType, leaves };
}

export function record(name: string, owner: bigint, ...data: bigint[]): Typed<bigint> {
  return { type: { kind: 'record', name }, leaves: [owner, ...data] };
}

/** Source of a program of programs/, by its name. */
export function exampleSource(name: string): string {
  return readFileSync(new URL(`../../../programs/${name}.aleo`, import.meta.url), 'utf8');
}

/** A program with one function `f`. */
export function programOf(body: string, declarations = ''): string {
  return `import l1.aleo;\nprogram test.aleo;\n${declarations}\nfunction f:\n${body}`;
}

export function compile(body: string, declarations = ''): Program {
  return compileProgram(programOf(body, declarations), 'test.aleo');
}

/** A record that carries up to five field elements out of a function. */
export const CARRIER = (words: number): string =>
  `record out:\n    owner as address.private;\n${Array.from({ length: words }, (_, i) => `    d${i} as field.private;\n`).join('')}`;

export function evaluationInputs(
  program: Program,
  inputs: readonly Typed<bigint>[],
  context: CallContext = CONTEXT,
): EvaluationInputs {
  return {
    inputs: inputs.filter(({ type }) => type.kind !== 'record').flatMap(({ leaves }) => leaves),
    recordWords: inputs.filter(({ type }) => type.kind === 'record').map(({ leaves }) => leaves.slice(1)),
    ...context,
    programId: program.programId,
  };
}

/** The part of them that the AVM's witness and checks take. */
export function avmArguments({
  inputs,
  recordWords,
  signer,
  caller,
  programId,
}: EvaluationInputs): AvmArguments {
  return { inputs, recordWords, context: [signer, caller, programId] };
}

/**
 * Runs function `name` with forged advice, every dependent value recomputed, through the AVM core's constraints. Returns the
 * outputs if all of them hold, undefined if one fails.
 */
export function forge(
  program: Program,
  inputs: readonly Typed<bigint>[],
  advice: ReadonlyMap<number, bigint>,
  name = 'f',
  context = CONTEXT,
): { recordOutputs: readonly { owner: bigint; data: readonly bigint[] }[]; message: unknown } | undefined {
  const fn = program.functions.get(name)!;
  const given = evaluationInputs(program, inputs, context);
  const { trace, recordOutputs, message } = evaluate(fn.lowered, given, { advice });
  const result = checkAvm(fn.bytecode, avmArguments(given), trace);
  return result.ok ? { recordOutputs, message } : undefined;
}
