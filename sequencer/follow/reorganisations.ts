/** Reverts everything that an L1 reorganisation removed: blocks in reverse order, deposits, cursor, as one transaction. */

import type { Logger } from 'pino';
import { AzaleaError } from '../../protocol/errors.ts';
import { fieldToHex } from '../../protocol/field.ts';
import { readBlock } from '../build/block-contents.ts';
import type { L1Block, L1Reader } from '../l1/port.ts';
import type { Mempool } from '../mempool/mempool.ts';
import { crashPoint } from '../process/crash-point.ts';
import type { StoredBlock, StoredCursor } from '../state/records.ts';
import type { Store } from '../state/store.ts';
import type { WorldState } from '../state/world-state.ts';

export interface ReorganisationsOptions {
  readonly rollupId: bigint;
}

export interface ReorganisationsDependencies {
  readonly store: Store;
  readonly state: WorldState;
  readonly mempool: Mempool;
  readonly l1: L1Reader;
  readonly log: Logger;
}

/** Number of polls in a row after which a shorter chain is believed. A single one may come from a lagging node. */
const MISSING_POLLS = 3;

export class Reorganisations {
  readonly #options: ReorganisationsOptions;
  readonly #store: Store;
  readonly #state: WorldState;
  readonly #mempool: Mempool;
  readonly #l1: L1Reader;
  readonly #log: Logger;
  /** Polls in a row whose chain was shorter than before. */
  #missing = 0;

  constructor(options: ReorganisationsOptions, dependencies: ReorganisationsDependencies) {
    this.#options = options;
    this.#store = dependencies.store;
    this.#state = dependencies.state;
    this.#mempool = dependencies.mempool;
    this.#l1 = dependencies.l1;
    this.#log = dependencies.log;
  }

  /** Finds the newest common L1 block; takes everything after it back. */
  async follow(head: L1Block): Promise<{ undone: number; reorganised: boolean }> {
    let orphaned = false;
    for (let known = this.#checkpoint(); known !== undefined; known = this.#checkpoint(known.number - 1)) {
      const { number, hash } = known;
      const onChain = await this.#l1.block(number);
      if (!orphaned && onChain === undefined && ++this.#missing < MISSING_POLLS) {
        throw inconsistent(`L1 ends at block ${head.number}, before block ${number} that it showed earlier`);
      }
      if (onChain?.hash === hash) {
        this.#missing = 0;
        if (!orphaned) return { undone: 0, reorganised: false };
        crashPoint('rollback.ancestor-found');
        return { undone: this.#rollback({ number, hash }), reorganised: true };
      }
      // A block's ancestors are on its chain: when the oldest is not there, none is.
      if (!orphaned && !(await this.#oldestIsOnChain())) break;
      orphaned = true;
    }
    throw new AzaleaError(
      'STORE_FOREIGN',
      'No L1 block that this data directory knows is on this chain; use the directory of this chain or delete it',
      { l1Head: head.number },
    );
  }

  async #oldestIsOnChain(): Promise<boolean> {
    for (const { key, value } of this.#store.l1Hashes.getRange({ limit: 1 })) {
      return (await this.#l1.block(key))?.hash === value;
    }
    return false;
  }

  /** The newest stored L1 block, or the newest up to `limit`. */
  #checkpoint(limit?: number): StoredCursor | undefined {
    const range = { reverse: true, limit: 1, ...(limit === undefined ? {} : { start: limit }) };
    for (const { key, value } of this.#store.l1Hashes.getRange(range)) return { number: key, hash: value };
    return undefined;
  }

  #rollback(ancestor: StoredCursor): number {
    const store = this.#store;
    let target = store.head;
    const orphans: StoredBlock[] = [];
    while (target.l1Block > ancestor.number && target.l2Block > 0) {
      orphans.push(target);
      target = store.blocks.get(target.l2Block - 1)!;
    }
    this.#state.rollback(target, () => {
      for (const orphan of orphans) {
        this.#undo(orphan);
        crashPoint('rollback.block-undone');
      }
      for (const index of [...store.deposits.getKeys({ reverse: true })]) {
        if (store.deposits.get(index)!.l1Block <= ancestor.number) break;
        store.deposits.removeSync(index);
      }
      for (const number of [...store.l1Hashes.getKeys({ start: ancestor.number + 1 })]) {
        store.l1Hashes.removeSync(number);
      }
      store.cursor = ancestor.number < cursorOf(store).number ? ancestor : cursorOf(store);
      store.candidate = undefined;
    });
    crashPoint('rollback.stored');
    this.#log.warn(
      { ancestor: ancestor.number, undone: orphans.map((orphan) => orphan.l2Block) },
      'L1 was reorganised; what it removed is taken back',
    );
    return orphans.length;
  }

  #undo(orphan: StoredBlock): void {
    const store = this.#store;
    const contents = readBlock(store.blockBytes.get(orphan.l2Block)!, {
      rollupId: this.#options.rollupId,
      deposit: (offset) => store.deposits.get(orphan.nextDeposit - orphan.deposits.length + offset),
    });
    for (const transaction of contents.transactions) {
      for (const nullifier of transaction.nullifiers) store.spent.removeSync(fieldToHex(nullifier));
      this.#mempool.unsettle(transaction);
    }
    store.blocks.removeSync(orphan.l2Block);
    store.blockBytes.removeSync(orphan.l2Block);
    store.roots.removeSync(orphan.noteRoot);
  }
}

/** The last L1 block whose events are applied. */
export function cursorOf(store: Store): StoredCursor {
  const { cursor } = store;
  if (cursor === undefined)
    throw new AzaleaError('STORE_UNUSABLE', 'The data directory has no cursor; delete it');
  return cursor;
}

/** Answers of L1 that contradict each other, as during a reorganisation. Asking again resolves it. */
export const inconsistent = (message: string): AzaleaError =>
  new AzaleaError('L1_INCONSISTENT', `${message}; trying again`);
