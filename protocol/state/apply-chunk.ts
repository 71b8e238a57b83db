/** Applies a chunk to the note tree and the nullifier tree, as L1 and the state-update circuit do. */
import { STATE_UPDATE_SLOTS } from '../constants.ts';
import { depositLeaf } from '../tree/deposit-leaf.ts';
import type { NoteTree } from '../tree/note-tree.ts';
import type { NullifierChunk, NullifierTree } from '../tree/nullifier-tree.ts';
import type { TreePath } from '../tree/path.ts';
import { type ChunkData, type ChunkSize, padChunk } from './chunk.ts';
import { type ChunkStarts, chunkStarts } from './chunk-starts.ts';

/** A chunk after it was applied to the trees: all that its proof says, and the advice to prove it. */
export interface AppliedChunk {
  readonly size: ChunkSize;
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
 * Applies a chunk to both trees, at the starts that L1 computes, and keeps what proves it. All or nothing: on an error
 * the trees are as before. A prover makes its proof from the result, later or elsewhere.
 * @throws AzaleaError NULLIFIER_PRESENT, NULLIFIER_INVALID, DEPOSIT_INVALID, CHUNK_TOO_LARGE, TREE_FULL.
 */
export function applyChunk(
  noteTree: NoteTree,
  nullifierTree: NullifierTree,
  size: ChunkSize,
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
