import { hexToBytes } from '@noble/hashes/utils.js';
import { AzaleaError } from '../../protocol/errors.ts';
import type { SequencerClient } from '../../rpc/client.ts';
import type { TransactionStatus } from '../../rpc/schema/transactions.ts';
import type { Synchronizer } from '../sync/synchronizer.ts';
import { isRefusal } from './is-refusal.ts';
import type { TransactionStore } from './transaction-store.ts';

export interface TransactionTrackerOptions {
  /** Milliseconds between two questions. */
  readonly pollMs: number;
}

export interface TransactionTrackerDependencies {
  readonly sequencer: SequencerClient;
  readonly transactions: TransactionStore;
  readonly synchronizer: Synchronizer;
  /** L1 blocks in which an anchor can still be used; negative once it has expired. */
  readonly anchorLifetime: (l2Block: number) => Promise<number>;
}

export interface WaitOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly onStatus?: (status: TransactionStatus) => void;
}

/** L1 blocks after an anchor's end until it counts as expired: a reorganisation may take some back. */
const REORGANISATION_MARGIN = 64;

/** Brings kept transactions to the sequencer and learns what becomes of them. */
export class TransactionTracker {
  readonly #options: TransactionTrackerOptions;
  readonly #is: TransactionTrackerDependencies;

  constructor(options: TransactionTrackerOptions, dependencies: TransactionTrackerDependencies) {
    this.#options = options;
    this.#is = dependencies;
  }

  /** Hands a kept transaction in. Errors: the sequencer's (docs/errors.md). */
  async submit(id: string, bytes: Uint8Array): Promise<void> {
    const { sequencer, transactions } = this.#is;
    try {
      await sequencer.submitTransaction(bytes);
      await transactions.update(id, { state: 'submitted' });
    } catch (error) {
      if (!(error instanceof AzaleaError)) throw error;
      if (error.code === 'TRANSACTION_DUPLICATE') {
        await transactions.update(id, { state: 'submitted' });
      } else if (isRefusal(error.code)) {
        await transactions.update(id, { state: 'dropped', reason: `${error.code}: ${error.message}` });
        throw error;
      } else {
        throw error;
      }
    }
  }

  /** Resends transactions that may not have arrived, and learns which were dropped or have expired. */
  async refresh(): Promise<void> {
    const { transactions, sequencer } = this.#is;
    for (const kept of transactions.waiting()) {
      if (kept.state === 'made') {
        // Made before a crash or while the sequencer was away: the same bytes again.
        await this.submit(kept.id, hexToBytes(kept.bytes.slice(2))).catch(ignoreKnown);
        continue;
      }
      const status = await sequencer.getTransaction(kept.id).catch((error: unknown) => {
        // Lost there, or another sequencer: the same bytes again, else its records would stay locked forever.
        if ((error as AzaleaError).code !== 'TRANSACTION_UNKNOWN') return ignoreKnown(error);
        return this.submit(kept.id, hexToBytes(kept.bytes.slice(2))).catch(ignoreKnown);
      });
      if (status?.status === 'dropped' || status?.status === 'reverted') {
        await transactions.update(kept.id, { state: 'dropped', reason: status.reason?.message });
      }
    }
    await this.#findExpired();
  }

  /** A transaction whose anchor has expired on L1 frees its records for good, even if the sequencer still reports it. */
  async #findExpired(): Promise<void> {
    const { transactions, synchronizer, anchorLifetime } = this.#is;
    // It may have settled in a block that this wallet has not seen yet.
    if (synchronizer.behind > 0) return;
    for (const { id, anchorBlock } of transactions.undecided()) {
      if ((await anchorLifetime(anchorBlock)) < -REORGANISATION_MARGIN) await transactions.expire(id);
    }
  }

  /**
   * Waits until a transaction has the status. `settled` is never the sequencer's word alone: this PXE's own note tree,
   * checked against L1, must hold the transaction's outputs. Errors: TRANSACTION_DROPPED, WAIT_TIMEOUT,
   * SETTLEMENT_NOT_ON_L1.
   */
  async wait(
    id: string,
    wanted: 'included' | 'proven' | 'settled' = 'settled',
    options: WaitOptions = {},
  ): Promise<TransactionStatus> {
    const { sequencer, transactions } = this.#is;
    const deadline = performance.now() + (options.timeoutMs ?? 600_000);
    try {
      const status = await sequencer.waitForTransaction(id, wanted, {
        intervalMs: this.#options.pollMs,
        ...options,
      });
      if (wanted === 'settled') await this.#seeSettled(id, status.l2Block ?? 0, deadline, options.signal);
      return status;
    } catch (error) {
      if (error instanceof AzaleaError && error.code === 'TRANSACTION_DROPPED') {
        await transactions.update(id, { state: 'dropped', reason: error.message });
      }
      throw error;
    }
  }

  /** Follows the chain up to the block that the sequencer names, and looks for the transaction there. */
  async #seeSettled(id: string, l2Block: number, deadline: number, signal?: AbortSignal): Promise<void> {
    const { synchronizer, transactions } = this.#is;
    for (;;) {
      signal?.throwIfAborted();
      await synchronizer.sync();
      const kept = transactions.get(id);
      if (kept?.state === 'settled') return;
      if (synchronizer.head >= l2Block) {
        // Another wallet's transaction: nothing here can recognise it.
        if (kept === undefined) return;
        throw new AzaleaError(
          'SETTLEMENT_NOT_ON_L1',
          `The sequencer says that ${id} settled in L2 block ${l2Block}, but L1 has no such outputs there. It may have been reorganised: wait again, or hand it to another sequencer. Do not count it as paid.`,
          { transaction: id, l2Block },
        );
      }
      if (performance.now() > deadline) {
        throw new AzaleaError(
          'WAIT_TIMEOUT',
          `L1 as this wallet sees it has not reached L2 block ${l2Block} yet; synchronise later.`,
          { transaction: id, l2Block },
        );
      }
      await new Promise((resolve) => setTimeout(resolve, this.#options.pollMs));
    }
  }
}

function ignoreKnown(error: unknown): undefined {
  if (error instanceof AzaleaError) return undefined;
  throw error;
}
