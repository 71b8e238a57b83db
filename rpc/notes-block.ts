import { bytesToHex } from '@noble/hashes/utils.js';
import { fieldToHex } from '../protocol/field.ts';
import type { NotesOfBlock } from '../protocol/state/notes-of-block.ts';
import type { NoteDeposit, NotesBlock, NoteTransition } from './schema/notes.ts';

/** A deposit as L1 queued it, with its leaf. */
export interface NotedDeposit {
  /** Index in L1's queue. */
  readonly queueIndex: number;
  readonly typeId: bigint;
  readonly ownerHash: bigint;
  readonly data: readonly bigint[];
  readonly commitment: bigint;
}

/** The wire form of a block's notes. */
export function wireNotes(
  notes: NotesOfBlock<NotedDeposit>,
): Pick<NotesBlock, 'noteCount' | 'transitions' | 'deposits'> {
  return {
    noteCount: notes.nextNote,
    transitions: notes.transitions.map(
      ({ transactionId, signals, indexes }): NoteTransition => ({
        transactionId: `0x${bytesToHex(transactionId)}`,
        tpk: fieldToHex(signals.tpk),
        r: fieldToHex(signals.encryptionPoint),
        nullifiers: signals.nullifiers.map(fieldToHex),
        outputs: signals.commitments.map((commitment, output) => ({
          index: indexes[output],
          commitment: fieldToHex(commitment),
          ciphertext: signals.ciphertexts[output].map(fieldToHex),
          outgoing: fieldToHex(signals.outgoing[output]),
        })),
      }),
    ),
    deposits: notes.deposits.map(
      ({ index, deposit }): NoteDeposit => ({
        queueIndex: deposit.queueIndex,
        index,
        commitment: fieldToHex(deposit.commitment),
        typeId: fieldToHex(deposit.typeId),
        ownerHash: fieldToHex(deposit.ownerHash),
        data: deposit.data.map(fieldToHex),
      }),
    ),
  };
}
