import { programSource } from '../../host/program-source.ts';
import { functionOf } from '../../program/run/simulate.ts';
import { showType } from '../../program/values/types.ts';
import { formatValue } from '../../program/values/values.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import { addressFromText } from '../../protocol/text.ts';
import type { Azalea } from '../../pxe/client/azalea.ts';
import type { CliContext } from '../context.ts';
import { type ProgramFile, readOneProgram } from '../program-file.ts';
import { table } from '../terminal/output.ts';
import { formatEth, parseEthAmount, parseUnitAmount } from '../wallet/amount.ts';
import { parseCallArguments } from '../wallet/call-arguments.ts';
import { chooseTokenRecord } from '../wallet/choose-token-record.ts';
import { payEth } from '../wallet/eth-shortage.ts';
import { parseL1Address } from '../wallet/l1-address.ts';
import { withSession } from '../wallet/session.ts';
import { transact, transactedLines } from '../wallet/transact.ts';
import { assertNoAlias } from '../wallet/unknown-alias.ts';

/** Programs that come with the software, by the name they are called with. */
const OWN_PROGRAMS = ['credits', 'bridge', 'token'];

export interface SendOptions {
  readonly to: string;
  readonly token?: string;
  readonly wait: boolean;
  readonly again?: boolean;
}

/** `azalea send`. */
export async function send(context: CliContext, text: string, options: SendOptions): Promise<void> {
  const token = options.token === undefined ? undefined : parseL1Address(options.token);
  const amount = token === undefined ? parseEthAmount(text) : parseUnitAmount(text);
  await withSession(context, async (session) => {
    const from = session.signer();
    const to = receiverAddress(session.azalea, options.to);
    const call =
      token === undefined
        ? session.credits.functions.transfer({ atLeast: amount }, to, amount)
        : session.bridge.functions.transfer(chooseTokenRecord(session, from, token, amount), to, amount);
    const payment = transact(context, call, { from, wait: options.wait, again: options.again });
    const done = await (token === undefined ? payEth(payment) : payment);
    const shown = token === undefined ? formatEth(amount) : `${amount} units of ${token}`;
    context.output.result({ ...done, account: from.alias, to, amount, token: token ?? null }, [
      ...transactedLines(done),
      `${shown} to ${to}`,
    ]);
  });
}

export interface CallRequest {
  readonly file: string;
  readonly name: string;
  readonly args: readonly string[];
  readonly simulate?: boolean;
  readonly lowering?: number;
  readonly wait: boolean;
  readonly again?: boolean;
}

/** `azalea call`. */
export async function call(context: CliContext, request: CallRequest): Promise<void> {
  const { path, text } = await readProgram(request.file);
  await withSession(context, async (session) => {
    const { azalea } = session;
    const from = session.signer();
    const loaded = await azalea.programs.load(text, path, { lowering: request.lowering });
    const args = parseCallArguments(loaded.program, request.name, request.args, {
      addressOf: (alias) => azalea.accounts.list().find((account) => account.alias === alias)?.address,
    });
    const planned = loaded.functions[request.name](...args);
    const { outputs } = await planned.simulate({ from });
    const types = functionOf(loaded.program, request.name).checked.outputs.map(({ type }) => showType(type));
    const lines = table(outputs.map((output, k) => [`output ${k}`, types[k], formatValue(output)]));
    if (request.simulate) {
      context.output.result({ outputs }, lines);
      return;
    }
    const done = await transact(context, planned, { from, wait: request.wait, again: request.again });
    context.output.result({ ...done, account: from.alias, outputs }, [...transactedLines(done), ...lines]);
  });
}

/** An `azalea1...` address, checked, or an own account's. Errors: those of `addressFromText`, ACCOUNT_UNKNOWN for a short word. */
export function receiverAddress(azalea: Pick<Azalea, 'accounts'>, text: string): string {
  const own = azalea.accounts.list().find(({ alias }) => alias === text);
  if (own !== undefined) return own.address;
  assertNoAlias(text);
  addressFromText(text);
  return text;
}

/**
 * The program in a file, the only one of a directory, or one that comes with the software.
 * Throws PROGRAM_FILE_MISSING, PROGRAM_FILE_AMBIGUOUS.
 */
async function readProgram(file: string): Promise<ProgramFile> {
  try {
    return readOneProgram(file);
  } catch (cause) {
    if (!(cause instanceof AzaleaError) || cause.code !== 'PROGRAM_FILE_MISSING') throw cause;
    const own = OWN_PROGRAMS.find((name) => file === `${name}.aleo`);
    if (own !== undefined) return { path: file, text: await programSource(own) };
    throw new AzaleaError(
      'PROGRAM_FILE_MISSING',
      `The program ${file} cannot be read: name a .aleo file, or one of ${OWN_PROGRAMS.map((name) => `${name}.aleo`).join(', ')}.`,
      { file },
      { cause },
    );
  }
}
