import type { Program, ProgramRecord } from '../../program/compile/artifact.ts';
import { isIntegerType } from '../../program/values/types.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import { type Field, fieldToHex } from '../../protocol/field.ts';
import type { RecordStore } from '../records/record-store.ts';
import type { StoredRecord } from '../records/stored-record.ts';

/**
 * The record that a call spends: a record, its commitment, or a wish that the PXE fulfils. `member` defaults to the record's
 * first integer member.
 */
export type RecordChoice =
  | Field
  | { readonly commitment: Field }
  | { readonly atLeast: bigint; readonly member?: string };

export interface ChooseOptions {
  readonly owner: Field;
  readonly program: Program;
  readonly record: ProgramRecord;
  readonly choice: RecordChoice;
  /** Commitments that this call or a waiting transaction already spends. */
  readonly locked: ReadonlySet<Field>;
  /** Commitments that a retry should spend before any other: see `TransactionStore.doubtful`. */
  readonly doubtful?: ReadonlySet<Field>;
}

/**
 * The record a choice stands for.
 * Errors: RECORD_NOT_SETTLED, RECORD_NOT_OWNED, RECORD_SPENT, RECORD_LOCKED, RECORD_TYPE, RECORD_MEMBER,
 * RECORD_CHOICE_AMBIGUOUS, INSUFFICIENT_BALANCE.
 */
export function chooseRecord(records: RecordStore, options: ChooseOptions): StoredRecord {
  const { choice } = options;
  if (typeof choice === 'object' && 'atLeast' in choice) {
    return smallestSufficient(records, options, choice.atLeast, choice.member);
  }
  const record = records.get(typeof choice === 'bigint' ? choice : choice.commitment);
  const name = fieldToHex(record.commitment);
  if (record.preimage.owner !== options.owner) {
    throw new AzaleaError(
      'RECORD_NOT_OWNED',
      `The record ${name} belongs to another account; call from its owner.`,
    );
  }
  if (record.preimage.typeId !== options.record.typeId) {
    throw new AzaleaError(
      'RECORD_TYPE',
      `The record ${name} is no ${options.program.name}.aleo/${options.record.name}; give a record of that type.`,
    );
  }
  if (record.spentIn !== undefined) {
    throw new AzaleaError(
      'RECORD_SPENT',
      `The record ${name} was spent in L2 block ${record.spentIn}. Choose another one.`,
    );
  }
  if (options.locked.has(record.commitment)) {
    throw new AzaleaError(
      'RECORD_LOCKED',
      `The record ${name} is being spent already. Wait for that transaction.`,
    );
  }
  return record;
}

function smallestSufficient(
  records: RecordStore,
  options: ChooseOptions,
  atLeast: bigint,
  member: string | undefined,
): StoredRecord {
  const { owner, program, record, locked, doubtful } = options;
  const word = amountWord(record, member);
  const all = records
    .unspent(owner)
    .filter((candidate) => candidate.preimage.typeId === record.typeId)
    .sort((a, b) => (a.preimage.data[word] < b.preimage.data[word] ? -1 : 1));
  const free = all.filter((candidate) => !locked.has(candidate.commitment));
  const sufficient = free.filter((candidate) => candidate.preimage.data[word] >= atLeast);
  assertAlike(sufficient, word, `${program.name}.aleo/${record.name}`);
  const found = sufficient.find(({ commitment }) => doubtful?.has(commitment)) ?? sufficient[0];
  if (found !== undefined) return found;
  const sum = (list: readonly StoredRecord[]): bigint =>
    list.reduce((total, candidate) => total + candidate.preimage.data[word], 0n);
  const type = `${program.name}.aleo/${record.name}`;
  const total = sum(free);
  const waiting = sum(all) - total;
  const why =
    total >= atLeast
      ? `its records hold ${total} together, but none holds ${atLeast}: join some first`
      : waiting > 0n
        ? `its free records hold ${total}, ${waiting} more wait for a transaction to settle`
        : `its records hold ${total}`;
  throw new AzaleaError(
    'INSUFFICIENT_BALANCE',
    `The account needs a ${type} of at least ${atLeast}; ${why}.`,
    {
      needed: String(atLeast),
      available: String(total),
      waiting: String(waiting),
    },
  );
}

/** Records that differ beside the amount are different things, such as tokens of two assets: the PXE does not guess. */
function assertAlike(candidates: readonly StoredRecord[], word: number, type: string): void {
  const [first, ...others] = candidates.map(({ preimage }) => preimage.data);
  const alike = others.every((data) => data.every((value, k) => k === word || value === first[k]));
  if (alike) return;
  throw new AzaleaError(
    'RECORD_CHOICE_AMBIGUOUS',
    `Several records of ${type} hold enough but differ in other members. Give the commitment of the one to spend.`,
    { candidates: candidates.length },
  );
}

/** Index of a member's data word (the owner is no data word). Throws RECORD_MEMBER. */
export function amountWord(record: ProgramRecord, member: string | undefined): number {
  const data = record.members.slice(1);
  const word = data.findIndex(({ name, type }) =>
    member === undefined ? type.kind === 'literal' && isIntegerType(type.name) : name === member,
  );
  const flat = word >= 0 && data.slice(0, word + 1).every(({ type }) => type.kind === 'literal');
  if (!flat) {
    throw new AzaleaError(
      'RECORD_MEMBER',
      `The record ${record.name} has no plain number ${member ?? 'member'} to choose by. Name one of its integer members.`,
    );
  }
  return word;
}
