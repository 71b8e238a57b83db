/** Typed values: text, objects and field elements. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type LiteralType, literal, TypeTable } from '../../../program/values/types.ts';
import {
  decodeValue,
  encodeValue,
  formatValue,
  type GivenValue,
  parseValue,
} from '../../../program/values/values.ts';
import { FIELD_MODULUS, SUBGROUP_ORDER } from '../../../protocol/constants.ts';
import { G } from '../../../protocol/curve/point.ts';
import { addressToText } from '../../../protocol/text.ts';
import { ALICE } from '../../support/program/programs.ts';
import { drawValue, NUMBERS } from '../../support/program/random-program.ts';

const types = new TypeTable();
types.structs.set('point', [
  { name: 'x', type: literal('field') },
  { name: 'flag', type: literal('boolean') },
]);
types.structs.set('line', [
  { name: 'a', type: { kind: 'struct', name: 'point' } },
  { name: 'n', type: literal('u8') },
]);
types.records.set('token', [
  { name: 'owner', type: literal('address'), visibility: 'private' },
  { name: 'amount', type: literal('u64'), visibility: 'private' },
]);
const LINE = { kind: 'struct', name: 'line' } as const;

test('literals of every type survive text and back', () => {
  for (const name of [...NUMBERS, 'boolean'] as LiteralType[]) {
    fc.assert(
      fc.property(drawValue(name), (leaf) => {
        const text = decodeValue({ type: literal(name), leaves: [leaf] }, types);
        assert.deepEqual(encodeValue(text, literal(name), types).leaves, [leaf]);
        if (name !== 'boolean') assert.deepEqual(encodeValue(leaf, literal(name), types).leaves, [leaf]);
      }),
      { numRuns: 30 },
    );
  }
  assert.deepEqual(encodeValue(addressToText(ALICE), literal('address'), types).leaves, [ALICE]);
  assert.equal(decodeValue({ type: literal('address'), leaves: [ALICE] }, types), addressToText(ALICE));
});

test('structs as text, as objects, and back', () => {
  const text = '{ a: { x: 5field, flag: true }, n: 7u8 }';
  const object = { a: { x: 5n, flag: true }, n: '7u8' };
  for (const given of [text, object]) {
    const typed = encodeValue(given, LINE, types);
    assert.deepEqual(typed.leaves, [5n, 1n, 7n]);
    assert.equal(formatValue(decodeValue(typed, types)), text);
  }
  const token = { owner: addressToText(ALICE), amount: 3n };
  assert.deepEqual(encodeValue(token, { kind: 'record', name: 'token' }, types).leaves, [ALICE, 3n]);
});

test('numbers alone take the declared type, in structs and arrays, too', () => {
  const list = { kind: 'array', element: literal('i8'), length: 3 } as const;
  assert.deepEqual(encodeValue('[1, -2, 3i8]', list, types).leaves, [1n, FIELD_MODULUS - 2n, 3n]);
  assert.deepEqual(encodeValue('{ a: { x: 5, flag: true }, n: 1_0 }', LINE, types).leaves, [5n, 1n, 10n]);
  assert.deepEqual(encodeValue(['1', 2n, '3i8'], list, types).leaves, [1n, 2n, 3n]);
  assert.throws(() => encodeValue('[1, 2, 128]', list, types), { code: 'VALUE_OUT_OF_RANGE' });
  assert.throws(() => encodeValue('[1, 2, 3u8]', list, types), { code: 'VALUE_TYPE_MISMATCH' });
  for (const type of ['boolean', 'address'] as const) {
    assert.throws(() => encodeValue('1', literal(type), types), { code: 'VALUE_INVALID' });
  }
});

test('texts of field, group and scalar are reduced by the order of their field', () => {
  const read = (text: string, type: LiteralType): bigint => encodeValue(text, literal(type), types).leaves[0];
  for (const [type, order] of [
    ['field', FIELD_MODULUS],
    ['scalar', SUBGROUP_ORDER],
  ] as const) {
    fc.assert(
      fc.property(fc.bigInt(0n, 1n << 1200n), (number) => {
        assert.equal(read(`${number}${type}`, type), number % order);
        assert.equal(read(`-${number}${type}`, type), (order - (number % order)) % order);
      }),
      { numRuns: 50 },
    );
    for (const number of [order - 1n, order, order + 1n, 5n * order, 5n * order + 7n]) {
      assert.equal(read(`${number}${type}`, type), number % order);
      assert.equal(read(`-${number}${type}`, type), (order - (number % order)) % order);
    }
  }
  assert.equal(read(`${G.x + FIELD_MODULUS}group`, 'group'), G.x);
  assert.equal(read(`-${G.x + 2n * FIELD_MODULUS}group`, 'group'), FIELD_MODULUS - G.x);
  assert.equal(read(`${FIELD_MODULUS}group`, 'group'), 0n);
  // The longest literal that fits a program.
  assert.equal(read(`1${'0'.repeat(99_000)}field`, 'field'), fieldPower(10n, 99_000));
});

function fieldPower(base: bigint, exponent: number): bigint {
  let power = 1n;
  for (let i = 0; i < exponent; i++) power = (power * base) % FIELD_MODULUS;
  return power;
}

test('what is refused, and why', () => {
  const refused: [GivenValue, Parameters<typeof encodeValue>[1], string][] = [
    ['256u8', literal('u8'), 'VALUE_OUT_OF_RANGE'],
    [256n, literal('u8'), 'VALUE_OUT_OF_RANGE'],
    [-1n, literal('u8'), 'VALUE_OUT_OF_RANGE'],
    [FIELD_MODULUS, literal('field'), 'VALUE_OUT_OF_RANGE'],
    [`${FIELD_MODULUS + 1n}group`, literal('group'), 'VALUE_OUT_OF_RANGE'],
    [`sign1${'q'.repeat(200)}`, literal('field'), 'VALUE_INVALID'],
    ['1u16', literal('u8'), 'VALUE_TYPE_MISMATCH'],
    ['256', literal('u8'), 'VALUE_OUT_OF_RANGE'],
    ['', literal('u8'), 'VALUE_INVALID'],
    ['_1u8', literal('u8'), 'VALUE_INVALID'],
    ['0x5field', literal('field'), 'VALUE_INVALID'],
    [true, literal('u8'), 'VALUE_TYPE_MISMATCH'],
    [1n, literal('boolean'), 'VALUE_TYPE_MISMATCH'],
    [5n, literal('address'), 'VALUE_TYPE_MISMATCH'],
    [addressToText(ALICE).slice(0, -1), literal('address'), 'VALUE_INVALID'],
    [addressToText(ALICE).replace(/.$/, (c) => (c === 'q' ? 'p' : 'q')), literal('address'), 'VALUE_INVALID'],
    ['5u8', LINE, 'VALUE_TYPE_MISMATCH'],
    ['{ n: 7u8 }', LINE, 'VALUE_INVALID'],
    ['{ a: { x: 5field, flag: true }, n: 7u8, m: 1u8 }', LINE, 'VALUE_INVALID'],
    ['{ n: 7u8, n: 7u8 }', LINE, 'VALUE_INVALID'],
    ['{ n: 7u8', LINE, 'VALUE_INVALID'],
    ['{ n 7u8 }', LINE, 'VALUE_INVALID'],
    ['{ n: 7u8 } x', LINE, 'VALUE_INVALID'],
    ['{}', LINE, 'VALUE_INVALID'],
    [{ a: { x: 5n, flag: true }, n: { y: 1n } }, LINE, 'VALUE_TYPE_MISMATCH'],
    [`${'{ a: '.repeat(40)}1u8${' }'.repeat(40)}`, LINE, 'VALUE_INVALID'],
  ];
  for (const [given, type, code] of refused) {
    assert.throws(
      () => encodeValue(given, type, types, 'input 0'),
      { code, message: /input 0/ },
      String(given),
    );
  }
  assert.throws(() => decodeValue({ type: literal('u8'), leaves: [256n] }, types), {
    code: 'VALUE_OUT_OF_RANGE',
  });
  assert.throws(() => decodeValue({ type: LINE, leaves: [1n] }, types), { code: 'VALUE_TYPE_MISMATCH' });
});

test('text that names a prototype member is only a name', () => {
  assert.deepEqual(parseValue('{ constructor: 1u8 }'), { constructor: '1u8' });
  assert.throws(() => encodeValue('{ a: { x: 5field, flag: true } , toString: 1u8 }', LINE, types), {
    code: 'VALUE_INVALID',
  });
});
