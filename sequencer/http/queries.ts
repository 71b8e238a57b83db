/** Read side of the HTTP interface: answers from the store alone. */

import { ANCHOR_MAX_AGE_L1_BLOCKS } from '../../protocol/constants.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import { notesOfBlock } from '../../protocol/state/notes-of-block.ts';
import { decodeBlock } from '../../protocol/transaction/block.ts';
import { type NotedDeposit, wireNotes } from '../../rpc/notes-block.ts';
import type {
  BlockResponse,
  BlockSummary,
  BlocksResponse,
  PageQuery,
  RootEntry,
  RootsResponse,
} from '../../rpc/schema/blocks.ts';
import type { NotesBlock, NotesResponse } from '../../rpc/schema/notes.ts';
import type { TransactionStatus } from '../../rpc/schema/transactions.ts';
import { bytesHex } from '../hex.ts';
import type { StoredBlock } from '../state/records.ts';
import type { Store } from '../state/store.ts';

export interface QueriesOptions {
  readonly rollupId: bigint;
  readonly confirmations: number;
  /** Most blocks on one page. */
  readonly pageBlocks: number;
}

export interface QueriesDependencies {
  readonly store: Store;
  /** Number of the newest L1 block seen. */
  readonly l1Head: () => number;
}

/** Most blocks on a page of /blocks, /roots and /notes. */
export const PAGE_BLOCKS = 100;

/** Most transitions on one page of notes, however many blocks were asked for. */
const PAGE_TRANSITIONS = 512;

export class Queries {
  readonly #options: QueriesOptions;
  readonly #store: Store;
  readonly #l1Head: () => number;

  constructor(options: QueriesOptions, dependencies: QueriesDependencies) {
    this.#options = options;
    this.#store = dependencies.store;
    this.#l1Head = dependencies.l1Head;
  }

