import type { Program } from '../../program/compile/artifact.ts';
import { functionOf } from '../../program/run/simulate.ts';
import { showType, type ValueType } from '../../program/values/types.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import { fieldFromHex } from '../../protocol/field.ts';
import type { CallArgument } from '../../pxe/calls/plan-call.ts';
import { assertNoAlias } from './unknown-alias.ts';

/** The names that a call's text arguments may refer to beside values. */
export interface ArgumentNames {
  /** Address of one of the wallet's accounts by its alias; undefined when there is none. */
  readonly addressOf: (alias: string) => string | undefined;
}

/**
 * Reads arguments of a call as written on a command line.
 * - A plain input: `5u64`, or `5` of the declared type; an address or the alias of an own account; a struct as
 *   `{ x: 1field }`.
 * - A record input: its commitment (`0x...`), or `atLeast=10`, or `atLeast=10,member=amount`.
 * Types, ranges and the number of arguments are checked by `planCall`.
 * @throws AzaleaError PROGRAM_NO_SUCH_FUNCTION, RECORD_ARGUMENT_FORM, FIELD_ENCODING, ACCOUNT_UNKNOWN
 */
export function parseCallArguments(
  program: Program,
  functionName: string,
  texts: readonly string[],
  names: ArgumentNames,
): CallArgument[] {
  const { inputs } = functionOf(program, functionName).checked;
  return texts.map((text, k) => {
    const type = inputs[k]?.type;
    if (type === undefined) return text;
    if (type.kind !== 'record') return parseValueArgument(text, type, names);
    return parseRecordArgument(
      text,
      `argument ${k + 1} (r${k}, ${showType(type)}) of ${program.name}.aleo/${functionName}`,
    );
  });
}

function parseValueArgument(text: string, type: ValueType, names: ArgumentNames): CallArgument {
  if (type.kind !== 'literal') return text;
  if (type.name === 'address') {
    const own = names.addressOf(text);
    if (own === undefined) assertNoAlias(text);
    return own ?? text;
  }
  return /^-?\d+$/.test(text) ? BigInt(text) : text;
}

function parseRecordArgument(text: string, where: string): CallArgument {
  if (text.startsWith('0x')) return { commitment: fieldFromHex(text, where) };
  const wish = /^atLeast=(\d+)(?:,member=([A-Za-z][A-Za-z0-9_]*))?$/.exec(text);
  if (wish === null) {
    throw new AzaleaError(
      'RECORD_ARGUMENT_FORM',
      `The ${where} is a record: give its commitment (0x...), or atLeast=10 for a record of at least 10.`,
      { where },
    );
  }
  const [, amount, member] = wish;
  return member === undefined ? { atLeast: BigInt(amount) } : { atLeast: BigInt(amount), member };
}
