import { hexToBytes } from '@noble/hashes/utils.js';
import type { Field } from '../../protocol/field.ts';
import { decodeTransaction } from '../../protocol/transaction/transaction.ts';
import { parseTransitionSignals } from '../../protocol/transaction/transition.ts';
import type { DocumentWrite, EncryptedStore } from '../store/encrypted-store.ts';

const COLLECTION = 'transactions';

/** A transaction this PXE made. It is kept before it is sent, and resent byte for byte: never signed a second time. */
export interface KeptTransaction {
  /** Transaction id, 0x hex. */
  readonly id: string;
  /** Canonical bytes, 0x hex. */
  readonly bytes: string;
  readonly signer: Field;
  /** The called function, for the user: `token.aleo/transfer`. */
  readonly title: string;
  /** Records that it spends: locked until it settles or is dropped. */
  readonly spends: readonly Field[];
  /** `intentOf` its call; absent in stores of earlier versions. */
  readonly intent?: string;
  readonly anchorBlock: number;
  readonly createdAt: number;
  /**
   * `made`: not yet known to have reached the sequencer. `settled`: this wallet's own note tree, checked against L1, holds
   * its outputs. `dropped`: the sequencer's word only.
   */
  readonly state: 'made' | 'submitted' | 'settled' | 'dropped';
  /** The reason for its drop. */
  readonly reason: string | undefined;
  /** L2 block that settled it. */
  readonly settledIn?: number;
  /** L2 block in which another transaction spent a record of this one, as L1 shows: this one cannot settle. */
  readonly supersededIn?: number;
  /** Its anchor has expired on L1: it cannot settle. */
  readonly expired?: boolean;
}

export class TransactionStore {
  readonly #store: EncryptedStore;
  readonly #transactions = new Map<string, KeptTransaction>();

  private constructor(store: EncryptedStore) {
    this.#store = store;
  }

  static async open(store: EncryptedStore): Promise<TransactionStore> {
    const transactions = new TransactionStore(store);
    for (const kept of await store.list<KeptTransaction>(COLLECTION))
      transactions.#transactions.set(kept.id, kept);
    return transactions;
  }

  /** Oldest first. */
  list(): KeptTransaction[] {
    return [...this.#transactions.values()].sort((a, b) => a.createdAt - b.createdAt);
  }

  /** Those that may still settle. */
  waiting(): KeptTransaction[] {
    return this.list().filter(({ state }) => state === 'made' || state === 'submitted');
  }

  /** Commitments that waiting transactions spend. */
  locked(): Set<Field> {
    return new Set(this.waiting().flatMap(({ spends }) => spends));
  }

  /** Those that may still settle: not settled, not expired and not superseded on L1. The sequencer's word does not count. */
  undecided(): KeptTransaction[] {
    return this.list().filter(
      ({ state, expired, supersededIn }) => state !== 'settled' && !expired && supersededIn === undefined,
    );
  }

  /**
   * Commitments of transactions that were dropped by the sequencer's word and may still settle. A retry should spend the same
   * records, as then at most one of the two can settle.
   */
  doubtful(): Set<Field> {
    const dropped = this.undecided().filter(({ state }) => state === 'dropped');
    return new Set(dropped.flatMap(({ spends }) => spends));
  }

  /**
   * Settles the transactions whose outputs are among the commitments of a settled block. The sequencer's word does not
   * count: an output's commitment holds its transaction's nullifier, so no other transaction can make it.
   */
  settle(commitments: readonly Field[], block: number): DocumentWrite[] {
    const made = new Set(commitments);
    const writes: DocumentWrite[] = [];
    for (const kept of this.#transactions.values()) {
      if (kept.state === 'settled' || !made.has(firstOutput(kept))) continue;
      const settled: KeptTransaction = {
        ...kept,
        state: 'settled',
        reason: undefined,
        settledIn: block,
        supersededIn: undefined,
        expired: undefined,
      };
      this.#transactions.set(kept.id, settled);
      writes.push(writeOf(settled));
    }
    return writes;
  }

  /** Takes back what settled or was superseded after `block`: it waits, or may settle, again. */
  rollback(block: number): DocumentWrite[] {
    const writes: DocumentWrite[] = [];
    for (const kept of this.#transactions.values()) {
      const settled = kept.settledIn !== undefined && kept.settledIn > block;
      const superseded = kept.supersededIn !== undefined && kept.supersededIn > block;
      if (!settled && !superseded) continue;
      const waiting: KeptTransaction = {
        ...kept,
        state: settled ? 'submitted' : kept.state,
        settledIn: undefined,
        supersededIn: undefined,
      };
      this.#transactions.set(kept.id, waiting);
      writes.push(writeOf(waiting));
    }
    return writes;
  }

  get(id: string): KeptTransaction | undefined {
    return this.#transactions.get(id);
  }

  async put(kept: KeptTransaction): Promise<void> {
    await this.#store.write([writeOf(kept)]);
    this.#transactions.set(kept.id, kept);
  }

  /** L1 shows that another transaction spent its record in `block`. */
  async supersede(id: string, block: number): Promise<void> {
    const kept = this.#transactions.get(id);
    if (kept === undefined || kept.state === 'settled') return;
    const reason = kept.reason ?? `another transaction spent its record in L2 block ${block}`;
    await this.put({ ...kept, state: 'dropped', reason, supersededIn: block });
  }

  /** Its anchor has expired on L1. */
  async expire(id: string): Promise<void> {
    const kept = this.#transactions.get(id);
    if (kept === undefined || kept.state === 'settled') return;
    const reason = kept.reason ?? 'its anchor expired before it settled';
    await this.put({ ...kept, state: 'dropped', reason, expired: true });
  }

  /** The sequencer's status; it has no effect once the transaction has settled. */
  async update(id: string, change: Partial<Pick<KeptTransaction, 'state' | 'reason'>>): Promise<void> {
    const kept = this.#transactions.get(id);
    if (kept !== undefined && kept.state !== 'settled') await this.put({ ...kept, ...change });
  }
}

function firstOutput({ bytes }: KeptTransaction): Field {
  const [transition] = decodeTransaction(hexToBytes(bytes.slice(2))).transitions;
  return parseTransitionSignals(transition.signals).commitments[0];
}

function writeOf(kept: KeptTransaction): DocumentWrite {
  return { collection: COLLECTION, id: kept.id, value: kept };
}
