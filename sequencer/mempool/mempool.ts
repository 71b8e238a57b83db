/**
 * The pool of pending transactions. It is on disk: a transaction is stored before its submission is answered. It leaves only
 * by settling on L1 or by being dropped for good. A transaction that cannot settle at the moment is parked: it stays, but no
 * block takes it. Its anchor may be orphaned, or its record spent in a block without enough confirmations.
 */

import { AzaleaError } from '../../protocol/errors.ts';
import { fieldToHex } from '../../protocol/field.ts';
import { decodeTransaction, encodeTransaction } from '../../protocol/transaction/transaction.ts';
import type { BlockRoom } from '../build/block-room.ts';
import { crashPoint } from '../process/crash-point.ts';
import type { Reason, StoredTransaction } from '../state/records.ts';
import type { Store } from '../state/store.ts';
import { type Anchor, findAnchor } from './anchors.ts';
import { type PoolTransaction, poolTransaction } from './pool-transaction.ts';
import { poolVerdict } from './pool-verdict.ts';

export interface MempoolOptions {
  /** Most waiting transactions. */
  readonly limit: number;
  /** A transaction whose anchor expires within so many L1 blocks is not taken. */
  readonly anchorMarginL1Blocks: number;
  /** L1 blocks until a fact of L1 counts as final. */
  readonly confirmations: number;
}

export interface MempoolDependencies {
  readonly store: Store;
}

/** A transaction that a block may take. */
export interface Candidate {
  readonly transaction: PoolTransaction;
  /** Of each transition the L2 block whose note root is its anchor. */
  readonly anchorBlocks: readonly number[];
}

export class Mempool {
  readonly #options: MempoolOptions;
  readonly #store: Store;
  /** Decoded waiting transactions: saves reading them again for every new L1 block. */
  readonly #decoded = new Map<string, PoolTransaction>();

  constructor(options: MempoolOptions, dependencies: MempoolDependencies) {
    this.#options = options;
    this.#store = dependencies.store;
  }

  get size(): number {
    return this.#store.pool.getCount();
  }

  /** pending: may be taken; parked: waits for L1 to decide. */
  counts(): { pending: number; parked: number } {
    const size = this.size;
    let parked = 0;
    for (const { value: id } of this.#store.pool.getRange({ limit: 1000 })) {
      if (this.#store.transactions.get(id)?.reason) parked++;
    }
    return { pending: size - parked, parked };
  }

  /** The newest stored root that equals the anchor, if any. */
  anchor(root: bigint): Anchor | undefined {
    return findAnchor(this.#store, root);
  }

  /**
   * Checks a transaction against the state and the other waiting ones.
   * @param l1Head number of the newest L1 block
   * @throws AzaleaError TRANSACTION_DUPLICATE, ANCHOR_UNKNOWN, ANCHOR_EXPIRED, NULLIFIER_SPENT, NULLIFIER_PENDING,
   *   MEMPOOL_FULL.
   */
  check(transaction: PoolTransaction, l1Head: number): void {
    const { id, transitions, nullifiers } = transaction;
    const known = this.#store.transactions.get(id);
    if (known !== undefined && known.state !== 'dropped') {
      throw new AzaleaError(
        'TRANSACTION_DUPLICATE',
        `Transaction ${id} was accepted before; ask for its status`,
        {
          transaction: id,
        },
      );
    }
    for (const { signals } of transitions) this.#checkAnchor(signals.anchorRoot, l1Head);
    for (const nullifier of nullifiers) this.#checkNullifier(nullifier);
    if (this.size >= this.#options.limit) {
      throw new AzaleaError(
        'MEMPOOL_FULL',
        `${this.#options.limit} transactions are waiting; send it again later`,
      );
    }
  }

  #checkAnchor(anchorRoot: bigint, l1Head: number): void {
    const root = fieldToHex(anchorRoot);
    const anchor = this.anchor(anchorRoot);
    if (anchor === undefined) {
      throw new AzaleaError('ANCHOR_UNKNOWN', `The anchor ${root} is no note root that L1 stored`, {
        anchor: root,
      });
    }
    if (
      anchor.usableUntil !== undefined &&
      l1Head + 1 + this.#options.anchorMarginL1Blocks > anchor.usableUntil
    ) {
      throw new AzaleaError(
        'ANCHOR_EXPIRED',
        `The anchor is the root of L2 block ${anchor.l2Block} and usable until L1 block ${anchor.usableUntil} (now ${l1Head}); authorize again on the newest root`,
        { anchor: root, l2Block: anchor.l2Block, usableUntil: anchor.usableUntil, l1Head },
      );
    }
  }

  /** A nullifier must be fresh: neither spent in a block nor carried by a transaction that waits. */
  #checkNullifier(nullifier: bigint): void {
    const hex = fieldToHex(nullifier);
    const spentIn = this.#store.spent.get(hex);
    if (spentIn !== undefined) {
      throw new AzaleaError('NULLIFIER_SPENT', `The nullifier ${hex} was spent in L2 block ${spentIn}`, {
        nullifier: hex,
        l2Block: spentIn,
      });
    }
    const holder = this.#store.poolNullifiers.get(hex);
    if (holder !== undefined) {
      throw new AzaleaError(
        'NULLIFIER_PENDING',
        `Transaction ${holder} already carries the nullifier ${hex}`,
        {
          nullifier: hex,
          transaction: holder,
        },
      );
    }
  }

