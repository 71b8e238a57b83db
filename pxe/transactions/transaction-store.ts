import type { Field } from '../../protocol/field.ts';
import type { DocumentWrite, EncryptedStore } from '../store/encrypted-store.ts';

const COLLECTION = 'transactions';

/** A transaction this PXE made. It is kept before it is sent, and resent byte for byte: never signed a second time. */
export interface KeptTransaction {
  /** Transaction id, 0x hex. */
  readonly id: string;
  /** Canonical bytes, 0x hex. */
  readonly bytes: string;
  readonly signer: Field;
  /** What was called, for the user: `token.aleo/transfer`. */
  readonly title: string;
  /** Records that it spends: locked until it settles or is dropped. */
  readonly spends: readonly Field[];
  readonly anchorBlock: number;
  readonly createdAt: number;
  /** `made`: not yet known to have reached the sequencer. */
  readonly state: 'made' | 'submitted' | 'settled' | 'dropped';
  /** Why it was dropped. */
  readonly reason: string | undefined;
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

  get(id: string): KeptTransaction | undefined {
    return this.#transactions.get(id);
  }

  async put(kept: KeptTransaction): Promise<void> {
    await this.#store.write([writeOf(kept)]);
    this.#transactions.set(kept.id, kept);
  }

  async update(id: string, change: Partial<Pick<KeptTransaction, 'state' | 'reason'>>): Promise<void> {
    const kept = this.#transactions.get(id);
    if (kept !== undefined) await this.put({ ...kept, ...change });
  }
}

function writeOf(kept: KeptTransaction): DocumentWrite {
  return { collection: COLLECTION, id: kept.id, value: kept };
}
