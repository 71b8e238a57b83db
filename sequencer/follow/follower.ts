/**
 * Follows L1, the only source of truth. It applies settled blocks and deposits in their order, and reverts those that a
 * reorganisation removed. Every step is atomic and idempotent, so a crash anywhere costs nothing.
 */

import type { Logger } from 'pino';
import { AzaleaError } from '../../protocol/errors.ts';
import { fieldToHex } from '../../protocol/field.ts';
import { type BlockContents, readBlock } from '../build/block-contents.ts';
import type { L1Block, L1Reader, QueuedDeposit, SettledBlock } from '../l1/port.ts';
import type { Mempool } from '../mempool/mempool.ts';
import { crashPoint } from '../process/crash-point.ts';
import type { StoredBlock, StoredCursor } from '../state/records.ts';
import type { Store } from '../state/store.ts';
import type { WorldState } from '../state/world-state.ts';
import { cursorOf, inconsistent, Reorganisations } from './reorganisations.ts';

export interface FollowerOptions {
  /** Most L1 blocks asked for in one go. */
  readonly logRange: number;
  readonly rollupId: bigint;
}

export interface FollowerDependencies {
  readonly store: Store;
  readonly state: WorldState;
  readonly mempool: Mempool;
  readonly l1: L1Reader;
  readonly log: Logger;
}

export interface FollowResult {
  readonly head: L1Block;
  /** L2 blocks applied. */
  readonly applied: number;
  /** L2 blocks taken back. */
  readonly undone: number;
  /** A reorganisation was followed, even if it touched no L2 block. */
  readonly reorganised: boolean;
}

/** Checkpoints this far below the head are forgotten: no reorganisation reaches so deep. */
const CHECKPOINT_DEPTH = 50_000;

export class Follower {
  readonly #options: FollowerOptions;
  readonly #store: Store;
  readonly #state: WorldState;
  readonly #mempool: Mempool;
  readonly #l1: L1Reader;
  readonly #log: Logger;
  readonly #reorganisations: Reorganisations;

  constructor(options: FollowerOptions, dependencies: FollowerDependencies) {
    this.#options = options;
    this.#store = dependencies.store;
    this.#state = dependencies.state;
    this.#mempool = dependencies.mempool;
    this.#l1 = dependencies.l1;
    this.#log = dependencies.log;
    this.#reorganisations = new Reorganisations({ rollupId: options.rollupId }, dependencies);
  }

  /**
   * Catches up with L1's head.
   * @throws when L1 cannot be reached or its answers do not fit together (the caller retries both), or STATE_DIVERGED, which
   *   only a defect can cause.
   */
  async poll(): Promise<FollowResult> {
    const head = await this.#l1.head();
    crashPoint('follower.head-read');
    const { undone, reorganised } = await this.#reorganisations.follow(head);
    let applied = 0;
    for (;;) {
      const cursor = cursorOf(this.#store);
      if (cursor.number >= head.number) break;
      const to = Math.min(cursor.number + this.#options.logRange, head.number);
      const end = to === head.number ? head : await this.#blockAt(to);
      const events = await this.#l1.events(cursor.number + 1, to);
      const still = await this.#l1.block(to);
      if (still?.hash !== end.hash) throw inconsistent(`L1 block ${to} changed while it was read`);
      await this.#assertOnChain(cursor);
      crashPoint('follower.events-read');
      applied += this.#apply([...events.deposits, ...events.blocks]);
      this.#store.atomic(() => {
        this.#store.cursor = { number: to, hash: end.hash };
        this.#store.l1Hashes.putSync(to, end.hash);
        this.#prune(to);
      });
      crashPoint('follower.cursor-stored');
    }
    return { head, applied, undone, reorganised };
  }

  #apply(events: (QueuedDeposit | SettledBlock)[]): number {
    let applied = 0;
    events.sort((a, b) => a.l1Block - b.l1Block || a.logIndex - b.logIndex);
    for (const event of events) {
      if ('ownerHash' in event) this.#storeDeposit(event);
      else if (this.#applyBlock(event)) applied++;
    }
    return applied;
  }

