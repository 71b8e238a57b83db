import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { programSource } from '../../devnet/start.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import { addressFromText } from '../../protocol/text.ts';
import type { Azalea } from '../../pxe/client/azalea.ts';
import { formatEth, parseEthAmount, parseUnitAmount } from '../amount.ts';
import { parseCallArguments } from '../call-arguments.ts';
import { chooseTokenRecord } from '../choose-token-record.ts';
import type { CliContext } from '../context.ts';
import { parseL1Address } from '../l1-address.ts';
import { withSession } from '../session.ts';
import { transact, transactedLines } from '../transact.ts';

/** Programs that come with the software, by the name they are called with. */
const OWN_PROGRAMS = ['credits', 'bridge', 'token'];

export interface SendOptions {
  readonly to: string;
  readonly token?: string;
  readonly wait: boolean;
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
    const done = await transact(context, call, { from, wait: options.wait });
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
  readonly wait: boolean;
}

/** `azalea call`. */
export async function call(context: CliContext, request: CallRequest): Promise<void> {
  const source = await readProgram(request.file);
  await withSession(context, async (session) => {
    const { azalea } = session;
    const from = session.signer();
    const loaded = await azalea.programs.load(source);
    const args = parseCallArguments(loaded.program, request.name, request.args, {
      addressOf: (alias) => azalea.accounts.list().find((account) => account.alias === alias)?.address,
    });
    const planned = loaded.functions[request.name](...args);
    const { outputs } = await planned.simulate({ from });
    const lines = outputs.map((output, k) => `output ${k}: ${JSON.stringify(output)}`);
    if (request.simulate) {
      context.output.result({ outputs }, lines);
      return;
    }
    const done = await transact(context, planned, { from, wait: request.wait });
    context.output.result({ ...done, account: from.alias, outputs }, [...transactedLines(done), ...lines]);
  });
}

/** An `azalea1...` address, checked, or an own account's. Errors: those of `addressFromText`, ACCOUNT_UNKNOWN. */
export function receiverAddress(azalea: Pick<Azalea, 'accounts'>, text: string): string {
  const own = azalea.accounts.list().find(({ alias }) => alias === text);
  if (own !== undefined) return own.address;
  addressFromText(text);
  return text;
}

/** The source in a file, or of a program that comes with the software. Throws PROGRAM_FILE_MISSING. */
async function readProgram(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const own = OWN_PROGRAMS.find((name) => basename(file) === file && file === `${name}.aleo`);
    if (own !== undefined) return programSource(own);
    throw new AzaleaError(
      'PROGRAM_FILE_MISSING',
      `The program ${file} cannot be read: name a .aleo file, or one of ${OWN_PROGRAMS.map((name) => `${name}.aleo`).join(', ')}.`,
      { file },
      { cause },
    );
  }
}
