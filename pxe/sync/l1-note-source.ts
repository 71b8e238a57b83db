import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { L1Client } from '../../l1/client.ts';
import type { QueuedDeposit, RollupEvents, SettledBlock } from '../../l1/events.ts';
import { followStep, type L1Cursor } from '../../l1/follow.ts';
import type { RollupInfo } from '../../l1/rollup-info.ts';
import { decodeBlock } from '../../protocol/block.ts';
import { DEPOSITS_PER_CHUNK, KEY_ID, STATE_UPDATE_SLOTS } from '../../protocol/constants.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import { fieldToHex } from '../../protocol/field.ts';
import { transactionId } from '../../protocol/transaction.ts';
import { parseTransitionSignals } from '../../protocol/transition.ts';
import { chunkStarts } from '../../protocol/tree/chunk-starts.ts';
import { depositLeaf } from '../../protocol/tree/deposit-leaf.ts';
import { NoteTree } from '../../protocol/tree/note-tree.ts';
import { NullifierTree } from '../../protocol/tree/nullifier-tree.ts';
import type { NoteDeposit, NotesBlock, NotesResponse, NoteTransition } from '../../rpc/schema/notes.ts';
import type { NoteSource } from './note-source.ts';

export interface L1NoteSourceOptions {
  readonly rollup: RollupInfo;
  /** L1 blocks, its own included, until an L2 block counts as settled; default 1. */
  readonly confirmations?: number;
}

export interface L1NoteSourceDependencies {
  readonly client: L1Client;
}

/** Next free index of the nullifier tree at genesis. */
const GENESIS_NULLIFIER_NEXT = new NullifierTree().size;

/** Most blocks on a page. */
const PAGE_BLOCKS = 100;

/**
 * Blocks of commitments and encrypted records read from L1 alone: no sequencer learns when this wallet looks, and none can
 * withhold anything. Slower to start: it reads every proposal since the deployment once.
 */
export class L1NoteSource implements NoteSource {
  readonly #rollup: RollupInfo;
  readonly #confirmations: number;
  readonly #client: L1Client;
  #blocks: NotesBlock[] = [];
  #deposits: QueuedDeposit[] = [];
  #cursors: L1Cursor[] = [];
  #nextNote = 0;
  #nextNullifier = GENESIS_NULLIFIER_NEXT;
  #depositsTaken = 0;

  constructor(options: L1NoteSourceOptions, dependencies: L1NoteSourceDependencies) {
    this.#rollup = options.rollup;
    this.#confirmations = options.confirmations ?? 1;
    this.#client = dependencies.client;
  }

  /** Errors: L1_UNREACHABLE, L1_REORGED (while reading: call again), L1_CALLDATA_MALFORMED (a faulty node). */
  async getNotes(page: { readonly fromBlock?: number; readonly limit?: number }): Promise<NotesResponse> {
    await this.#follow();
    const from = Math.max(1, page.fromBlock ?? 1);
    const count = Math.min(page.limit ?? PAGE_BLOCKS, PAGE_BLOCKS);
    const l1Head = this.#cursors.at(-1)?.number ?? 0;
    const blocks = this.#blocks
      .slice(from - 1, from - 1 + count)
      .map((block) => ({ ...block, settled: l1Head - block.l1Block + 1 >= this.#confirmations }));
    return { head: this.#blocks.length, nextBlock: from + blocks.length, blocks };
  }

  async #follow(): Promise<void> {
    for (;;) {
      const step = await followStep(this.#client, this.#rollup, this.#cursors, this.#rollup.deployedAt);
      if (step.kind === 'idle') return;
      if (step.kind === 'rollback') {
        // Reorganisations are rare: read everything again.
        this.#reset();
        continue;
      }
      this.#apply(step.events);
      this.#cursors = [step.cursor];
    }
  }

  #reset(): void {
    this.#blocks = [];
    this.#deposits = [];
    this.#cursors = [];
    this.#nextNote = 0;
    this.#nextNullifier = GENESIS_NULLIFIER_NEXT;
    this.#depositsTaken = 0;
  }

  #apply(events: RollupEvents): void {
    this.#deposits.push(...events.deposits);
    for (const settled of events.blocks) this.#blocks.push(this.#read(settled));
  }

  #read(settled: SettledBlock): NotesBlock {
    const block = decodeBlock(settled.bytes);
    const places = this.#places(block.chunks.map(({ keyId }) => slotsOf(keyId)));
    const transitions = block.transitions.map(({ keyId, proof, signals: carried }): NoteTransition => {
      const signals = [...carried, this.#rollup.rollupId];
      const shown = parseTransitionSignals(signals);
      return {
        transactionId: `0x${bytesToHex(transactionId({ transitions: [{ keyId, proof, signals }] }))}`,
        tpk: fieldToHex(shown.tpk),
        r: fieldToHex(shown.encryptionPoint),
        nullifiers: shown.nullifiers.map(fieldToHex),
        outputs: shown.commitments.map((commitment, output) => ({
          index: places.notes.shift()!,
          commitment: fieldToHex(commitment),
          ciphertext: shown.ciphertexts[output].map(fieldToHex),
          outgoing: fieldToHex(shown.outgoing[output]),
        })),
      };
    });
    const deposits = Array.from({ length: block.depositCount }, () =>
      this.#takeDeposit(places.deposits.shift()!),
    );
    const previousNoteRoot = this.#blocks.at(-1)?.noteRoot ?? fieldToHex(new NoteTree().root());
    return {
      number: settled.l2Block,
      hash: `0x${bytesToHex(keccak_256(settled.bytes))}`,
      previousNoteRoot,
      noteRoot: fieldToHex(settled.noteRoot),
      noteCount: this.#nextNote,
      l1Block: settled.l1Block,
      l1BlockHash: settled.l1BlockHash,
      settled: true,
      transitions,
      deposits,
    };
  }

  /** Leaf indexes of a block's commitments and deposits, as L1 computes them. */
  #places(chunks: readonly number[]): { notes: number[]; deposits: number[] } {
    const notes: number[] = [];
    const deposits: number[] = [];
    for (const slots of chunks) {
      const starts = chunkStarts(this.#nextNote, this.#nextNullifier, slots);
      for (let slot = 0; slot < slots; slot++) notes.push(starts.noteStart + slot);
      for (let slot = 0; slot < DEPOSITS_PER_CHUNK; slot++) deposits.push(starts.depositStart + slot);
      this.#nextNote = starts.nextNote;
      this.#nextNullifier = starts.nextNullifier;
    }
    return { notes, deposits };
  }

  #takeDeposit(index: number): NoteDeposit {
    const queued = this.#deposits[this.#depositsTaken++];
    const { typeId, ownerHash, data } = queued;
    return {
      queueIndex: queued.index,
      index,
      commitment: fieldToHex(depositLeaf([typeId, ownerHash, BigInt(queued.index), ...data])),
      typeId: fieldToHex(typeId),
      ownerHash: fieldToHex(ownerHash),
      data: data.map(fieldToHex),
    };
  }
}

function slotsOf(keyId: number): number {
  if (keyId === KEY_ID['state-update-small']) return STATE_UPDATE_SLOTS.small;
  if (keyId === KEY_ID['state-update-large']) return STATE_UPDATE_SLOTS.large;
  throw new AzaleaError(
    'L1_CALLDATA_MALFORMED',
    `Key ${keyId} is not the key of a state update: the L1 node is faulty.`,
  );
}
