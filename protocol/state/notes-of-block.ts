/** The notes that a settled block adds to the note tree, with their leaf indexes. */

import { DEPOSITS_PER_CHUNK, STATE_UPDATE_SLOTS } from '../constants.ts';
import { AzaleaError } from '../errors.ts';
import type { Block, BlockTransition } from '../transaction/block.ts';
import { transactionId } from '../transaction/transaction.ts';
import { parseTransitionSignals, type TransitionSignals } from '../transaction/transition.ts';
import { chunkSizeOfKey } from './chunk.ts';
import { chunkStarts } from './chunk-starts.ts';

/** The context of a block that its bytes lack: the rollup, the sizes of its trees, and the waiting deposits. */
export interface NotesContext<Deposit> {
  readonly rollupId: bigint;
  /** Next free index of the note tree before the block. */
  readonly nextNote: number;
  /** Next free index of the nullifier tree before the block. */
  readonly nextNullifier: number;
  /** Element of the deposit queue, counted from the first that the block may take. */
  readonly deposit: (offset: number) => Deposit;
}

export interface NotesOfBlock<Deposit> {
  readonly transitions: readonly {
    readonly transactionId: Uint8Array;
    readonly signals: TransitionSignals;
    /** Leaf index of each commitment. */
    readonly indexes: readonly number[];
  }[];
  /** Deposits taken, each with its leaf index. */
  readonly deposits: readonly { readonly index: number; readonly deposit: Deposit }[];
  /** Next free indexes after the block. */
  readonly nextNote: number;
  readonly nextNullifier: number;
}

/**
 * Lays a block's commitments and deposits into the note tree, as L1 does (docs/specification.md, section 10).
 * @throws AzaleaError L1_CALLDATA_MALFORMED when a chunk has the key of no state update or an element finds no place,
 * TREE_FULL, TRANSITION_SIGNALS
 */
export function notesOfBlock<Deposit>(block: Block, context: NotesContext<Deposit>): NotesOfBlock<Deposit> {
  let { nextNote, nextNullifier } = context;
  const noteIndexes: number[] = [];
  const depositIndexes: number[] = [];
  for (const { keyId } of block.chunks) {
    const slots = slotsOf(keyId);
    const starts = chunkStarts(nextNote, nextNullifier, slots);
    for (let slot = 0; slot < slots; slot++) noteIndexes.push(starts.noteStart + slot);
    for (let slot = 0; slot < DEPOSITS_PER_CHUNK; slot++) depositIndexes.push(starts.depositStart + slot);
    ({ nextNote, nextNullifier } = starts);
  }
  let placed = 0;
  const transitions = block.transitions.map((carried) => {
    const { id, signals } = identify(carried, context.rollupId);
    const indexes = noteIndexes.slice(placed, placed + signals.commitments.length);
    placed += signals.commitments.length;
    return { transactionId: id, signals, indexes };
  });
  if (placed > noteIndexes.length || block.depositCount > depositIndexes.length) {
    throw new AzaleaError(
      'L1_CALLDATA_MALFORMED',
      `${placed} commitments and ${block.depositCount} deposits do not fit the block's chunks: the L1 node is faulty.`,
    );
  }
  const deposits = Array.from({ length: block.depositCount }, (_, offset) => ({
    index: depositIndexes[offset],
    deposit: context.deposit(offset),
  }));
  return { transitions, deposits, nextNote, nextNullifier };
}

function identify(
  { keyId, signals: carried }: BlockTransition,
  rollupId: bigint,
): { id: Uint8Array; signals: TransitionSignals } {
  const signals = [...carried, rollupId];
  return {
    id: transactionId({ transitions: [{ keyId, signals }] }),
    signals: parseTransitionSignals(signals),
  };
}

function slotsOf(keyId: number): number {
  const size = chunkSizeOfKey(keyId);
  if (size !== undefined) return STATE_UPDATE_SLOTS[size];
  throw new AzaleaError(
    'L1_CALLDATA_MALFORMED',
    `Key ${keyId} is not the key of a state update: the L1 node is faulty.`,
    {
      keyId,
    },
  );
}
