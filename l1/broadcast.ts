import type { Hash, Hex } from 'viem';
import type { AzaleaError } from '../protocol/errors.ts';
import type { L1Client } from './client.ts';
import { l1Failure } from './failure.ts';
import { providerFailure } from './node/provider-failure.ts';

/** The node has these bytes, or another transaction with their nonce: only a look at the chain tells which. */
const HELD_WORDS =
  /already (?:known|imported|exists|in (?:the )?(?:mem|tx)?pool)|known transaction|transaction already|duplicate transaction|nonce (?:is )?too low|lower than (?:the )?current nonce|old nonce|nonce has already been used|invalid (?:transaction )?nonce|replacement (?:transaction )?underpriced|replacement fee too low/i;

/**
 * - accepted: the node has it.
 * - unknown: it may have it, or not; the chain must be looked at.
 * - refused: this node has looked at these bytes and does not take them.
 */
export type BroadcastOutcome =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'unknown' | 'refused'; readonly failure: AzaleaError };

/** Hands signed bytes to the node, once. It never throws: a lost answer says nothing about the transaction. */
export async function broadcast(client: L1Client, action: string, raw: Hex): Promise<BroadcastOutcome> {
  try {
    await client.sendRawTransaction({ serializedTransaction: raw });
    return { kind: 'accepted' };
  } catch (cause) {
    const failure = l1Failure(action, cause);
    const provider = providerFailure(cause);
    if (provider?.kind !== 'answered') return { kind: 'unknown', failure };
    return { kind: HELD_WORDS.test(`${provider.words} ${failure.message}`) ? 'unknown' : 'refused', failure };
  }
}

/** Blocks to go back at first, when the nonce was used before `near`. */
const STEP_BACK = 16;

/**
 * Returns the transaction that used a nonce. It is found in its block: nodes that know different blocks could contradict
 * each other about the nonce alone. It needs the state of the blocks since `near`.
 * @param near L1 block around which the nonce was used, or later
 * @returns undefined while the nonce is free, or when the answers do not fit together
 * @throws viem's own errors
 */
export async function transactionOfNonce(
  client: L1Client,
  from: Hex,
  nonce: number,
  near: number,
): Promise<Hash | undefined> {
  const used = async (block: number): Promise<boolean> =>
    (await client.getTransactionCount({ address: from, blockNumber: BigInt(block) })) > nonce;
  let high = Number(await client.getBlockNumber({ cacheTime: 0 }));
  if (!(await used(high))) return undefined;
  let low = Math.max(0, Math.min(near, high) - 1);
  for (let step = STEP_BACK; low > 0 && (await used(low)); step *= 4) {
    high = low;
    low = Math.max(0, low - step);
  }
  // Free after `low` (or low is the first block), used after `high`.
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (await used(middle)) high = middle;
    else low = middle;
  }
  const block = await client.getBlock({ blockNumber: BigInt(high), includeTransactions: true });
  const found = block.transactions.find(
    (transaction) => transaction.nonce === nonce && transaction.from.toLowerCase() === from.toLowerCase(),
  );
  return found?.hash;
}
