import { AzaleaError } from '../../protocol/errors.ts';
import type { ClientAccount } from '../../pxe/client/account.ts';
import type { FunctionCall, PendingCall } from '../../pxe/client/program.ts';
import type { CliContext } from '../context.ts';

export interface TransactOptions {
  readonly from: ClientAccount;
  /** Wait until it is settled; else return once the sequencer has it. */
  readonly wait: boolean;
  /** Send it although the same call is pending already. */
  readonly again?: boolean;
}

/** The outcome of a sent transaction. */
export interface Transacted {
  readonly transaction: string;
  readonly status: string;
  readonly l2Block: number | null;
  readonly l1Transaction: string | null;
  readonly proofSeconds: number;
}

/** Proves and sends a call, shows how it gets on, waits. Errors: CALL_PENDING, those of `Pxe.send` and `Pxe.wait`. */
export async function transact(
  context: CliContext,
  call: FunctionCall,
  { from, wait, again }: TransactOptions,
): Promise<Transacted> {
  const { progress, signal } = context;
  if (!again) await confirmRepeated(context, call.pending({ from }));
  const sent = await call.send({
    from,
    signal,
    onProgress: ({ fraction }) => progress.update('proof', fraction),
  });
  const { id: transaction, proofSeconds } = sent;
  progress.say(`sent ${transaction}`);
  if (!wait) return { transaction, status: 'pending', l2Block: null, l1Transaction: null, proofSeconds };
  let shown = '';
  const final = await sent.wait('settled', {
    onStatus: ({ status }) => {
      if (status !== shown) progress.say(`  ${status}`);
      shown = status;
    },
  });
  return {
    transaction,
    status: final.status,
    l2Block: final.l2Block,
    l1Transaction: final.l1TransactionHash,
    proofSeconds,
  };
}

/** Lines about a transaction for people. */
export function transactedLines(done: Transacted): string[] {
  const place = done.l2Block === null ? '' : ` in L2 block ${done.l2Block}`;
  return [`${done.status}${place}`, `transaction ${done.transaction}`];
}

/**
 * Asks before a call is made that is pending already: after an interrupted command the first one may well settle.
 * Throws CALL_PENDING where there is no terminal to ask on, NOT_CONFIRMED when the answer is no.
 */
export async function confirmRepeated(
  { prompts }: Pick<CliContext, 'prompts'>,
  pending: readonly PendingCall[],
): Promise<void> {
  if (pending.length === 0) return;
  const ids = pending.map(({ id }) => id);
  const what = `The same call was sent before and is pending: ${ids.join(', ')}`;
  try {
    await prompts.confirm(`${what}. Send it once more?`, '--again');
  } catch (cause) {
    if (!(cause instanceof AzaleaError) || cause.code !== 'CONFIRMATION_REQUIRED') throw cause;
    throw new AzaleaError(
      'CALL_PENDING',
      `${what}. Nothing was sent. Wait for it ("azalea sync", "azalea balance"), or give --again for a second one.`,
      { transactions: ids.join(' ') },
      { cause },
    );
  }
}
