import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FIELD_MODULUS } from '../../../protocol/constants.ts';
import {
  fieldAdd,
  fieldDiv,
  fieldFromBytes,
  fieldFromHex,
  fieldInv,
  fieldMul,
  fieldNeg,
  fieldPow,
  fieldSqrt,
  fieldSub,
  fieldToBytes,
  fieldToHex,
  HALF_FIELD,
  integerToBytes,
  isSquare,
  toField,
} from '../../../protocol/field.ts';

const element = fc.bigInt({ min: 0n, max: FIELD_MODULUS - 1n });
const edge = fc.constantFrom(0n, 1n, 2n, HALF_FIELD, HALF_FIELD + 1n, FIELD_MODULUS - 1n);
const field = fc.oneof(element, edge);

describe('field arithmetic', () => {
  it('agrees with integers mod r', () => {
    fc.assert(
      fc.property(field, field, (a, b) => {
        assert.equal(fieldAdd(a, b), toField(a + b));
        assert.equal(fieldSub(a, b), toField(a - b));
        assert.equal(fieldMul(a, b), toField(a * b));
        assert.equal(fieldAdd(a, fieldNeg(a)), 0n);
        assert.ok(fieldNeg(a) < FIELD_MODULUS);
        if (b !== 0n) {
          assert.equal(fieldMul(b, fieldInv(b)), 1n);
          assert.equal(fieldMul(fieldDiv(a, b), b), a);
          assert.equal(fieldPow(b, FIELD_MODULUS - 2n), fieldInv(b));
        }
      }),
    );
  });

  it('inverts values of every length, and those with long quotients', () => {
    const values = [1n, 2n, 3n, HALF_FIELD, HALF_FIELD + 1n, FIELD_MODULUS - 1n];
    for (let k = 1n; k < 254n; k++)
      for (const value of [1n << k, FIELD_MODULUS >> k, FIELD_MODULUS / (1n + (1n << k))])
        for (const near of [value - 1n, value, value + 1n])
          if (near > 0n && near < FIELD_MODULUS) values.push(near);
    // Neighbouring Fibonacci numbers: the most steps.
    for (let [x, y] = [1n, 2n]; y < FIELD_MODULUS; [x, y] = [y, x + y]) values.push(y);
    assert.ok(values.length > 2500);
    for (const value of values) {
      const inverse = fieldInv(value);
      assert.ok(inverse > 0n && inverse < FIELD_MODULUS && fieldMul(value, inverse) === 1n, `${value}`);
    }
  });

  it('divides by zero with a typed error', () => {
    assert.throws(() => fieldInv(0n), { code: 'FIELD_DIVISION_BY_ZERO' });
    assert.throws(() => fieldDiv(5n, 0n), { code: 'FIELD_DIVISION_BY_ZERO' });
  });

  it('takes the root that is <= (r-1)/2, exactly of squares', () => {
    fc.assert(
      fc.property(field, (a) => {
        const square = fieldMul(a, a);
        assert.ok(isSquare(square));
        const root = fieldSqrt(square)!;
        assert.ok(root === a || root === fieldNeg(a));
        assert.ok(root <= HALF_FIELD);
        const other = fieldMul(square, 5n); // 5 is a non-residue
        assert.equal(isSquare(other), a === 0n);
        assert.equal(fieldSqrt(other), a === 0n ? 0n : undefined);
      }),
    );
  });

  it('takes roots of every power of a 2^28-th root of unity: all depths of Tonelli-Shanks', () => {
    let unit = fieldPow(5n, (FIELD_MODULUS - 1n) >> 28n);
    assert.equal(fieldSqrt(unit), undefined);
    for (let k = 1; k <= 28; k++) {
      unit = fieldMul(unit, unit);
      const root = fieldSqrt(unit)!;
      assert.equal(fieldMul(root, root), unit);
    }
    assert.equal(unit, 1n);
  });

  it('tells squares as Euler does, and takes their roots, whatever root of unity is in them', () => {
    const unit = fieldPow(5n, (FIELD_MODULUS - 1n) >> 28n);
    fc.assert(
      fc.property(field, fc.nat(2 ** 28 - 1), (a, n) => {
        const value = fieldMul(fieldMul(a, a), fieldPow(unit, BigInt(n)));
        const square = value === 0n || fieldPow(value, HALF_FIELD) === 1n;
        assert.equal(square, a === 0n || n % 2 === 0);
        assert.equal(isSquare(value), square);
        const root = fieldSqrt(value);
        if (root === undefined) assert.ok(!square);
        else assert.equal(fieldMul(root, root), value);
      }),
    );
  });
});

describe('field encodings', () => {
  it('round-trip', () => {
    fc.assert(
      fc.property(field, (a) => {
        assert.equal(fieldFromHex(fieldToHex(a)), a);
        assert.equal(fieldFromBytes(fieldToBytes(a)), a);
        assert.equal(fieldToHex(a), `0x${Buffer.from(fieldToBytes(a)).toString('hex')}`);
      }),
    );
  });

  it('refuse values at or above r', () => {
    for (const value of [FIELD_MODULUS, FIELD_MODULUS + 1n, (1n << 256n) - 1n]) {
      const hex = `0x${value.toString(16).padStart(64, '0')}`;
      assert.throws(() => fieldFromHex(hex), { code: 'FIELD_OUT_OF_RANGE' });
      assert.throws(() => fieldFromBytes(integerToBytes(value, 32)), { code: 'FIELD_OUT_OF_RANGE' });
      assert.throws(() => fieldToHex(value), { code: 'FIELD_OUT_OF_RANGE' });
    }
    assert.throws(() => fieldToBytes(-1n), { code: 'FIELD_OUT_OF_RANGE' });
  });

  it('refuse every other form', () => {
    const zeros = '0'.repeat(62);
    const bad = [
      '',
      '0x',
      '1',
      `0x${zeros}1`,
      `0x0${zeros}12`,
      `0X${zeros}12`,
      `0x${zeros}AB`,
      `${zeros}0012`,
    ];
    bad.push(` 0x${zeros}12`, `0x${zeros}12\n`, `0x-${zeros}1`, `0x${zeros}1g`, `0x${zeros}١٢`);
    for (const text of bad) assert.throws(() => fieldFromHex(text), { code: 'FIELD_ENCODING' }, text);
    for (const other of [1, 1n, null, undefined, [`0x${zeros}12`]]) {
      assert.throws(() => fieldFromHex(other as never), { code: 'FIELD_ENCODING' });
    }
    for (const length of [0, 31, 33])
      assert.throws(() => fieldFromBytes(new Uint8Array(length)), { code: 'FIELD_ENCODING' });
    assert.throws(() => integerToBytes(256n, 1), { code: 'INTEGER_TOO_LARGE' });
    assert.throws(() => integerToBytes(-1n, 4), { code: 'INTEGER_TOO_LARGE' });
  });
});
