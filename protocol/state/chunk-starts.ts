import { DEPOSITS_PER_CHUNK } from '../constants.ts';
import { AzaleaError } from '../errors.ts';
import { TREE_CAPACITY } from '../tree/sparse-tree4.ts';

/** The start indexes of a chunk, and the next free indexes after it. */
export interface ChunkStarts {
  readonly noteStart: number;
  readonly depositStart: number;
  readonly nullifierStart: number;
  readonly nextNote: number;
  readonly nextNullifier: number;
}

const roundUp = (index: number, multiple: number): number => Math.ceil(index / multiple) * multiple;

/**
 * Start indexes of a chunk as L1 computes them (docs/specification.md, section 10).
 * @param nextNote next free index of the note tree
 * @param nextNullifier next free index of the nullifier tree
 * @param slots nullifiers and commitments of the chunk
 * @throws AzaleaError TREE_FULL when the chunk does not fit in a tree.
 */
export function chunkStarts(nextNote: number, nextNullifier: number, slots: number): ChunkStarts {
  const noteStart = roundUp(nextNote, slots);
  const depositStart = noteStart + slots;
  const nullifierStart = roundUp(nextNullifier, slots);
  const starts = {
    noteStart,
    depositStart,
    nullifierStart,
    nextNote: depositStart + DEPOSITS_PER_CHUNK,
    nextNullifier: nullifierStart + slots,
  };
  if (starts.nextNote > TREE_CAPACITY || starts.nextNullifier > TREE_CAPACITY) {
    throw new AzaleaError(
      'TREE_FULL',
      `a chunk of ${slots} slots does not fit after note ${nextNote} and nullifier ${nextNullifier}: the rollup needs a new tree`,
      {
        nextNote,
        nextNullifier,
        slots,
      },
    );
  }
  return starts;
}
