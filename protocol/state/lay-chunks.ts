/** Cuts a block's data into chunks. */
import { DEPOSITS_PER_CHUNK, STATE_UPDATE_SLOTS } from '../constants.ts';
import { AzaleaError } from '../errors.ts';
import type { TransitionSignals } from '../transaction/transition.ts';
import type { Chunk, ChunkSize } from './chunk.ts';

/** A deposit's DEPOSIT_WORDS field elements: typeId, ownerHash, queue index, d_0..d_4. */
export type BlockDeposit = readonly bigint[];

/**
 * Cuts a block's data over its chunks as L1 does (docs/specification.md, section 11).
 * @throws AzaleaError BLOCK_LAYOUT when something is left over or a chunk stays empty.
 */
export function layChunks(
  sizes: readonly ChunkSize[],
  transactions: readonly Pick<TransitionSignals, 'nullifiers' | 'commitments'>[],
  deposits: readonly BlockDeposit[],
): Chunk[] {
  const nullifiers = transactions.flatMap((transaction) => transaction.nullifiers);
  const commitments = transactions.flatMap((transaction) => transaction.commitments);
  const waiting = [...deposits];
  const chunks = sizes.map((size, index): Chunk => {
    const slots = STATE_UPDATE_SLOTS[size];
    const data = {
      nullifiers: nullifiers.splice(0, slots),
      commitments: commitments.splice(0, slots),
      deposits: waiting.splice(0, DEPOSITS_PER_CHUNK),
    };
    if (data.nullifiers.length + data.commitments.length + data.deposits.length === 0) {
      throw new AzaleaError('BLOCK_LAYOUT', `Chunk ${index} is empty; leave it out`, { chunk: index });
    }
    return { size, data };
  });
  const left = nullifiers.length + commitments.length + waiting.length;
  if (left > 0)
    throw new AzaleaError('BLOCK_LAYOUT', `${left} elements fit in no chunk; plan more`, { left });
  return chunks;
}
