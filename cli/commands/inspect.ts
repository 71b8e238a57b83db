import { formatValue, type PlainValue } from '../../program/values/values.ts';
import type { ClientAccount } from '../../pxe/client/account.ts';
import type { CliContext } from '../context.ts';
import { table } from '../terminal/output.ts';
import { formatEth } from '../wallet/amount.ts';
import { type Session, withSession } from '../wallet/session.ts';
import { type Balances, sumBalances, typeName, viewRecords } from '../wallet/wallet-view.ts';

/** `azalea balance`. */
export async function showBalance(context: CliContext): Promise<void> {
  await withSession(context, async (session) => {
    const { rollup } = session.azalea.pxe;
    const balances = session.shownAccounts().map((account) => ({
      ...account,
      ...sumBalances(viewRecords(session, account, false), rollup),
    }));
    context.output.result(
      balances,
      balances.flatMap((balance) => [accountLine(session, balance), ...balanceLines(balance)]),
    );
  });
}

/** Alias and address; the current account is marked where there are others. */
function accountLine({ azalea }: Session, { alias, address }: ClientAccount): string {
  const isCurrent = azalea.accounts.list().length > 1 && azalea.accounts.current().alias === alias;
  return `${alias}  ${address}${isCurrent ? '  (current)' : ''}`;
}

/** One line for each kind of money. */
export function balanceLines({ eth, tokens, others, unknown }: Balances): string[] {
  const rows = [
    [formatEth(eth), 'credits.aleo'],
    ...tokens.map(({ token, amount }) => [String(amount), `units of L1 token ${token}`]),
    ...others.map(({ type, records, sum }) =>
      sum === null
        ? [counted(records), type]
        : [String(sum.amount), `${sum.member} of ${type}, in ${counted(records)}`],
    ),
  ];
  if (unknown > 0) {
    rows.push([counted(unknown), 'of programs that are not loaded: "azalea call --simulate" loads one']);
  }
  return table(rows).map((line) => `  ${line}`);
}

/** `1 record`, `2 records`. */
function counted(records: number): string {
  return `${records} record${records === 1 ? '' : 's'}`;
}

/** `azalea records`. */
export async function showRecords(context: CliContext, all: boolean): Promise<void> {
  await withSession(context, async (session) => {
    const { rollup } = session.azalea.pxe;
    const list = session.shownAccounts().map((account) => ({
      ...account,
      records: viewRecords(session, account, all),
    }));
    context.output.result(
      list,
      list.flatMap(({ records, ...account }) => [
        accountLine(session, account),
        ...records.flatMap((record) => {
          const { owner: _, ...members } = record.data;
          const state =
            record.spentIn !== null
              ? `spent in block ${record.spentIn}`
              : record.waiting
                ? 'being spent'
                : 'unspent';
          return [
            `  ${record.commitment}`,
            `    ${typeName(record, rollup)} ${formatValue(members as PlainValue)}, block ${record.block}, ${state}`,
          ];
        }),
      ]),
    );
  });
}

/** `azalea sync`. */
export async function synchronise(context: CliContext): Promise<void> {
  await withSession(context, async ({ azalea }) => {
    const { head: block, behind } = azalea.pxe;
    const missing = behind === 0 ? '' : `; L1 has ${behind} more, which the sequencer does not show yet`;
    context.output.result({ block, behind }, [`synchronised to L2 block ${block}${missing}`]);
  });
}
