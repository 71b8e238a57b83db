import { readFileSync } from 'node:fs';
import { compileProgram } from '../../program/compile/artifact.ts';
import { runFunction } from '../../program/run/run.ts';
import { functionOf } from '../../program/run/simulate.ts';
import { formatValue, type GivenValue } from '../../program/values/values.ts';
import { G } from '../../protocol/curve/point.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import type { Field } from '../../protocol/field.ts';
import { addressFromText, addressToText } from '../../protocol/text.ts';
import type { CliContext } from '../context.ts';
import { readOneProgram } from '../program-file.ts';
import { table } from '../terminal/output.ts';

export interface RunOptions {
  readonly signer?: string;
  /** File with a JSON list of the inputs. */
  readonly inputs?: string;
  readonly lowering?: number;
}

/** `azalea run`: executes a function here, without proving. */
export async function run(
  context: CliContext,
  file: string,
  name: string,
  texts: readonly string[],
  options: RunOptions,
): Promise<void> {
  const { path, text } = readOneProgram(file);
  const program = compileProgram(text, path, { lowering: options.lowering });
  const { inputs } = functionOf(program, name).checked;
  const given = options.inputs === undefined ? texts : readInputs(options.inputs, texts);
  const values = given.map((value, k): GivenValue => {
    const type = inputs[k]?.type;
    const plainNumber = type?.kind === 'literal' && typeof value === 'string' && /^-?\d+$/.test(value);
    return plainNumber ? BigInt(value) : value;
  });
  const signer = await signerOf(context, options.signer);
  const { outputs, message } = runFunction(program, name, values, signer);
  const shown = outputs.map(({ type, value }) => ({ type, value: formatValue(value) }));
  const words = message?.map((word) => `${word}field`);
  context.output.result(
    {
      program: `${program.name}.aleo`,
      function: name,
      signer: addressToText(signer),
      outputs: shown,
      message: words ?? null,
    },
    [
      ...(shown.length === 0 ? ['no outputs'] : []),
      ...table(shown.map(({ type, value }, k) => [`output ${k}`, type, value])),
      ...(words === undefined ? [] : [`message to L1  ${words.join(' ')}`]),
    ],
  );
}

function readInputs(file: string, texts: readonly string[]): GivenValue[] {
  const wrong = (problem: string, cause?: unknown): AzaleaError =>
    new AzaleaError('RUN_INPUTS_INVALID', problem, { file }, { cause });
  if (texts.length > 0) throw wrong('Inputs are given twice: on the command line, or with --inputs.');
  let list: unknown;
  try {
    list = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw wrong(`${file} cannot be read as JSON: ${(cause as Error).message}`, cause);
  }
  if (!Array.isArray(list) || !list.every(isGiven)) {
    throw wrong(
      `${file} must be a JSON list with one element for each input: texts such as "5u64", true or false, objects, lists. Write numbers as text.`,
    );
  }
  return list;
}

function isGiven(value: unknown): value is GivenValue {
  if (typeof value === 'string' || typeof value === 'boolean') return true;
  return typeof value === 'object' && value !== null && Object.values(value).every(isGiven);
}

/** By default the address of the view key 1: it is everybody's, and only good for trying. */
async function signerOf(context: CliContext, name: string | undefined): Promise<Field> {
  if (name === undefined) return G.x;
  if (name.startsWith('azalea1')) return addressFromText(name);
  const { withAccounts } = await import('../wallet/store.ts');
  return withAccounts(context, false, async (accounts) => accounts.byAlias(name).keys.address.x);
}
