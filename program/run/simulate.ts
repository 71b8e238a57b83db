/** One call of a compiled program, run twice: by meaning (interpreter) and as bytecode (evaluator). Both must agree. */

import { evaluate } from '../../avm/evaluate.ts';
import type { AvmTrace } from '../../avm/function.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import { similarWord } from '../../protocol/similar-word.ts';
import type { Program, ProgramFunction } from '../compile/artifact.ts';
import type { Typed } from '../values/types.ts';
import { type CallContext, interpret } from './interpreter.ts';

/** The inputs of a transition proof, beside keys, records and paths. */
export interface Simulation {
  readonly fn: ProgramFunction;
  /** Plain inputs as field elements, in order, records left out: the challenge's `inputs`. */
  readonly inputs: readonly bigint[];
  /** Data words of each consumed record, padded to five by the caller if needed. */
  readonly recordWords: readonly (readonly bigint[])[];
  readonly trace: AvmTrace;
  /** All outputs with their types. */
  readonly outputs: readonly Typed<bigint>[];
  /** Records made, in order: name, owner (x) and data words. */
  readonly recordOutputs: readonly {
    readonly name: string;
    readonly owner: bigint;
    readonly data: readonly bigint[];
  }[];
  /** w0, w1, w2; undefined when the function sends none. */
  readonly message: readonly [bigint, bigint, bigint] | undefined;
}

/** A compiled function by name. @throws AzaleaError PROGRAM_NO_SUCH_FUNCTION */
export function functionOf(program: Program, name: string): ProgramFunction {
  const fn = program.functions.get(name);
  if (fn === undefined) {
    throw new AzaleaError(
      'PROGRAM_NO_SUCH_FUNCTION',
      `${program.name}.aleo has no function ${name.slice(0, 60)}: ${meant(name, [...program.functions.keys()])}`,
      { program: program.name, function: name },
    );
  }
  return fn;
}

/** `did you mean transfer? It has mint, transfer` */
export function meant(name: string, names: readonly string[]): string {
  const similar = similarWord(name, names);
  return `${similar === undefined ? 'it has' : `did you mean ${similar}? It has`} ${names.length === 0 ? 'none' : names.join(', ')}`;
}

/**
 * Runs a function on one value per input (a record's first leaf is its owner, the signer).
 * @throws HaltError and AzaleaError as `interpret` does; LOWERING_DISAGREES if the two runs differ. That is a fault in the
 *   compiler: such a call must not be sent.
 */
export function simulate(
  program: Program,
  name: string,
  inputs: readonly Typed<bigint>[],
  context: CallContext,
): Simulation {
  const fn = functionOf(program, name);
  const meant = interpret(program.checked, fn.checked, inputs, context);
  const plain = inputs.filter(({ type }) => type.kind !== 'record').flatMap(({ leaves }) => leaves);
  const recordWords = inputs
    .filter(({ type }) => type.kind === 'record')
    .map(({ leaves }) => leaves.slice(1));
  const run = evaluate(fn.lowered, { inputs: plain, recordWords, ...context, programId: program.programId });
  const recordOutputs = meant.outputs.flatMap(({ type, leaves: [owner, ...data] }) =>
    type.kind === 'record' ? [{ name: type.name, owner, data }] : [],
  );
  const same =
    sameValues(meant.message ?? [], run.message ?? []) &&
    recordOutputs.length === run.recordOutputs.length &&
    recordOutputs.every(
      ({ owner, data }, i) =>
        owner === run.recordOutputs[i].owner && sameValues(data, run.recordOutputs[i].data),
    );
  if (!same) {
    throw new AzaleaError(
      'LOWERING_DISAGREES',
      `${program.name}.aleo/${name}: the bytecode gives other outputs than the program: report this, do not send the call`,
      { program: program.name, function: name },
    );
  }
  return {
    fn,
    inputs: plain,
    recordWords,
    trace: run.trace,
    outputs: meant.outputs,
    recordOutputs,
    message: meant.message,
  };
}

function sameValues(a: readonly bigint[], b: readonly bigint[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