  /** @throws AzaleaError TRANSACTION_UNKNOWN. */
  transaction(id: string): TransactionStatus {
    const known = this.#store.transactions.get(id);
    if (known === undefined) {
      throw new AzaleaError('TRANSACTION_UNKNOWN', `No transaction ${id} was accepted here or found on L1`, {
        transaction: id,
      });
    }
    const status = {
      id,
      l2Block: null,
      l1TransactionHash: null,
      l1Block: null,
      confirmations: 0,
      reason: known.reason,
    };
    if (known.state === 'dropped') return { ...status, status: 'dropped' };
    if (known.state === 'settled') {
      const block = this.#store.blocks.get(known.l2Block!)!;
      return {
        ...status,
        status: this.#isSettled(block) ? 'settled' : 'proven',
        l2Block: block.l2Block,
        l1TransactionHash: block.l1TransactionHash,
        l1Block: block.l1Block,
        confirmations: this.#confirmations(block),
      };
    }
    const candidate = this.#store.candidate;
    if (candidate === undefined || !candidate.transactionIds.includes(id))
      return { ...status, status: 'pending' };
    const l2Block = candidate.parent.l2Block + 1;
    if (!candidate.proofKeys.every((key) => this.#store.proofs.doesExist(key))) {
      return { ...status, status: 'included', l2Block };
    }
    const publication = this.#store.publication;
    const l1TransactionHash =
      publication?.l2Block === l2Block ? (publication.attempts.at(-1)?.hash ?? null) : null;
    return { ...status, status: 'proven', l2Block, l1TransactionHash };
  }

  blocks(page: PageQuery): BlocksResponse {
    const head = this.#store.head.l2Block;
    return { head, blocks: this.#page(page).map((block) => this.#summary(block)) };
  }

  /** @throws AzaleaError BLOCK_UNKNOWN. */
  block(number: number): BlockResponse {
    const block = this.#store.blocks.get(number);
    if (block === undefined) {
      const head = this.#store.head.l2Block;
      throw new AzaleaError('BLOCK_UNKNOWN', `L2 block ${number} is not on L1; the newest is ${head}`, {
        number,
        head,
      });
    }
    const bytes = this.#store.blockBytes.get(number);
    return {
      block: this.#summary(block),
      transactionIds: block.transactions.map(({ id }) => id),
      bytes: bytes === undefined ? null : bytesHex(bytes),
    };
  }

  roots(page: PageQuery): RootsResponse {
    const roots = this.#page(page).map((block): RootEntry => {
      const next = this.#store.blocks.get(block.l2Block + 1);
      return {
        block: block.l2Block,
        noteRoot: block.noteRoot,
        nullifierRoot: block.nullifierRoot,
        l1Block: block.l1Block,
        l1BlockHash: block.l1BlockHash,
        supersededAtL1Block: next?.l1Block ?? null,
        expiresAfterL1Block: next === undefined ? null : next.l1Block + ANCHOR_MAX_AGE_L1_BLOCKS,
      };
    });
    return { head: this.#store.head.l2Block, l1Head: this.#l1Head(), roots };
  }

  notes(page: PageQuery): NotesResponse {
    const head = this.#store.head.l2Block;
    const blocks: NotesBlock[] = [];
    let transitions = 0;
    for (const block of this.#page({ ...page, fromBlock: Math.max(1, page.fromBlock ?? 1) })) {
      blocks.push(this.#notes(block));
      transitions += block.transactions.reduce((sum, each) => sum + each.transitions, 0);
      if (transitions >= PAGE_TRANSITIONS) break;
    }
    const nextBlock = blocks.length === 0 ? head + 1 : blocks[blocks.length - 1].number + 1;
    return { head, nextBlock, blocks };
  }

  #notes(block: StoredBlock): NotesBlock {
    const parent = this.#store.blocks.get(block.l2Block - 1)!;
    const notes = notesOfBlock(decodeBlock(this.#store.blockBytes.get(block.l2Block)!), {
      rollupId: this.#options.rollupId,
      nextNote: parent.nextNote,
      nextNullifier: parent.nextNullifier,
      deposit: (offset) => this.#noted(block.deposits[offset]),
    });
    return {
      number: block.l2Block,
      hash: block.hash,
      previousNoteRoot: parent.noteRoot,
      noteRoot: block.noteRoot,
      l1Block: block.l1Block,
      l1BlockHash: block.l1BlockHash,
      settled: this.#isSettled(block),
      ...wireNotes(notes),
    };
  }

  #noted({ queueIndex, commitment }: StoredBlock['deposits'][number]): NotedDeposit {
    const queued = this.#store.deposits.get(queueIndex)!;
    return {
      queueIndex,
      commitment: BigInt(commitment),
      typeId: BigInt(queued.typeId),
      ownerHash: BigInt(queued.ownerHash),
      data: queued.data.map(BigInt),
    };
  }

  #page(page: PageQuery): StoredBlock[] {
    const limit = Math.min(page.limit ?? this.#options.pageBlocks, this.#options.pageBlocks);
    return [...this.#store.blocks.getRange({ start: page.fromBlock ?? 0, limit })].map(({ value }) => value);
  }

  #summary(block: StoredBlock): BlockSummary {
    return {
      number: block.l2Block,
      hash: block.hash,
      noteRoot: block.noteRoot,
      nullifierRoot: block.nullifierRoot,
      l1Block: block.l1Block,
      l1BlockHash: block.l1BlockHash,
      l1TransactionHash: block.l1TransactionHash,
      proposer: block.proposer,
      timestamp: block.timestamp,
      transactions: block.transactions.length,
      deposits: block.deposits.length,
      chunks: block.chunks.length,
      settled: this.#isSettled(block),
    };
  }

  #confirmations(block: StoredBlock): number {
    return Math.max(0, this.#l1Head() - block.l1Block + 1);
  }

  #isSettled(block: StoredBlock): boolean {
    return this.#confirmations(block) >= this.#options.confirmations;
  }
}
