import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseEther } from 'viem';
import { receiverAddress } from '../../../cli/commands/send.ts';
import { formatEth, parseEthAmount, parseUnitAmount } from '../../../cli/wallet/amount.ts';
import { parseCallArguments } from '../../../cli/wallet/call-arguments.ts';
import { ethShortage, payEth } from '../../../cli/wallet/eth-shortage.ts';
import { parseL1Address } from '../../../cli/wallet/l1-address.ts';
import { compileProgram } from '../../../program/compile/artifact.ts';
import { G } from '../../../protocol/curve/point.ts';
import { AzaleaError } from '../../../protocol/errors.ts';
import { addressToText, seedToText } from '../../../protocol/text.ts';
import type { Azalea } from '../../../pxe/client/azalea.ts';

const code =
  (wanted: string) =>
  (error: AzaleaError): boolean =>
    error.code === wanted;

describe('amounts', () => {
  test('ETH is read exactly and comes back', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 2n ** 128n - 1n), (wei) => {
        assert.equal(parseEthAmount(formatEth(wei).replace(' ETH', '')), wei);
      }),
    );
    assert.equal(parseEthAmount('0.25'), parseEther('0.25'));
    assert.equal(parseEthAmount('0.000000000000000001'), 1n);
    assert.equal(formatEth(1n), '0.000000000000000001 ETH');
  });

  test('anything else is refused, nothing is rounded', () => {
    const wrong = [
      '',
      '0',
      '0.0',
      '-1',
      '+1',
      '1e3',
      '.5',
      '5.',
      '1,5',
      '0x10',
      ' 1',
      '1 ',
      'Infinity',
      'NaN',
      '١',
      '0.0000000000000000001',
      '1.0000000000000000005',
      '340282366920938463463.374607431768211456',
    ];
    for (const text of wrong) {
      assert.throws(() => parseEthAmount(text), code('AMOUNT_INVALID'), text);
    }
  });

  test('units are whole numbers above 0 and below 2^128', () => {
    assert.equal(parseUnitAmount('1'), 1n);
    assert.equal(parseUnitAmount(String(2n ** 128n - 1n)), 2n ** 128n - 1n);
    for (const text of ['0', '1.5', '-1', '1e6', '', String(2n ** 128n), '9'.repeat(200)]) {
      assert.throws(() => parseUnitAmount(text), code('AMOUNT_INVALID'), text);
    }
  });
});

describe('L1 addresses', () => {
  const good = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';

  test('with a checksum, or all in one case', () => {
    assert.equal(parseL1Address(good), good);
    assert.equal(parseL1Address(good.toLowerCase()), good);
  });

  test('a broken checksum, another length, 0 and addresses of the rollup are refused', () => {
    const wrong = [
      good.replace('C8', 'c8'),
      good.slice(0, -1),
      `${good}0`,
      good.slice(2),
      `0x${'0'.repeat(40)}`,
      'azalea1qecuznpth83uleutmsqq7lwx9n92eey905jdulgrr69j6kf0av8sxa3xwr',
      '',
    ];
    for (const text of wrong) assert.throws(() => parseL1Address(text), code('L1_ADDRESS_INVALID'), text);
  });
});

describe('a payment in ETH that the records do not hold', () => {
  const said = (details: Record<string, string>): string =>
    (ethShortage(new AzaleaError('INSUFFICIENT_BALANCE', 'in wei', details)) as AzaleaError).message;

  test('is refused with amounts in ETH', () => {
    const needed = String(parseEther('0.25'));
    assert.equal(
      said({ needed, available: '0', waiting: '0' }),
      'The account needs 0.25 ETH; its free records hold 0 ETH.',
    );
    assert.match(
      said({ needed, available: '1', waiting: needed }),
      /hold 0\.0{17}1 ETH, 0\.25 ETH more wait for a transaction/,
    );
    assert.match(
      said({ needed, available: String(parseEther('0.3')), waiting: '0' }),
      /No single record holds 0\.25 ETH, together they hold 0\.3 ETH: join/,
    );
  });

  test('other errors, and what comes of a payment, stay as they are', async () => {
    const other = new AzaleaError('RECORD_SPENT', 'spent');
    assert.equal(ethShortage(other), other);
    assert.equal(await payEth(Promise.resolve(5)), 5);
    await assert.rejects(payEth(Promise.reject(other)), other);
    const short = new AzaleaError('INSUFFICIENT_BALANCE', 'in wei', { needed: '1', available: '0' });
    await assert.rejects(payEth(Promise.reject(short)), { code: 'INSUFFICIENT_BALANCE', message: /ETH/ });
  });
});

