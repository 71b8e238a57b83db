import type { ClientAccount } from '../../pxe/client/account.ts';
import type { FunctionCall } from '../../pxe/client/program.ts';
import type { CliContext } from '../context.ts';

export interface TransactOptions {
  readonly from: ClientAccount;
  /** Wait until it is settled; else return once the sequencer has it. */
  readonly wait: boolean;
}

/** What a sent transaction became. */
export interface Transacted {
  readonly transaction: string;
  readonly status: string;
  readonly l2Block: number | null;
  readonly l1Transaction: string | null;
  readonly proofSeconds: number;
}

/** Proves and sends a call, shows how it gets on, waits. Errors: those of `Pxe.send` and `Pxe.wait`. */
export async function transact(
  context: CliContext,
  call: FunctionCall,
  { from, wait }: TransactOptions,
): Promise<Transacted> {
  const { progress, signal } = context;
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
