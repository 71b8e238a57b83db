import {
  DEPOSIT_WORDS,
  DEPOSITS_PER_CHUNK,
  STATE_UPDATE_SLOTS,
  TREE_DEPTH,
} from '../../protocol/constants.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import type { ChunkData } from '../../protocol/state-update-binding.ts';
import { type ChunkStarts, chunkStarts } from '../../protocol/tree/chunk-starts.ts';
import { depositLeaf } from '../../protocol/tree/deposit-leaf.ts';
import type { NoteTree } from '../../protocol/tree/note-tree.ts';
import type {
  NullifierChunk,
  NullifierInsertion,
  NullifierTree,
} from '../../protocol/tree/nullifier-tree.ts';
import { indexBits, type TreePath } from '../../protocol/tree/path.ts';
import type { CircuitInput, InputValue } from '../witness-calculator.ts';

export type { ChunkData } from '../../protocol/state-update-binding.ts';
export type { CircuitInput } from '../witness-calculator.ts';

export type StateUpdateSize = keyof typeof STATE_UPDATE_SLOTS;

/** A chunk after it was applied to the trees: all that its proof says, and the advice to prove it. */
export interface AppliedChunk {
  readonly size: StateUpdateSize;
  /** D, padded to the size's slots. */
  readonly data: ChunkData;
  readonly oldNoteRoot: bigint;
  readonly newNoteRoot: bigint;
  readonly oldNullifierRoot: bigint;
  readonly newNullifierRoot: bigint;
  readonly starts: ChunkStarts;
  readonly nullifierChunk: NullifierChunk;
  readonly notePath: TreePath;
  readonly depositPath: TreePath;
}

/**
 * Fills a chunk's slots with 0.
 * @throws AzaleaError CHUNK_TOO_LARGE when the data does not fit, DEPOSIT_INVALID for a deposit of another length.
 */
export function padChunk(size: StateUpdateSize, data: ChunkData): ChunkData {
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

/**
 * Applies a chunk to both trees, at the starts that L1 computes, and keeps what proves it. All or nothing: on an error
 * the trees are as before. Its proof is `stateUpdateInput(applied, binding)`, later or elsewhere.
 * @throws AzaleaError NULLIFIER_PRESENT, NULLIFIER_INVALID, DEPOSIT_INVALID, CHUNK_TOO_LARGE, TREE_FULL.
 */
export function applyChunk(
  noteTree: NoteTree,
  nullifierTree: NullifierTree,
  size: StateUpdateSize,
  chunk: ChunkData,
): AppliedChunk {
  const data = padChunk(size, chunk);
  const starts = chunkStarts(noteTree.size, nullifierTree.size, STATE_UPDATE_SLOTS[size]);
  const depositLeaves = data.deposits.map(depositLeaf);
  const oldNoteRoot = noteTree.root();
  const oldNullifierRoot = nullifierTree.root();
  const nullifierChunk = nullifierTree.insertChunk(starts.nullifierStart, data.nullifiers);
  const notePath = noteTree.appendSubtree(starts.noteStart, data.commitments);
  const depositPath = noteTree.appendSubtree(starts.depositStart, depositLeaves);
  return {
    size,
    data,
    oldNoteRoot,
    newNoteRoot: noteTree.root(),
    oldNullifierRoot,
    newNullifierRoot: nullifierTree.root(),
    starts,
    nullifierChunk,
    notePath,
    depositPath,
  };
}

/** The nine public signals in their order (docs/specification.md, section 10). */
export function stateUpdateSignals(applied: AppliedChunk, binding: { x: bigint; y: bigint }): bigint[] {
  return [
    applied.oldNoteRoot,
    applied.newNoteRoot,
    applied.oldNullifierRoot,
    applied.newNullifierRoot,
    BigInt(applied.starts.noteStart),
    BigInt(applied.starts.depositStart),
    BigInt(applied.starts.nullifierStart),
    binding.x,
    binding.y,
  ];
}

/**
 * Input of circuits/state-update.circom.
 * @param binding x and y as L1 computes them (protocol/state-update-binding.ts)
 */
export function stateUpdateInput(applied: AppliedChunk, binding: { x: bigint; y: bigint }): CircuitInput {
  const { insertions, path } = applied.nullifierChunk;
  const [
    oldNoteRoot,
    newNoteRoot,
    oldNullifierRoot,
    newNullifierRoot,
    noteStart,
    depositStart,
    nullifierStart,
    x,
    y,
  ] = stateUpdateSignals(applied, binding);
  return {
    oldNoteRoot,
    newNoteRoot,
    oldNullifierRoot,
    newNullifierRoot,
    noteStart,
    depositStart,
    nullifierStart,
    x,
    y,
    nullifiers: applied.data.nullifiers,
    commitments: applied.data.commitments,
    deposits: applied.data.deposits,
    lowValue: insertions.map((insertion) => insertion?.low.value ?? 0n),
    lowNext: insertions.map((insertion) => insertion?.low.next ?? 0n),
    lowPending: insertions.flatMap((insertion, slot) =>
      Array.from({ length: slot }, (_, j) => (pendingSlot(insertion) === j ? 1n : 0n)),
    ),
    lowIndexBits: insertions.map((insertion) => {
      const lowPath = treePath(insertion);
      return lowPath === undefined ? Array<bigint>(2 * TREE_DEPTH).fill(0n) : indexBits(lowPath);
    }),
    lowSiblings: insertions.map((insertion) => treePath(insertion)?.siblings ?? UNUSED_SIBLINGS),
    nullifierSiblings: path.siblings,
    noteSiblings: applied.notePath.siblings,
    depositSiblings: applied.depositPath.siblings,
  };
}

/** Path advice of a slot whose low leaf is not in the tree; nothing follows from it. */
const UNUSED_SIBLINGS: InputValue = Array.from({ length: TREE_DEPTH }, () => [0n, 0n, 0n]);

const pendingSlot = (insertion: NullifierInsertion | undefined): number | undefined =>
  insertion?.place.kind === 'pending' ? insertion.place.slot : undefined;

const treePath = (insertion: NullifierInsertion | undefined): TreePath | undefined =>
  insertion?.place.kind === 'tree' ? insertion.place.path : undefined;
