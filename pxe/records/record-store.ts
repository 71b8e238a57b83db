import { AzaleaError } from '../../protocol/errors.ts';
import { type Field, fieldToHex } from '../../protocol/field.ts';
import type { DocumentWrite, EncryptedStore } from '../store/encrypted-store.ts';
import type { SentRecord, StoredRecord } from './stored-record.ts';

const RECORDS = 'records';
const SENT = 'sent';

/** Records of the PXE's accounts, indexed in memory, kept sealed. Changes come back as writes for an atomic batch. */
export class RecordStore {
  readonly #byCommitment = new Map<Field, StoredRecord>();
  readonly #byNullifier = new Map<Field, Field>();
  readonly #sent = new Map<Field, SentRecord>();

  static async open(store: EncryptedStore): Promise<RecordStore> {
    const records = new RecordStore();
    for (const record of await store.list<StoredRecord>(RECORDS)) records.#index(record);
    for (const record of await store.list<SentRecord>(SENT)) records.#sent.set(record.commitment, record);
    return records;
  }

  /** Unspent records of an account, oldest first. */
  unspent(owner: Field): StoredRecord[] {
    return this.all(owner).filter((record) => record.spentIn === undefined);
  }

  /** Every record of an account, oldest first. */
  all(owner: Field): StoredRecord[] {
    return [...this.#byCommitment.values()]
      .filter((record) => record.preimage.owner === owner)
      .sort((a, b) => a.leafIndex - b.leafIndex);
  }

  /** Records that an account sent to others, oldest first. */
  sent(sender: Field): SentRecord[] {
    return [...this.#sent.values()]
      .filter((record) => record.sender === sender)
      .sort((a, b) => a.block - b.block);
  }

  /**
   * The record with this commitment. Throws RECORD_UNKNOWN: it was never seen in a settled block; a record made in a
   * transaction cannot be spent before that transaction has settled.
   */
  get(commitment: Field): StoredRecord {
    const record = this.#byCommitment.get(commitment);
    if (record === undefined) {
      throw new AzaleaError(
        'RECORD_NOT_SETTLED',
        `The record ${fieldToHex(commitment)} is in no settled block. A record can be spent once the transaction that made it has settled: wait for it, then synchronise.`,
        { commitment: fieldToHex(commitment) },
      );
    }
    return record;
  }

  /** The record with this commitment, if it was seen in a settled block. */
  find(commitment: Field): StoredRecord | undefined {
    return this.#byCommitment.get(commitment);
  }

  /** Stores the records of a block. A record that is found again stays spent if it was. */
  add(received: readonly StoredRecord[], sent: readonly SentRecord[]): DocumentWrite[] {
    const records = received.map((record) => {
      const spentIn = this.#byCommitment.get(record.commitment)?.spentIn;
      return spentIn === undefined ? record : { ...record, spentIn };
    });
    for (const record of records) this.#index(record);
    for (const record of sent) this.#sent.set(record.commitment, record);
    return [...records.map(recordWrite), ...sent.map(sentWrite)];
  }

  /** Marks records of these owners among `nullifiers` as spent in `block`. */
  spend(nullifiers: readonly Field[], block: number, owners: ReadonlySet<Field>): DocumentWrite[] {
    const writes: DocumentWrite[] = [];
    for (const nullifier of nullifiers) {
      const commitment = this.#byNullifier.get(nullifier);
      const known = commitment === undefined ? undefined : this.#byCommitment.get(commitment);
      if (known === undefined || !owners.has(known.preimage.owner)) continue;
      const record = { ...known, spentIn: block };
      this.#byCommitment.set(record.commitment, record);
      writes.push(recordWrite(record));
    }
    return writes;
  }

  /** Takes back the spends of these owners in `block` whose nullifiers L1 does not show there. */
  unspendOthers(nullifiers: readonly Field[], block: number, owners: ReadonlySet<Field>): DocumentWrite[] {
    const shown = new Set(nullifiers);
    return [...this.#byCommitment.values()]
      .filter(
        ({ spentIn, nullifier, preimage }) =>
          spentIn === block && !shown.has(nullifier) && owners.has(preimage.owner),
      )
      .flatMap(({ commitment }) => this.unspend(commitment));
  }

  /** Takes a spend back that L1 does not show. */
  unspend(commitment: Field): DocumentWrite[] {
    const record = { ...this.get(commitment), spentIn: undefined };
    this.#byCommitment.set(commitment, record);
    return [recordWrite(record)];
  }

  /** Takes back everything that happened after `block`. */
  rollback(block: number): DocumentWrite[] {
    const writes: DocumentWrite[] = [];
    for (const record of [...this.#byCommitment.values()]) {
      if (record.block > block) {
        this.#byCommitment.delete(record.commitment);
        this.#byNullifier.delete(record.nullifier);
        writes.push({ ...recordWrite(record), value: undefined });
      } else if (record.spentIn !== undefined && record.spentIn > block) {
        const unspent = { ...record, spentIn: undefined };
        this.#byCommitment.set(record.commitment, unspent);
        writes.push(recordWrite(unspent));
      }
    }
    for (const record of [...this.#sent.values()]) {
      if (record.block <= block) continue;
      this.#sent.delete(record.commitment);
      writes.push({ ...sentWrite(record), value: undefined });
    }
    return writes;
  }

  #index(record: StoredRecord): void {
    this.#byCommitment.set(record.commitment, record);
    this.#byNullifier.set(record.nullifier, record.commitment);
  }
}

function recordWrite(record: StoredRecord): DocumentWrite {
  return { collection: RECORDS, id: fieldToHex(record.commitment), value: record };
}

function sentWrite(record: SentRecord): DocumentWrite {
  return { collection: SENT, id: fieldToHex(record.commitment), value: record };
}
