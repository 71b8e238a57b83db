import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { L1Client } from '../../l1/client.ts';
import type { QueuedDeposit, RollupEvents, SettledBlock } from '../../l1/events.ts';
import { followStep, type L1Cursor } from '../../l1/follow.ts';
import type { RollupInfo } from '../../l1/rollup-info.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import { fieldToHex } from '../../protocol/field.ts';
import { notesOfBlock } from '../../protocol/state/notes-of-block.ts';
import { decodeBlock } from '../../protocol/transaction/block.ts';
import { depositLeaf } from '../../protocol/tree/deposit-leaf.ts';
import { NoteTree } from '../../protocol/tree/note-tree.ts';
import { NullifierTree } from '../../protocol/tree/nullifier-tree.ts';
import { type NotedDeposit, wireNotes } from '../../rpc/notes-block.ts';
import type { NotesBlock, NotesResponse } from '../../rpc/schema/notes.ts';
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
  readonly fromL1 = true;
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

  /** Errors: L1_UNREACHABLE, L1_REORGED and L1_INCONSISTENT (while reading: call again), L1_CALLDATA_MALFORMED (a faulty node). */
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
    const notes = notesOfBlock(decodeBlock(settled.bytes), {
      rollupId: this.#rollup.rollupId,
      nextNote: this.#nextNote,
      nextNullifier: this.#nextNullifier,
      deposit: (offset) => noted(this.#deposits[this.#depositsTaken + offset]),
    });
    this.#nextNote = notes.nextNote;
    this.#nextNullifier = notes.nextNullifier;
    this.#depositsTaken += notes.deposits.length;
    const previousNoteRoot = this.#blocks.at(-1)?.noteRoot ?? fieldToHex(new NoteTree().root());
    return {
      number: settled.l2Block,
      hash: `0x${bytesToHex(keccak_256(settled.bytes))}`,
      previousNoteRoot,
      noteRoot: fieldToHex(settled.noteRoot),
      l1Block: settled.l1Block,
      l1BlockHash: settled.l1BlockHash,
      settled: true,
      ...wireNotes(notes),
    };
  }
}

function noted(queued: QueuedDeposit | undefined): NotedDeposit {
  if (queued === undefined) {
    throw new AzaleaError(
      'L1_INCONSISTENT',
      'A block takes a deposit whose event L1 did not show; trying again',
    );
  }
  const { index, typeId, ownerHash, data } = queued;
  const commitment = depositLeaf([typeId, ownerHash, BigInt(index), ...data]);
  return { queueIndex: index, typeId, ownerHash, data, commitment };
}
