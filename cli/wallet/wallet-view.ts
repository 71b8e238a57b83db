/** Records and balances as the wallet shows them. */

import { type Address, getAddress, toHex } from 'viem';
import { fieldToHex } from '../../protocol/field.ts';
import type { ClientAccount } from '../../pxe/client/account.ts';
import type { ClientRecord } from '../../pxe/client/azalea.ts';
import type { Session } from './session.ts';

/** The record types of bridged money: by id, as any program may call its record `credits`. */
export interface MoneyTypes {
  readonly creditsTypeId: bigint;
  readonly bridgeTypeId: bigint;
}

export interface RecordView {
  /** 0x hex: names the record in `azalea call`. */
  readonly commitment: string;
  /** `token.aleo/token`; null when its program is not loaded. */
  readonly type: string | null;
  readonly typeId: string;
  readonly data: ClientRecord['data'];
  readonly block: number;
  readonly spentIn: number | null;
  /** A transaction that spends it waits to be settled. */
  readonly waiting: boolean;
}

/** Sums over unspent records, those included that a waiting transaction spends. */
export interface Balances {
  /** Wei. */
  readonly eth: bigint;
  /** Bridged tokens in their smallest unit, by L1 address. */
  readonly tokens: readonly { readonly token: Address; readonly amount: bigint }[];
  /** Other records: sum of the first integer member of each type, and how many there are. */
  readonly others: readonly OtherRecords[];
  /** Number of records of programs that are not loaded. */
  readonly unknown: number;
}

export interface OtherRecords {
  readonly type: string;
  readonly records: number;
  /** null: no member of these records is an unsigned integer. */
  readonly sum: { readonly member: string; readonly amount: bigint } | null;
}

/** An account's records, oldest first. */
export function viewRecords(session: Session, account: ClientAccount, all: boolean): RecordView[] {
  const { pxe } = session.azalea;
  const locked = pxe.lockedRecords();
  return session.azalea.records(account, { all }).map(({ commitment, type, data, block, spentIn }) => ({
    commitment: fieldToHex(commitment),
    type: type ?? null,
    typeId: fieldToHex(pxe.records.get(commitment).preimage.typeId),
    data,
    block,
    spentIn: spentIn ?? null,
    waiting: spentIn === undefined && locked.has(commitment),
  }));
}

/** Sums of unspent records. */
export function sumBalances(records: readonly RecordView[], money: MoneyTypes): Balances {
  let eth = 0n;
  let unknown = 0;
  const tokens = new Map<Address, bigint>();
  const others = new Map<string, OtherRecords>();
  for (const record of records.filter(({ spentIn }) => spentIn === null)) {
    const typeId = BigInt(record.typeId);
    const first = firstInteger(record);
    if (record.type === null) unknown++;
    else if (typeId === money.creditsTypeId) eth += first?.amount ?? 0n;
    else if (typeId === money.bridgeTypeId) {
      const token = tokenOf(record);
      tokens.set(token, (tokens.get(token) ?? 0n) + (first?.amount ?? 0n));
    } else {
      const known = others.get(record.typeId);
      others.set(record.typeId, {
        type: typeName(record, money),
        records: (known?.records ?? 0) + 1,
        sum:
          first === undefined
            ? null
            : { member: first.member, amount: (known?.sum?.amount ?? 0n) + first.amount },
      });
    }
  }
  return {
    eth,
    tokens: [...tokens].map(([token, amount]) => ({ token, amount })),
    others: [...others.values()],
    unknown,
  };
}

/** A record's type for people; one that only borrows the name of bridged money carries its id. */
export function typeName(record: Pick<RecordView, 'type' | 'typeId'>, money: MoneyTypes): string {
  const typeId = BigInt(record.typeId);
  if (record.type === null) return `unknown type ${record.typeId.slice(0, 18)}...`;
  const isMoney = typeId === money.creditsTypeId || typeId === money.bridgeTypeId;
  const borrowed = !isMoney && /^(credits|bridge)\.aleo\//.test(record.type);
  return borrowed ? `${record.type} of another program (type ${record.typeId.slice(0, 18)}...)` : record.type;
}

/** L1 token of a record of `bridge.aleo/asset`. */
export function tokenOf(record: Pick<RecordView, 'data'>): Address {
  const asset = BigInt(String(record.data.asset).replace(/field$/, ''));
  return getAddress(toHex(asset, { size: 20 }));
}

/** First member that is an unsigned integer, such as `5u64`. */
export function firstInteger(
  record: Pick<RecordView, 'data'>,
): { member: string; amount: bigint } | undefined {
  for (const [member, value] of Object.entries(record.data)) {
    const match = typeof value === 'string' ? /^(\d+)u\d+$/.exec(value) : null;
    if (match !== null) return { member, amount: BigInt(match[1]) };
  }
  return undefined;
}
