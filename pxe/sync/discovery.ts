import type { Account } from '../../protocol/account.ts';
import { incomingSecret, openOutgoing, openOutput, recoverTvk } from '../../protocol/encryption.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import { type Field, fieldFromHex } from '../../protocol/field.ts';
import {
  depositBlind,
  depositRho,
  gammaOf,
  nullifierOf,
  ownerHash,
  type RecordPreimage,
  recordCommitment,
} from '../../protocol/record.ts';
import type { NoteDeposit, NotesBlock, NoteTransition } from '../../rpc/schema/notes.ts';
import type { RecordOrigin, SentRecord, StoredRecord } from '../records/stored-record.ts';

/** A wallet never runs more than this many deposit counters past the last one seen on L1. */
export const DEPOSIT_COUNTER_WINDOW = 20;

/** What one block holds for one account. */
export interface Discovered {
  readonly received: readonly StoredRecord[];
  readonly sent: readonly SentRecord[];
  /** Deposit counters seen. */
  readonly depositCounters: readonly number[];
}

/** ownerHash of the deposit counters an account may have used, by value: `next` is the first counter not yet seen. */
export function depositCandidates(account: Account, rollupId: Field, next: number): Map<Field, number> {
  const candidates = new Map<Field, number>();
  for (let counter = 0; counter < next + DEPOSIT_COUNTER_WINDOW; counter++) {
    const blind = depositBlind(account.viewKey, rollupId, counter);
    candidates.set(ownerHash(account.address.x, blind), counter);
  }
  return candidates;
}

/**
 * Tries every output and deposit of a block with an account's keys. Pure: nothing is stored.
 * @param worthwhile the transitions to try, from a `Scanner`; undefined: all
 */
export function discover(
  account: Account,
  block: NotesBlock,
  rollupId: Field,
  candidates: ReadonlyMap<Field, number>,
  worthwhile?: ReadonlySet<NoteTransition>,
): Discovered {
  const received: StoredRecord[] = [];
  const sent: SentRecord[] = [];
  for (const transition of block.transitions) {
    if (worthwhile !== undefined && !worthwhile.has(transition)) continue;
    discoverTransition(account, block.number, transition, received, sent);
  }
  const depositCounters: number[] = [];
  for (const deposit of block.deposits) {
    // Every queue index with a matching ownerHash is a record: somebody may have copied an ownerHash.
    const counter = candidates.get(fieldFromHex(deposit.ownerHash));
    if (counter === undefined) continue;
    depositCounters.push(counter);
    const record = depositRecord(account, block.number, deposit, rollupId, counter);
    // A leaf that is not this record could never be spent.
    if (record.commitment === fieldFromHex(deposit.commitment)) received.push(record);
  }
  return { received, sent, depositCounters };
}

function discoverTransition(
  account: Account,
  block: number,
  transition: NoteTransition,
  received: StoredRecord[],
  sent: SentRecord[],
): void {
  const secret = ofPoint(() => incomingSecret(account.viewKey, fieldFromHex(transition.r)));
  // A signer may choose the nonce 0; L1 settles that, so x = 0 must stop nobody's search.
  const tvk = ofPoint(() => recoverTvk(account.viewKey, fieldFromHex(transition.tpk)));
  const firstNullifier = fieldFromHex(transition.nullifiers[0]);
  for (const [output, shown] of transition.outputs.entries()) {
    const encrypted = {
      output,
      commitment: fieldFromHex(shown.commitment),
      ciphertext: shown.ciphertext.map((word) => fieldFromHex(word)),
      outgoing: fieldFromHex(shown.outgoing),
      firstNullifier,
    };
    const own = secret === undefined ? undefined : openOutput(encrypted, account.address.x, secret);
    if (own !== undefined && own.typeId !== 0n) {
      const origin = { kind: 'transition', transactionId: transition.transactionId, output } as const;
      received.push(storedRecord(account, own, shown.index, block, origin));
      continue;
    }
    const other = own === undefined && tvk !== undefined ? openOutgoing(encrypted, tvk) : undefined;
    if (other !== undefined && other.typeId !== 0n) {
      sent.push({
        sender: account.address.x,
        commitment: encrypted.commitment,
        preimage: other,
        transactionId: transition.transactionId,
        block,
      });
    }
  }
}

/** Undefined when the published x names no point that could be opened. */
function ofPoint(secret: () => Field): Field | undefined {
  try {
    return secret();
  } catch (error) {
    if (error instanceof AzaleaError && error.code === 'POINT_NOT_IN_SUBGROUP') return undefined;
    throw error;
  }
}

function depositRecord(
  account: Account,
  block: number,
  deposit: NoteDeposit,
  rollupId: Field,
  counter: number,
): StoredRecord {
  const preimage: RecordPreimage = {
    typeId: fieldFromHex(deposit.typeId),
    owner: account.address.x,
    blind: depositBlind(account.viewKey, rollupId, counter),
    rho: depositRho(BigInt(deposit.queueIndex)),
    data: deposit.data.map((word) => fieldFromHex(word)),
  };
  const origin = { kind: 'deposit', queueIndex: deposit.queueIndex, counter } as const;
  return storedRecord(account, preimage, deposit.index, block, origin);
}

function storedRecord(
  account: Account,
  preimage: RecordPreimage,
  leafIndex: number,
  block: number,
  origin: RecordOrigin,
): StoredRecord {
  const commitment = recordCommitment(preimage);
  const nullifier = nullifierOf(commitment, gammaOf(account.skSig, commitment));
  return { commitment, preimage, nullifier, leafIndex, block, origin, spentIn: undefined };
}
