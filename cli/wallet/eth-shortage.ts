import { AzaleaError } from '../../protocol/errors.ts';
import { formatEth } from './amount.ts';

/** Waits for a payment in ETH; INSUFFICIENT_BALANCE, which counts in wei, comes with amounts in ETH. */
export async function payEth<T>(payment: Promise<T>): Promise<T> {
  try {
    return await payment;
  } catch (error) {
    throw ethShortage(error);
  }
}

/** The error itself if it is another one. */
export function ethShortage(error: unknown): unknown {
  if (!(error instanceof AzaleaError) || error.code !== 'INSUFFICIENT_BALANCE') return error;
  const amount = (name: string): bigint => BigInt(String(error.details?.[name] ?? 0));
  const [needed, available, waiting] = [amount('needed'), amount('available'), amount('waiting')];
  const message =
    available >= needed
      ? `No single record holds ${formatEth(needed)}, together they hold ${formatEth(available)}: join two with "azalea call credits.aleo join <commitment> <commitment>".`
      : `The account needs ${formatEth(needed)}; its free records hold ${formatEth(available)}${waiting > 0n ? `, ${formatEth(waiting)} more wait for a transaction to settle` : ''}.`;
  return new AzaleaError(error.code, message, error.details, { cause: error });
}