describe('receivers', () => {
  const address = addressToText(G.x);
  const accounts = { list: () => [{ alias: 'alice', address }] } as unknown as Azalea['accounts'];
  const receiver = (text: string): string => receiverAddress({ accounts }, text);

  test('an alias of the wallet, or any address', () => {
    assert.equal(receiver('alice'), address);
    assert.equal(receiver(address), address);
  });

  test('a name that nobody has, and what is no address', () => {
    assert.throws(
      () => receiver('carol'),
      (error: AzaleaError) =>
        error.code === 'ACCOUNT_UNKNOWN' && /carol.*azalea1.*account list/.test(error.message),
    );
    assert.throws(() => receiver(`aleo1${address.slice(7)}`), code('TEXT_FORM'));
    assert.throws(() => receiver(address.slice(0, -1)), code('TEXT_FORM'));
    assert.throws(() => receiver(seedToText(new Uint8Array(32).fill(1))), code('TEXT_KIND'));
  });
});

describe('arguments of a call', () => {
  const program = compileProgram(
    readFileSync(new URL('../../../programs/token.aleo', import.meta.url), 'utf8'),
  );
  const names = { addressOf: (alias: string) => (alias === 'bob' ? 'azalea1bob' : undefined) };
  const commitment = `0x${'0'.repeat(62)}2a`;

  test('records, addresses, aliases and numbers', () => {
    assert.deepEqual(parseCallArguments(program, 'transfer', [commitment, 'bob', '30'], names), [
      { commitment: 42n },
      'azalea1bob',
      30n,
    ]);
    assert.deepEqual(parseCallArguments(program, 'transfer', ['atLeast=10', 'azalea1x', '30u64'], names), [
      { atLeast: 10n },
      'azalea1x',
      '30u64',
    ]);
    assert.deepEqual(parseCallArguments(program, 'join', ['atLeast=10,member=amount', commitment], names), [
      { atLeast: 10n, member: 'amount' },
      { commitment: 42n },
    ]);
  });

  test('negative numbers take the declared type, too', () => {
    const signed = compileProgram(
      'program s.aleo;\nfunction f:\n    input r0 as i8.private;\n    input r1 as [i8; 1u32].private;\n',
    );
    assert.deepEqual(parseCallArguments(signed, 'f', ['-5', '[-5i8]'], names), [-5n, '[-5i8]']);
    assert.deepEqual(parseCallArguments(signed, 'f', [' -5i8'], names), [' -5i8']);
  });

  test('their number is left to the call, which names it', () => {
    assert.equal(parseCallArguments(program, 'mint', ['bob'], names).length, 1);
    assert.equal(parseCallArguments(program, 'mint', ['bob', '1', '2'], names).length, 3);
  });

  test('an alias that no account has is named', () => {
    assert.throws(() => parseCallArguments(program, 'mint', ['carol', '1'], names), code('ACCOUNT_UNKNOWN'));
  });

  test('other forms of a record are refused', () => {
    for (const text of ['10', 'atLeast=', 'atLeast=-1', 'atLeast=1,member=', 'atleast=1', '']) {
      assert.throws(
        () => parseCallArguments(program, 'burn', [text, '1'], names),
        code('RECORD_ARGUMENT_FORM'),
        text,
      );
    }
    assert.throws(() => parseCallArguments(program, 'burn', ['0x12', '1'], names), {
      code: 'FIELD_ENCODING',
      message: /argument 1 \(r0, token\.record\) of token\.aleo\/burn must be 0x and 64/,
    });
    assert.throws(() => parseCallArguments(program, 'steal', [], names), code('PROGRAM_NO_SUCH_FUNCTION'));
  });
});
