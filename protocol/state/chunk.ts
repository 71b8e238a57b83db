/** A state-update chunk: the notes, nullifiers and deposits that one state-update proof adds to the trees. */
import { DEPOSIT_WORDS, DEPOSITS_PER_CHUNK, KEY_ID, STATE_UPDATE_SLOTS } from '../constants.ts';
import { AzaleaError } from '../errors.ts';
import type { Field } from '../field.ts';

export type ChunkSize = keyof typeof STATE_UPDATE_SLOTS;

/** A chunk's data: D before it is flattened. */
export interface ChunkData {
  readonly nullifiers: readonly Field[];
  readonly commitments: readonly Field[];
  /** DEPOSITS_PER_CHUNK times DEPOSIT_WORDS. */
  readonly deposits: readonly (readonly Field[])[];
}

/** A chunk as L1 cuts it from a block. */
export interface Chunk {
  readonly size: ChunkSize;
  readonly data: ChunkData;
}

/** Key id on L1 of each state-update size. */
export const STATE_UPDATE_KEY: Readonly<Record<ChunkSize, number>> = {
  small: KEY_ID['state-update-small'],
  large: KEY_ID['state-update-large'],
};

/** The size that a key proves; `undefined`: it is not the key of a state update. */
export function chunkSizeOfKey(keyId: number): ChunkSize | undefined {
  return (['small', 'large'] as const).find((name) => STATE_UPDATE_KEY[name] === keyId);
}

/**
 * Fills a chunk's slots with 0.
 * @throws AzaleaError CHUNK_TOO_LARGE when the data does not fit, DEPOSIT_INVALID for a deposit of another length.
 */
export function padChunk(size: ChunkSize, data: ChunkData): ChunkData {
  const slots = STATE_UPDATE_SLOTS[size];
  const pad = (values: readonly bigint[], length: number): bigint[] => [
    ...values,
    ...Array<bigint>(length - values.length).fill(0n),
  ];
  const fits =
    data.nullifiers.length <= slots &&
    data.commitments.length <= slots &&
    data.deposits.length <= DEPOSITS_PER_CHUNK;
  if (!fits) {
    throw new AzaleaError(
      'CHUNK_TOO_LARGE',
      `a ${size} chunk takes ${slots} nullifiers, ${slots} commitments and ${DEPOSITS_PER_CHUNK} deposits, not ${data.nullifiers.length}, ${data.commitments.length} and ${data.deposits.length}: cut it over more chunks`,
      { size, slots },
    );
  }
  const skipped = Array.from({ length: DEPOSITS_PER_CHUNK - data.deposits.length }, () =>
    pad([], DEPOSIT_WORDS),
  );
  return {
    nullifiers: pad(data.nullifiers, slots),
    commitments: pad(data.commitments, slots),
    deposits: [...data.deposits, ...skipped],
  };
}
