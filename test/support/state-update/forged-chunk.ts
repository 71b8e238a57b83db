/** Chunks of nullifiers whose advice a cheater chooses freely; everything that depends on it is recomputed. */

import { STATE_UPDATE_SLOTS, TREE_DEPTH } from '../../../protocol/constants.ts';
import type { ChunkData, ChunkSize } from '../../../protocol/state/chunk.ts';
import { nullifierLeafHash } from '../../../protocol/tree/nullifier-tree.ts';
import { indexBits } from '../../../protocol/tree/path.ts';
import { SparseTree4 } from '../../../protocol/tree/sparse-tree4.ts';
import { MemoryTreeStore } from '../../../protocol/tree/tree-store.ts';
import { type ChunkInput, honestInput, recompute, Trees } from './chunks.ts';

/** The cheater's claim about one slot's low leaf. */
export interface Low {
  readonly value: bigint;
  readonly next: bigint;
  /** Index of its leaf, when it is said to be in the tree. The tree is updated there as if that were true. */
  readonly index?: number;
  /** Choices among the pending leaves, when it is said to be pending: [1n] names slot 0. */
  readonly pending?: readonly bigint[];
}

/**
 * Input for nullifiers whose low leaves are as said, on trees that hold `history`; with new roots and y recomputed.
 * @param lows one a slot; undefined for a skipped slot
 * @param rest commitments and deposits of the chunk, honest
 */
export function forgedChunk(
  size: ChunkSize,
  history: readonly Partial<ChunkData>[],
  nullifiers: readonly bigint[],
  lows: readonly (Low | undefined)[],
  rest: Partial<ChunkData> = {},
): ChunkInput {
  const slots = STATE_UPDATE_SLOTS[size];
  const trees = new Trees();
  const tree = new SparseTree4('nullifier', new MemoryTreeStore());
  for (const chunk of history) trees.apply(size, chunk);
  for (let index = 0; index < trees.nullifier.size; index++) {
    const leaf = trees.nullifier.leaf(index);
    if (leaf !== undefined) tree.setLeaves(index, [nullifierLeafHash(leaf)]);
  }
  const input = honestInput(trees.apply(size, { ...rest, nullifiers: [] }));
  nullifiers.forEach((nullifier, slot) => {
    const low = lows[slot];
    input.nullifiers[slot] = nullifier;
    if (low === undefined) return;
    input.lowValue[slot] = low.value;
    input.lowNext[slot] = low.next;
    low.pending?.forEach((choice, j) => {
      input.lowPending[(slot * (slot - 1)) / 2 + j] = choice;
    });
    if (low.index === undefined) return;
    const path = tree.path(low.index);
    input.lowIndexBits[slot] = indexBits(path);
    input.lowSiblings[slot] = path.siblings.map((siblings) => [...siblings]);
    tree.setLeaves(low.index, [nullifierLeafHash({ value: low.value, next: nullifier })]);
  });
  const height = Math.round(Math.log2(slots) / 2);
  const place = tree.path(Number(input.nullifierStart) / slots, height);
  input.nullifierSiblings = place.siblings.map((siblings) => [...siblings]);
  if (input.nullifierSiblings.length !== TREE_DEPTH - height) throw new Error('wrong height');
  return recompute(input);
}
