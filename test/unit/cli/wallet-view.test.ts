import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { balanceLines } from '../../../cli/commands/inspect.ts';
import { createOutput, table, toJson } from '../../../cli/terminal/output.ts';
import { smallestSufficient } from '../../../cli/wallet/choose-token-record.ts';
import { type RecordView, sumBalances, typeName } from '../../../cli/wallet/wallet-view.ts';
import type { AzaleaError } from '../../../protocol/errors.ts';

const MONEY = { creditsTypeId: 1n, bridgeTypeId: 2n };
const TOKEN = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512';
const OTHER = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const hex = (value: bigint): string => `0x${value.toString(16).padStart(64, '0')}`;

let counter = 0n;
function record(
  typeId: bigint,
  type: string | null,
  data: Record<string, string>,
  more: Partial<RecordView> = {},
): RecordView {
  const commitment = hex(++counter);
  return { commitment, type, typeId: hex(typeId), data, block: 1, spentIn: null, waiting: false, ...more };
}
const credits = (amount: bigint, more?: Partial<RecordView>): RecordView =>
  record(1n, 'credits.aleo/credits', { owner: 'azalea1x', amount: `${amount}u128` }, more);
const asset = (token: string, amount: bigint, more?: Partial<RecordView>): RecordView =>
  record(
    2n,
    'bridge.aleo/asset',
    { owner: 'azalea1x', amount: `${amount}u128`, asset: `${BigInt(token)}field` },
    more,
  );

describe('balances', () => {
  test('sum unspent records by kind, tokens by L1 address', () => {
    const balances = sumBalances(
      [
        credits(5n),
        credits(7n, { waiting: true }),
        credits(100n, { spentIn: 4 }),
        asset(TOKEN, 10n),
        asset(OTHER, 20n),
        asset(TOKEN, 1n),
        record(3n, 'token.aleo/token', { owner: 'azalea1x', amount: '8u64' }),
        record(3n, 'token.aleo/token', { owner: 'azalea1x', amount: '4u64' }),
        record(4n, 'ticket.aleo/ticket', { owner: 'azalea1x', seat: '3field' }),
        record(5n, null, { word0: '900field' }),
      ],
      MONEY,
    );
    assert.deepEqual(balances, {
      eth: 12n,
      tokens: [
        { token: TOKEN, amount: 11n },
        { token: OTHER, amount: 20n },
      ],
      others: [
        { type: 'token.aleo/token', records: 2, sum: { member: 'amount', amount: 12n } },
        { type: 'ticket.aleo/ticket', records: 1, sum: null },
      ],
      unknown: 1,
    });
    assert.deepEqual(balanceLines(balances), [
      '  0.000000000000000012 ETH  credits.aleo',
      `  11                        units of L1 token ${TOKEN}`,
      `  20                        units of L1 token ${OTHER}`,
      '  12                        amount of token.aleo/token, in 2 records',
      '  1 record                  ticket.aleo/ticket',
      '  1 record                  of programs that are not loaded: "azalea call --simulate" loads one',
    ]);
  });

  test('a program that borrows the name of bridged money counts for nothing and is shown as what it is', () => {
    const fake = record(9n, 'credits.aleo/credits', { owner: 'azalea1x', amount: '1000000u128' });
    const balances = sumBalances([fake], MONEY);
    assert.equal(balances.eth, 0n);
    assert.match(balances.others[0].type, /credits\.aleo\/credits of another program \(type 0x0000/);
    assert.equal(typeName(credits(1n), MONEY), 'credits.aleo/credits');
  });
});

describe('the record that pays a token', () => {
  test('is the smallest that suffices', () => {
    const [, , chosen] = [asset(TOKEN, 9n), asset(TOKEN, 2n), asset(TOKEN, 7n)];
    const records = [asset(TOKEN, 9n), asset(TOKEN, 2n), chosen];
    assert.equal(smallestSufficient(records, 3n, TOKEN), chosen);
    assert.equal(smallestSufficient(records, 7n, TOKEN), chosen);
  });

  test('is that of a payment which may still settle, if it suffices', () => {
    const [small, large] = [asset(TOKEN, 7n), asset(TOKEN, 9n)];
    const doubtful = new Set([BigInt(large.commitment)]);
    assert.equal(smallestSufficient([small, large], 3n, TOKEN, doubtful), large);
    assert.equal(smallestSufficient([small, large], 8n, TOKEN, new Set([BigInt(small.commitment)])), large);
  });

  test('none: says whether joining helps', () => {
    const records = [asset(TOKEN, 4n), asset(TOKEN, 5n)];
    const refused =
      (pattern: RegExp) =>
      (error: AzaleaError): boolean =>
        error.code === 'INSUFFICIENT_BALANCE' && pattern.test(error.message);
    assert.throws(() => smallestSufficient(records, 9n, TOKEN), refused(/call bridge\.aleo join/));
    assert.throws(() => smallestSufficient(records, 10n, TOKEN), refused(/free records hold 9\.$/));
    assert.throws(() => smallestSufficient([], 1n, TOKEN), refused(/hold 0/));
  });
});

describe('output', () => {
  test('JSON keeps every digit; people get lines', () => {
    assert.equal(toJson({ amount: 2n ** 100n }), `{"amount":"${2n ** 100n}"}`);
    const written: string[] = [];
    const streams = {
      out: { write: (text: string) => written.push(`out ${text}`) },
      err: { write: (text: string) => written.push(`err ${text}`) },
    };
    createOutput(true, streams).result({ a: 1 }, ['one']);
    createOutput(false, streams).result({ a: 1 }, ['one', 'two']);
    createOutput(true, streams).notice('by the way');
    assert.deepEqual(written, ['out {"a":1}\n', 'out one\ntwo\n', 'err by the way\n']);
  });

  test('tables align', () => {
    assert.deepEqual(
      table([
        ['a', 'bb'],
        ['ccc', 'd'],
      ]),
      ['a    bb', 'ccc  d'],
    );
  });
});
