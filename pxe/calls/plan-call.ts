import type { Program } from '../../program/compile/artifact.ts';
import { assertArgumentCount } from '../../program/run/argument-count.ts';
import { functionOf, type Simulation, simulate } from '../../program/run/simulate.ts';
import type { Typed } from '../../program/values/types.ts';
import { encodeValue, type GivenValue } from '../../program/values/values.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import type { Field } from '../../protocol/field.ts';
import { describeGiven } from '../../protocol/given.ts';
import type { RecordStore } from '../records/record-store.ts';
import type { StoredRecord } from '../records/stored-record.ts';
import { chooseRecord, type RecordChoice } from './choose-record.ts';

/** An argument of a call: a value, or for a record input which record to spend. */
export type CallArgument = GivenValue | RecordChoice;

export interface PlanOptions {
  readonly program: Program;
  readonly functionName: string;
  readonly args: readonly CallArgument[];
  readonly signer: Field;
  /** Commitments that waiting transactions already spend. */
  readonly locked: ReadonlySet<Field>;
  /** Commitments whose transaction was dropped by the sequencer's word: taken first. */
  readonly doubtful?: ReadonlySet<Field>;
}

/** A call that has run here and whose every input is known. */
export interface PlannedCall {
  readonly program: Program;
  readonly simulation: Simulation;
  readonly spends: readonly StoredRecord[];
}

/**
 * Chooses records, checks types and runs the function without proving it.
 * Errors: PROGRAM_NO_SUCH_FUNCTION, CALL_ARGUMENT_COUNT, those of `chooseRecord`, `encodeValue` and `simulate` (HALT_*).
 */
export function planCall(records: RecordStore, options: PlanOptions): PlannedCall {
  const { program, functionName, args, signer, doubtful } = options;
  const fn = functionOf(program, functionName);
  const { inputs } = fn.checked;
  const title = `${program.name}.aleo/${functionName}`;
  assertArgumentCount(title, inputs, args.length);
  const locked = new Set(options.locked);
  const spends: StoredRecord[] = [];
  const values = inputs.map((input, k): Typed<bigint> => {
    const where = `argument ${k + 1} of ${title}`;
    if (input.type.kind !== 'record')
      return encodeValue(args[k] as GivenValue, input.type, program.types, where);
    const record = program.records.get(input.type.name)!;
    const choice = recordChoice(args[k], where);
    const chosen = chooseRecord(records, { owner: signer, program, record, choice, locked, doubtful });
    locked.add(chosen.commitment);
    spends.push(chosen);
    const words = program.types.flatten(input.type).length - 1;
    return { type: input.type, leaves: [chosen.preimage.owner, ...chosen.preimage.data.slice(0, words)] };
  });
  return { program, spends, simulation: simulate(program, functionName, values, { signer, caller: signer }) };
}

function recordChoice(argument: CallArgument, where: string): RecordChoice {
  if (typeof argument === 'bigint') return argument;
  if (typeof argument === 'object' && argument !== null) {
    const { commitment, atLeast, member } = argument as {
      commitment?: unknown;
      atLeast?: unknown;
      member?: unknown;
    };
    if (typeof commitment === 'bigint') return { commitment };
    if (typeof atLeast === 'bigint') return typeof member === 'string' ? { atLeast, member } : { atLeast };
  }
  const amount = (argument as { atLeast?: unknown } | null)?.atLeast ?? argument;
  const hint = typeof amount === 'number' ? ` Found ${describeGiven(amount)}.` : '';
  throw new AzaleaError(
    'CALL_RECORD_ARGUMENT',
    `${where} is a record: give a record of this account, its commitment, or { atLeast: 10n }.${hint}`,
  );
}
