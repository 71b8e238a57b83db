import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FIELD_MODULUS, SUBGROUP_ORDER } from '../../../protocol/constants.ts';
import {
  addPoints,
  CURVE_A,
  decompress,
  G,
  isOnCurve,
  mulPoint,
  type Point,
} from '../../../protocol/curve/point.ts';
import {
  LADDER_BITS,
  ladderScalar,
  multiplyX,
  QUARTER_OF_A,
  ROOT_OF_A,
} from '../../../protocol/curve/x-ladder.ts';
import { fieldInv, fieldMul } from '../../../protocol/field.ts';

const SCALARS = [
  0n,
  1n,
  2n,
  3n,
  4n,
  5n,
  SUBGROUP_ORDER - 1n,
  SUBGROUP_ORDER - 2n,
  (1n << 250n) - 1n,
  1n << 249n,
];
const scalar = fc.oneof(fc.constantFrom(...SCALARS), fc.bigInt({ min: 0n, max: SUBGROUP_ORDER - 1n }));
const point = scalar.filter((k) => k !== 0n).map((k) => mulPoint(G, k));

describe('x ladder', () => {
  it('has its constants', () => {
    assert.equal(fieldMul(ROOT_OF_A, ROOT_OF_A), CURVE_A);
    assert.equal(4n * QUARTER_OF_A, CURVE_A);
    assert.equal(SUBGROUP_ORDER % 4n, 1n);
  });

  it('starts from the y of P + (1/sqrt(a), 0), which x(P) gives', () => {
    const quarter: Point = { x: fieldInv(ROOT_OF_A), y: 0n };
    assert.ok(isOnCurve(quarter));
    assert.deepEqual(mulPoint(quarter, 2n), { x: 0n, y: FIELD_MODULUS - 1n });
    fc.assert(
      fc.property(point, (p) => {
        const { y } = addPoints(p, quarter);
        assert.equal(y, FIELD_MODULUS - fieldMul(ROOT_OF_A, p.x));
      }),
      { numRuns: 20 },
    );
  });

  it('makes scalars 1 modulo 4 and changes nothing modulo l', () => {
    fc.assert(
      fc.property(scalar, (k) => {
        const made = ladderScalar(k);
        assert.equal(made % 4n, 1n);
        assert.equal(made % SUBGROUP_ORDER, k % SUBGROUP_ORDER);
        assert.ok(made >= 0n && made >> BigInt(LADDER_BITS) === 0n);
      }),
    );
  });

  it('multiplies points of the subgroup as mulPoint does', () => {
    for (const k of SCALARS) assert.equal(multiplyX(G.x, ladderScalar(k)), mulPoint(G, k).x, `${k}`);
    fc.assert(
      fc.property(point, scalar, (p, k) => {
        assert.equal(multiplyX(p.x, ladderScalar(k)), mulPoint(decompress(p.x), k).x);
      }),
      { numRuns: 50 },
    );
  });

  it('gives some field element for an x that names no point of the subgroup', () => {
    const k = ladderScalar(12345678901234567890n);
    const quarter = fieldInv(ROOT_OF_A);
    for (const x of [0n, 1n, 2n, 3n, quarter, FIELD_MODULUS - quarter, FIELD_MODULUS - 1n]) {
      const made = multiplyX(x, k);
      assert.ok(made >= 0n && made < FIELD_MODULUS);
    }
  });
});
