/** Runs a function on values as people write them, without keys, records on a chain or a proof. */

import type { Field } from '../../protocol/field.ts';
import { addressToText } from '../../protocol/text.ts';
import type { Program } from '../compile/artifact.ts';
import { showType } from '../values/types.ts';
import { decodeValue, encodeValue, type GivenValue, type PlainValue, parseValue } from '../values/values.ts';
import { assertArgumentCount } from './argument-count.ts';
import { functionOf, type Simulation, simulate } from './simulate.ts';

/** Stands for the signer's address inside of values. */
export const SIGNER_WORD = 'self.signer';

export interface LocalRun {
  /** In order, records included; literals as text. */
  readonly outputs: readonly { readonly type: string; readonly value: PlainValue }[];
  /** w0, w1, w2 of the message to L1. */
  readonly message: Simulation['message'];
  readonly simulation: Simulation;
}

/**
 * Runs a function: one value per input, a record as its members. Addresses may be written `self.signer`.
 * @param signer x of the address that calls; records that are consumed must be its
 * @throws AzaleaError PROGRAM_NO_SUCH_FUNCTION, CALL_ARGUMENT_COUNT, those of `encodeValue` and `simulate`; HaltError
 */
export function runFunction(
  program: Program,
  name: string,
  values: readonly GivenValue[],
  signer: Field,
): LocalRun {
  const { inputs } = functionOf(program, name).checked;
  const title = `${program.name}.aleo/${name}`;
  assertArgumentCount(title, inputs, values.length);
  const address = addressToText(signer);
  const typed = inputs.map(({ type }, k) => {
    const where = `argument ${k + 1} of ${title}`;
    return encodeValue(withSigner(values[k], address, where), type, program.types, where);
  });
  const simulation = simulate(program, name, typed, { signer, caller: signer });
  const outputs = simulation.outputs.map((output) => ({
    type: showType(output.type),
    value: decodeValue(output, program.types),
  }));
  return { outputs, message: simulation.message, simulation };
}

function withSigner(value: GivenValue, address: string, where: string): GivenValue {
  if (typeof value === 'string') {
    if (value.trim() === SIGNER_WORD) return address;
    return /^\s*[[{]/.test(value) ? withSigner(parseValue(value, where), address, where) : value;
  }
  if (typeof value !== 'object') return value;
  if (isList(value)) return value.map((element) => withSigner(element, address, where));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, withSigner(member, address, where)]),
  );
}

function isList(value: GivenValue): value is readonly GivenValue[] {
  return Array.isArray(value);
}
