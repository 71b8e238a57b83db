/** Shared by the tests of the program language. */

import { compileProgram, type Program } from '../../program/artifact.ts';
import { checkAvm } from '../../program/bytecode/check.ts';
import { type EvaluationInputs, evaluate } from '../../program/evaluator.ts';
import type { Typed, ValueType } from '../../program/types.ts';
import { accountFromSeed } from '../../protocol/account.ts';

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
  context = CONTEXT,
): EvaluationInputs {
  return {
    inputs: inputs.filter(({ type }) => type.kind !== 'record').flatMap(({ leaves }) => leaves),
    recordWords: inputs.filter(({ type }) => type.kind === 'record').map(({ leaves }) => leaves.slice(1)),
    ...context,
    programId: program.programId,
  };
}

/**
 * Runs function `name` with forged advice, every dependent value recomputed, through the AVM core's constraints: the outputs
 * if all of them hold, undefined if one fails.
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
  const result = checkAvm(
    fn.bytecode,
    {
      inputs: given.inputs,
      recordWords: given.recordWords,
      context: [given.signer, given.caller, given.programId],
    },
    trace,
  );
  return result.ok ? { recordOutputs, message } : undefined;
}
