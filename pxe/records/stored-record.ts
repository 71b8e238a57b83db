import type { Field } from '../../protocol/field.ts';
import type { RecordPreimage } from '../../protocol/record.ts';

/** The origin of a record. */
export type RecordOrigin =
  | { readonly kind: 'transition'; readonly transactionId: string; readonly output: number }
  | { readonly kind: 'deposit'; readonly queueIndex: number; readonly counter: number };

/** A record of an account of this PXE, as its store keeps it. */
export interface StoredRecord {
  readonly commitment: Field;
  readonly preimage: RecordPreimage;
  readonly nullifier: Field;
  /** Index in the note tree. */
  readonly leafIndex: number;
  /** L2 block that made it. */
  readonly block: number;
  readonly origin: RecordOrigin;
  /** L2 block that spent it; undefined while unspent. */
  readonly spentIn: number | undefined;
}

/** A record that an account of this PXE sent to somebody, recovered with the sender's view key. */
export interface SentRecord {
  readonly sender: Field;
  readonly commitment: Field;
  readonly preimage: RecordPreimage;
  readonly transactionId: string;
  readonly block: number;
}
