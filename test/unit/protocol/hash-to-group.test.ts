import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { DOMAIN, FIELD_MODULUS } from '../../../protocol/constants.ts';
import { elligator2, hashToGroup, MONTGOMERY_J, NON_RESIDUE } from '../../../protocol/curve/hash-to-group.ts';
import { clearCofactor, isInSubgroup, isOnCurve, mulPoint } from '../../../protocol/curve/point.ts';
import { fieldMul, fieldNeg, HALF_FIELD, isSquare, toField } from '../../../protocol/field.ts';
import { hash } from '../../../protocol/hash/hash.ts';

const nonZero = fc.bigInt({ min: 1n, max: FIELD_MODULUS - 1n });
const right = (s: bigint): bigint => toField(s * s * s + MONTGOMERY_J * s * s + s);

describe('elligator2', () => {
  it('follows RFC 9380, 6.7.1: the first candidate if it is on the curve, else the second', () => {
    let [first, second] = [0, 0];
    fc.assert(
      fc.property(nonZero, (u) => {
        const { s1, isSquare: square, s, v, point } = elligator2(u);
        assert.equal(toField(s1 * (1n + NON_RESIDUE * u * u)), fieldNeg(MONTGOMERY_J));
        assert.equal(square, isSquare(right(s1)));
        assert.equal(s, square ? s1 : toField(-MONTGOMERY_J - s1));
        assert.equal(fieldMul(v, v), right(s));
        assert.ok(v > 0n && v <= HALF_FIELD);
        assert.equal(fieldMul(point.x, v), s);
        assert.equal(fieldMul(point.y, toField(s + 1n)), toField(s - 1n));
        assert.ok(isOnCurve(point));
        if (square) first++;
        else second++;
      }),
    );
    assert.ok(first > 10 && second > 10, 'both branches are met');
  });

  it('is even in u and refuses 0', () => {
    assert.deepEqual(elligator2(7n), elligator2(FIELD_MODULUS - 7n));
    assert.throws(() => elligator2(0n), { code: 'HASH_TO_GROUP_ZERO' });
  });

  it('never divides by zero: 1 + 5u^2, v and s + 1 have no zeros', () => {
    assert.ok(!isSquare(toField(-5n))); // -1/5 is no square, so 1 + 5u^2 != 0
    assert.ok(!isSquare(toField(MONTGOMERY_J * MONTGOMERY_J - 4n))); // s^2 + Js + 1 has no root, so v = 0 only for s = 0
    assert.ok(!isSquare(right(FIELD_MODULUS - 1n))); // s = -1 is no point
  });
});

describe('hashToGroup', () => {
  it('gives points of the subgroup, other than the neutral one', () => {
    for (const element of [0n, 1n, 2n, FIELD_MODULUS - 1n]) {
      const point = hashToGroup(element);
      assert.ok(isInSubgroup(point) && point.x !== 0n);
      const raw = elligator2(hash(DOMAIN.HASH_TO_GROUP, [element])).point;
      assert.deepEqual(point, mulPoint(raw, 8n));
      assert.deepEqual(point, clearCofactor(raw));
    }
    assert.notDeepEqual(hashToGroup(1n), hashToGroup(2n));
  });
});
