/**
 * Transactions that wait for their block. What is here is on disk: a transaction is stored before its submission is
 * answered, and leaves only by settling on L1 or by being dropped for good. A transaction that cannot settle at the
 * moment (its anchor was orphaned, its record is spent in a block without enough confirmations) is parked: it stays,
 * but no block takes it.
 */
import { AzaleaError } from '../../protocol/errors.ts';
import { decodeTransaction, encodeTransaction } from '../../protocol/transaction/transaction.ts';
import type { BlockRoom } from '../build/block-room.ts';
import { fieldHex } from '../hex.ts';
import { crashPoint } from '../process/crash-point.ts';
import type { Reason, StoredTransaction } from '../state/records.ts';
import type { Store } from '../state/store.ts';
import { type Anchor, findAnchor } from './anchors.ts';
import { type PoolTransition, poolTransition } from './pool-transition.ts';
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

/** A transaction a block may take, with the block its anchor is the root of. */
export interface Candidate {
  readonly transition: PoolTransition;
  readonly anchorBlock: number;
}

export class Mempool {
  readonly #options: MempoolOptions;
  readonly #store: Store;
  /** Decoded waiting transactions: saves reading them again for every new L1 block. */
  readonly #decoded = new Map<string, PoolTransition>();

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
  check(transition: PoolTransition, l1Head: number): void {
    const { id, signals } = transition;
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
    const root = fieldHex(signals.anchorRoot);
    const anchor = this.anchor(signals.anchorRoot);
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
    for (const nullifier of signals.nullifiers) {
      const hex = fieldHex(nullifier);
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
    if (this.size >= this.#options.limit) {
      throw new AzaleaError(
        'MEMPOOL_FULL',
        `${this.#options.limit} transactions are waiting; send it again later`,
      );
    }
  }

  /** Checks once more and stores, as one transaction; resolves when it is on disk. Throws what `check` throws. */
  async add(transition: PoolTransition, l1Head: number): Promise<void> {
    this.#store.atomic(() => {
      this.check(transition, l1Head);
      this.#insert(transition, { sequence: this.#store.nextSequence() });
    });
    crashPoint('submit.stored');
    await this.#store.flush();
  }

  /**
   * Transactions that the next block may take, oldest first, no two of them in conflict, up to the first for which there is
   * no room: a large one that does not fit any more is the next block's first, not overtaken for ever by small ones.
   */
  eligible(l1Head: number, room: Pick<BlockRoom, 'take'>): Candidate[] {
    const chosen: Candidate[] = [];
    const nullifiers = new Set<bigint>();
    for (const { value: id } of this.#store.pool.getRange()) {
      const transition = this.transition(id);
      const anchor = this.anchor(transition.signals.anchorRoot);
      if (anchor === undefined) continue;
      if (anchor.usableUntil !== undefined && l1Head + 1 > anchor.usableUntil) continue;
      if (transition.signals.nullifiers.some((value) => nullifiers.has(value) || this.#isSpent(value)))
        continue;
      if (!room.take(transition)) break;
      for (const value of transition.signals.nullifiers) nullifiers.add(value);
      chosen.push({ transition, anchorBlock: anchor.l2Block });
    }
    return chosen;
  }

  /** A waiting transaction by id. */
  transition(id: string): PoolTransition {
    const cached = this.#decoded.get(id);
    if (cached !== undefined) return cached;
    const bytes = this.#store.transactionBytes.get(id);
    if (bytes === undefined) {
      throw new AzaleaError(
        'STORE_UNUSABLE',
        `The data directory lacks the bytes of transaction ${id}; delete it`,
      );
    }
    const transition = poolTransition(decodeTransaction(new Uint8Array(bytes)));
    this.#decoded.set(id, transition);
    return transition;
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
  unsettle(transition: PoolTransition): void {
    const known = this.#store.transactions.get(transition.id);
    this.#insert(transition, { sequence: known?.sequence ?? this.#store.nextSequence() });
  }

  /** Drops a transaction that L1 refuses even alone. */
  refuse(id: string, reason: Reason): void {
    this.#store.atomic(() => {
      this.#drop(this.#store.transactions.get(id)!, reason);
    });
  }

  /**
   * Parks and drops what L1 has decided. A drop is final: the fact behind it has the configured confirmations.
   * @returns what was dropped
   */
  maintain(l1Head: number): { id: string; reason: Reason }[] {
    const dropped: { id: string; reason: Reason }[] = [];
    const final = l1Head - this.#options.confirmations + 1;
    for (const { value: id } of [...this.#store.pool.getRange()]) {
      const known = this.#store.transactions.get(id)!;
      const verdict = poolVerdict(this.#store, this.transition(id), known, l1Head, final);
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

  #insert(transition: PoolTransition, place: { sequence: number }): void {
    const { id } = transition;
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
      Buffer.from(encodeTransaction({ transitions: [transition.proven] })),
    );
    for (const nullifier of transition.signals.nullifiers) {
      const hex = fieldHex(nullifier);
      if (this.#store.poolNullifiers.get(hex) === undefined) this.#store.poolNullifiers.putSync(hex, id);
    }
  }

  #drop(known: StoredTransaction, reason: Reason): void {
    this.#leave(known.id, known.sequence, this.transition(known.id).signals.nullifiers);
    this.#store.transactions.putSync(known.id, { ...known, state: 'dropped', reason, parkedAt: null });
  }

  #leave(id: string, sequence: number, nullifiers: readonly bigint[]): void {
    this.#store.pool.removeSync(sequence);
    this.#store.transactionBytes.removeSync(id);
    this.#decoded.delete(id);
    for (const nullifier of nullifiers) {
      const hex = fieldHex(nullifier);
      if (this.#store.poolNullifiers.get(hex) === id) this.#store.poolNullifiers.removeSync(hex);
    }
  }

  #isSpent(nullifier: bigint): boolean {
    return this.#store.spent.get(fieldHex(nullifier)) !== undefined;
  }
}
