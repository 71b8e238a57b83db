import type { Address } from 'viem';
import { AzaleaError } from '../../protocol/errors.ts';
import type { Field } from '../../protocol/field.ts';
import type { RecordChoice } from '../../pxe/calls/choose-record.ts';
import type { ClientAccount } from '../../pxe/client/account.ts';
import type { Session } from './session.ts';
import { firstInteger, type RecordView, tokenOf, viewRecords } from './wallet-view.ts';

/**
 * The smallest free record of `bridge.aleo` that holds at least `amount` of this very token (all bridged tokens share one
 * record type). A record of a payment that was dropped and may still settle comes first, so that only one of both can settle.
 * Throws INSUFFICIENT_BALANCE.
 */
export function chooseTokenRecord(
  session: Session,
  account: ClientAccount,
  token: Address,
  amount: bigint,
): RecordChoice {
  const { bridgeTypeId } = session.azalea.pxe.rollup;
  const free = viewRecords(session, account, false).filter(
    (record) => BigInt(record.typeId) === bridgeTypeId && tokenOf(record) === token && !record.waiting,
  );
  const doubtful = session.azalea.pxe.transactions.doubtful();
  return { commitment: BigInt(smallestSufficient(free, amount, token, doubtful).commitment) };
}

/** Throws INSUFFICIENT_BALANCE. */
export function smallestSufficient(
  records: readonly RecordView[],
  amount: bigint,
  token: Address,
  doubtful: ReadonlySet<Field> = new Set(),
): RecordView {
  const holds = (record: RecordView): bigint => firstInteger(record)?.amount ?? 0n;
  const sufficient = records.filter((record) => holds(record) >= amount);
  sufficient.sort((a, b) => (holds(a) < holds(b) ? -1 : 1));
  const first = sufficient.find(({ commitment }) => doubtful.has(BigInt(commitment))) ?? sufficient[0];
  if (first !== undefined) return first;
  const total = records.reduce((sum, record) => sum + holds(record), 0n);
  throw new AzaleaError(
    'INSUFFICIENT_BALANCE',
    total >= amount
      ? `No single record of ${token} holds ${amount}, together they hold ${total}: join two with "azalea call bridge.aleo join <commitment> <commitment>".`
      : `The account needs ${amount} of ${token}; its free records hold ${total}.`,
    { needed: String(amount), available: String(total) },
  );
}
