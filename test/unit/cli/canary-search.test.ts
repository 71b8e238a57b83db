/** The search of test/e2e/canary.test.ts finds a secret in every encoding: else it could not fail. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { seedToText, viewKeyToText } from '../../../protocol/text.ts';
import { byteNeedles, findNeedles, numberNeedles, textNeedles } from '../../support/wallet/canary.ts';

const value = 0x0123456789abcdef0011223344556677_8899aabbccddeeff0102030405060708n;
const bytes = Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
const hay = (content: string | Buffer) => [
  {
    name: 'here',
    bytes: Buffer.concat([Buffer.from('a lot of '), Buffer.from(content), Buffer.from(' more')]),
  },
];

test('a number is found however it is written', () => {
  const needles = numberNeedles('s', value);
  const reversed = Buffer.from(bytes).reverse();
  for (const written of [
    bytes,
    reversed,
    `0x${bytes.toString('hex')}`,
    bytes.toString('hex').toUpperCase(),
    reversed.toString('hex'),
    value.toString(16),
    value.toString(10),
    bytes.toString('base64'),
    bytes.toString('base64url'),
    reversed.toString('base64'),
    JSON.stringify([...bytes]),
    seedToText(bytes),
    viewKeyToText(value),
    seedToText(bytes).toUpperCase(),
  ]) {
    assert.notDeepEqual(findNeedles(hay(written), needles), [], String(written));
  }
});

test('base64 of something longer that holds it, at any place', () => {
  const needles = byteNeedles('s', bytes);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 40 }), (before, after) => {
      const all = Buffer.concat([before, bytes, after]);
      assert.notDeepEqual(findNeedles(hay(all.toString('base64')), needles), []);
      assert.notDeepEqual(findNeedles(hay(all.toString('base64url')), needles), []);
    }),
  );
});

test('a text is found, and what is not there is not', () => {
  const needles = textNeedles('p', 'a pass phrase');
  for (const written of [
    'a pass phrase',
    'a%20pass%20phrase',
    Buffer.from('a pass phrase').toString('hex'),
  ]) {
    assert.notDeepEqual(findNeedles(hay(written), needles), [], written);
  }
  assert.deepEqual(findNeedles(hay('another phrase'), needles), []);
  assert.deepEqual(findNeedles(hay(bytes), numberNeedles('other', value + 1n)), []);
});

test('what would be found by chance cannot be searched for', () => {
  assert.throws(() => numberNeedles('small', 5n), /too small/);
});