  /** Checks once more and stores, as one transaction; resolves when it is on disk. Throws what `check` throws. */
  async add(transaction: PoolTransaction, l1Head: number): Promise<void> {
    this.#store.atomic(() => {
      this.check(transaction, l1Head);
      this.#insert(transaction, { sequence: this.#store.nextSequence() });
    });
    crashPoint('submit.stored');
    await this.#store.flush();
  }

  /**
   * Returns the transactions that the next block may take, oldest first, no two of them in conflict. It stops at the first
   * one that does not fit. A large transaction then comes first in the next block, so small ones never starve it.
   */
  eligible(l1Head: number, room: Pick<BlockRoom, 'take'>): Candidate[] {
    const chosen: Candidate[] = [];
    const nullifiers = new Set<bigint>();
    for (const { value: id } of this.#store.pool.getRange()) {
      const transaction = this.transaction(id);
      const anchorBlocks = this.#usableAnchors(transaction, l1Head);
      if (anchorBlocks === undefined) continue;
      if (transaction.nullifiers.some((value) => nullifiers.has(value) || this.#isSpent(value))) continue;
      if (!room.take(transaction)) break;
      for (const value of transaction.nullifiers) nullifiers.add(value);
      chosen.push({ transaction, anchorBlocks });
    }
    return chosen;
  }

  /** Of each transition the block of its anchor; undefined when a block built now could not use one of them. */
  #usableAnchors({ transitions }: PoolTransaction, l1Head: number): number[] | undefined {
    const blocks: number[] = [];
    for (const { signals } of transitions) {
      const anchor = this.anchor(signals.anchorRoot);
      if (anchor === undefined) return undefined;
      if (anchor.usableUntil !== undefined && l1Head + 1 > anchor.usableUntil) return undefined;
      blocks.push(anchor.l2Block);
    }
    return blocks;
  }

  /** A waiting transaction by id. */
  transaction(id: string): PoolTransaction {
    const cached = this.#decoded.get(id);
    if (cached !== undefined) return cached;
    const bytes = this.#store.transactionBytes.get(id);
    if (bytes === undefined) {
      throw new AzaleaError(
        'STORE_UNUSABLE',
        `The data directory lacks the bytes of transaction ${id}; delete it`,
      );
    }
    const transaction = poolTransaction(decodeTransaction(new Uint8Array(bytes)));
    this.#decoded.set(id, transaction);
    return transaction;
  }

  /** Its transaction is in an L2 block on L1. Call inside `Store.atomic`. Also for transactions never seen before. */
  settle(id: string, nullifiers: readonly bigint[], l2Block: number): void {
    const known = this.#store.transactions.get(id);
    const sequence = known?.sequence ?? this.#store.nextSequence();
    this.#leave(id, sequence, nullifiers);
    this.#store.transactions.putSync(id, {
      id,
      state: 'settled',
      sequence,
      l2Block,
      reason: null,
      parkedAt: null,
    });
  }

  /** Its block was taken back by a reorganisation: it waits again, in its old place. Call inside `Store.atomic`. */
  unsettle(transaction: PoolTransaction): void {
    const known = this.#store.transactions.get(transaction.id);
    this.#insert(transaction, { sequence: known?.sequence ?? this.#store.nextSequence() });
  }

  /** Drops a transaction that L1 refuses even alone. */
  refuse(id: string, reason: Reason): void {
    this.#store.atomic(() => {
      this.#drop(this.#store.transactions.get(id)!, reason);
    });
  }

  /**
   * Parks and drops what L1 has decided. A drop is final: the fact behind it has the configured confirmations.
   * @returns the dropped transactions
   */
  maintain(l1Head: number): { id: string; reason: Reason }[] {
    const dropped: { id: string; reason: Reason }[] = [];
    const final = l1Head - this.#options.confirmations + 1;
    for (const { value: id } of [...this.#store.pool.getRange()]) {
      const known = this.#store.transactions.get(id)!;
      const verdict = poolVerdict(this.#store, this.transaction(id), known, l1Head, final);
      if (verdict.drop) {
        this.#store.atomic(() => {
          this.#drop(known, verdict.reason!);
        });
        dropped.push({ id, reason: verdict.reason! });
        crashPoint('maintenance.dropped');
      } else if (verdict.reason?.code !== known.reason?.code || verdict.parkedAt !== known.parkedAt) {
        this.#store.atomic(() => {
          this.#store.transactions.putSync(id, {
            ...known,
            reason: verdict.reason,
            parkedAt: verdict.parkedAt,
          });
        });
      }
    }
    return dropped;
  }

  #insert(transaction: PoolTransaction, place: { sequence: number }): void {
    const { id, transitions, nullifiers } = transaction;
    this.#store.transactions.putSync(id, {
      id,
      state: 'pool',
      sequence: place.sequence,
      l2Block: null,
      reason: null,
      parkedAt: null,
    });
    this.#store.pool.putSync(place.sequence, id);
    this.#store.transactionBytes.putSync(
      id,
      Buffer.from(encodeTransaction({ transitions: transitions.map(({ proven }) => proven) })),
    );
    for (const nullifier of nullifiers) {
      const hex = fieldToHex(nullifier);
      if (this.#store.poolNullifiers.get(hex) === undefined) this.#store.poolNullifiers.putSync(hex, id);
    }
  }

  #drop(known: StoredTransaction, reason: Reason): void {
    this.#leave(known.id, known.sequence, this.transaction(known.id).nullifiers);
    this.#store.transactions.putSync(known.id, { ...known, state: 'dropped', reason, parkedAt: null });
  }

  #leave(id: string, sequence: number, nullifiers: readonly bigint[]): void {
    this.#store.pool.removeSync(sequence);
    this.#store.transactionBytes.removeSync(id);
    this.#decoded.delete(id);
    for (const nullifier of nullifiers) {
      const hex = fieldToHex(nullifier);
      if (this.#store.poolNullifiers.get(hex) === id) this.#store.poolNullifiers.removeSync(hex);
    }
  }

  #isSpent(nullifier: bigint): boolean {
    return this.#store.spent.get(fieldToHex(nullifier)) !== undefined;
  }
}
