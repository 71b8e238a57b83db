/** Circuit input of a state-update proof. */
import { TREE_DEPTH } from '../../protocol/constants.ts';
import type { AppliedChunk } from '../../protocol/state/apply-chunk.ts';
import type { PublicInputs } from '../../protocol/transaction/statement.ts';
import type { NullifierInsertion } from '../../protocol/tree/nullifier-tree.ts';
import { indexBits, type TreePath } from '../../protocol/tree/path.ts';
import type { CircuitInput, InputValue } from '../witness-calculator.ts';

/**
 * Input of circuits/state-update.circom.
 * @param inputs x, y, c as L1 computes them (protocol/state/binding.ts)
 */
export function stateUpdateInput(applied: AppliedChunk, [x, y, c]: PublicInputs): CircuitInput {
  const { insertions, path } = applied.nullifierChunk;
  return {
    x,
    y,
    c,
    oldNoteRoot: applied.oldNoteRoot,
    newNoteRoot: applied.newNoteRoot,
    oldNullifierRoot: applied.oldNullifierRoot,
    newNullifierRoot: applied.newNullifierRoot,
    noteStart: BigInt(applied.starts.noteStart),
    depositStart: BigInt(applied.starts.depositStart),
    nullifierStart: BigInt(applied.starts.nullifierStart),
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