  #storeDeposit(deposit: QueuedDeposit): void {
    this.#store.atomic(() => {
      this.#store.deposits.putSync(deposit.index, {
        index: deposit.index,
        typeId: fieldToHex(deposit.typeId),
        ownerHash: fieldToHex(deposit.ownerHash),
        data: deposit.data.map(fieldToHex),
        l1Block: deposit.l1Block,
        l1BlockHash: deposit.l1BlockHash,
      });
      this.#store.l1Hashes.putSync(deposit.l1Block, deposit.l1BlockHash);
    });
    crashPoint('follower.deposits-stored');
  }

  /** Applies one settled block; false when it is applied already (a crash came before the cursor moved). */
  #applyBlock(event: SettledBlock): boolean {
    const parent = this.#store.head;
    if (event.l2Block <= parent.l2Block) {
      const known = this.#store.blocks.get(event.l2Block);
      if (known?.l1TransactionHash === event.transactionHash && known.l1BlockHash === event.l1BlockHash)
        return false;
    }
    if (event.l2Block !== parent.l2Block + 1) {
      throw inconsistent(`L1 shows L2 block ${event.l2Block} after ${parent.l2Block}`);
    }
    const contents = readBlock(event.bytes, {
      rollupId: this.#options.rollupId,
      deposit: (offset) => this.#store.deposits.get(parent.nextDeposit + offset),
    });
    crashPoint('follower.block-decoded');
    this.#state.commit(contents.chunks, (applied) => {
      crashPoint('follower.block-inserted');
      applied.forEach((chunk, index) => {
        const claimed = contents.chunks[index];
        if (
          chunk.newNoteRoot !== claimed.newNoteRoot ||
          chunk.newNullifierRoot !== claimed.newNullifierRoot
        ) {
          throw new AzaleaError(
            'STATE_DIVERGED',
            `Chunk ${index} of L2 block ${event.l2Block} leads to other roots than L1 accepted; report this as a defect`,
            { l2Block: event.l2Block, chunk: index },
          );
        }
      });
      const starts = applied.map((chunk) => chunk.starts);
      const depositCommitments = contents.depositCommitments();
      const deposits: StoredBlock['deposits'][number][] = [];
      contents.chunks.forEach((chunk, index) => {
        chunk.data.deposits.forEach((words, slot) => {
          deposits.push({
            queueIndex: Number(words[2]),
            index: starts[index].depositStart + slot,
            commitment: fieldToHex(depositCommitments[deposits.length]),
          });
        });
      });
      this.#record(
        {
          ...this.#state.position(),
          l2Block: event.l2Block,
          nextDeposit: parent.nextDeposit + deposits.length,
          hash: contents.hash,
          l1Block: event.l1Block,
          l1BlockHash: event.l1BlockHash,
          l1TransactionHash: event.transactionHash,
          proposer: event.proposer.toLowerCase(),
          timestamp: event.timestamp,
          chunks: contents.chunks.map((chunk, index) => ({
            size: chunk.size,
            noteStart: starts[index].noteStart,
            depositStart: starts[index].depositStart,
            nullifierStart: starts[index].nullifierStart,
          })),
          transactions: contents.transactions.map(({ id, transitions }) => ({
            id,
            transitions: transitions.length,
          })),
          deposits,
        },
        event.bytes,
        contents,
      );
      crashPoint('follower.block-stored');
    });
    this.#log.info(
      { l2Block: event.l2Block, transactions: contents.transactions.length, l1Block: event.l1Block },
      'L2 block found on L1',
    );
    return true;
  }

  #record(block: StoredBlock, bytes: Uint8Array, contents: BlockContents): void {
    const store = this.#store;
    store.blocks.putSync(block.l2Block, block);
    store.blockBytes.putSync(block.l2Block, Buffer.from(bytes));
    store.roots.putSync(block.noteRoot, block.l2Block);
    store.l1Hashes.putSync(block.l1Block, block.l1BlockHash);
    for (const { id, nullifiers } of contents.transactions) {
      for (const nullifier of nullifiers) store.spent.putSync(fieldToHex(nullifier), block.l2Block);
      this.#mempool.settle(id, nullifiers, block.l2Block);
    }
    store.candidate = undefined;
    if (store.publication?.blockHash === block.hash) store.publication = undefined;
    const limit = store.quarantineLimit;
    if (limit !== undefined) store.quarantineLimit = limit >= 64 ? undefined : limit * 2;
  }

  #prune(head: number): void {
    for (const number of [...this.#store.l1Hashes.getKeys({ end: head - CHECKPOINT_DEPTH, limit: 100 })]) {
      this.#store.l1Hashes.removeSync(number);
    }
  }

  /** Requires that the cursor is still on the chain: only then do the events just read follow on it. */
  async #assertOnChain(cursor: StoredCursor): Promise<void> {
    if (cursor.hash === '') return;
    const block = await this.#l1.block(cursor.number);
    if (block?.hash !== cursor.hash) throw inconsistent(`L1 was reorganised below block ${cursor.number}`);
  }

  async #blockAt(number: number): Promise<L1Block> {
    const block = await this.#l1.block(number);
    if (block === undefined) throw inconsistent(`L1 has no block ${number}`);
    return block;
  }
}
