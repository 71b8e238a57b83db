import { AzaleaError } from '../../protocol/errors.ts';
import { type Field, fieldToHex } from '../../protocol/field.ts';
import type { RecordStore } from '../records/record-store.ts';
import type { EncryptedStore } from '../store/encrypted-store.ts';
import type { TransactionStore } from './transaction-store.ts';

export interface ClaimedSpendsDependencies {
  readonly store: EncryptedStore;
  readonly records: RecordStore;
  readonly transactions: TransactionStore;
  /** Nullifiers of a settled block from L1 itself; undefined if L1 has no such block. */
  readonly shownNullifiers: (l2Block: number) => Promise<ReadonlySet<Field> | undefined>;
}

/**
 * Looks on L1 for spends that only a sequencer's list of nullifiers claims. A note root does not cover nullifiers. A sequencer
 * that keeps a payment back and calls its record spent would else make the wallet pay again with another record.
 */
export class ClaimedSpends {
  readonly #is: ClaimedSpendsDependencies;

  constructor(dependencies: ClaimedSpendsDependencies) {
    this.#is = dependencies;
  }

  /**
   * For each transaction that may still settle: where another one is said to have spent its record, L1 must show that. If it
   * does, the transaction can settle no more. If not, the record is unspent again, and the error says so once.
   * Errors: SPEND_NOT_ON_L1, L1_REORGED, those of reading L1.
   */
  async check(): Promise<void> {
    const { records, transactions, store } = this.#is;
    const invented: Field[] = [];
    for (const kept of transactions.undecided()) {
      for (const commitment of kept.spends) {
        const record = records.find(commitment);
        if (record?.spentIn === undefined) continue;
        const shown = await this.#shown(record.spentIn);
        if (shown.has(record.nullifier)) {
          await transactions.supersede(kept.id, record.spentIn);
          break;
        }
        await store.write(records.unspend(commitment));
        invented.push(commitment);
      }
    }
    if (invented.length === 0) return;
    throw new AzaleaError(
      'SPEND_NOT_ON_L1',
      `The sequencer says that ${invented.map(fieldToHex).join(', ')} was spent, but L1 does not show it. The claim is not believed: the payment that spends it may still settle. Use another sequencer, or read from L1.`,
      { records: invented.length },
    );
  }

  async #shown(l2Block: number): Promise<ReadonlySet<Field>> {
    const shown = await this.#is.shownNullifiers(l2Block);
    if (shown !== undefined) return shown;
    throw new AzaleaError('L1_REORGED', `L1 has no L2 block ${l2Block} at the moment: synchronise again.`, {
      l2Block,
    });
  }
}
