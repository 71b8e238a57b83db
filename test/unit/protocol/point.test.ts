import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { COFACTOR, FIELD_MODULUS, SUBGROUP_ORDER } from '../../../protocol/constants.ts';
import {
  addPoints,
  clearCofactor,
  cofactorPreimage,
  decompress,
  G,
  IDENTITY,
  isInSubgroup,
  isOnCurve,
  isSubgroupX,
  mulPoint,
  negatePoint,
  type Point,
} from '../../../protocol/curve/point.ts';
import { isEightfold } from '../../../protocol/curve/subgroup.ts';
import { torsionPoints } from '../../support/attack/torsion.ts';

// EIP-2494, "Test vectors".
const P1: Point = {
  x: 17777552123799933955779906779655732241715742912184938656739573121738514868268n,
  y: 2626589144620713026669568689430873010625803728049924121243784502389097019475n,
};
const P2: Point = {
  x: 16540640123574156134436876038791482806971768689494387082833631921987005038935n,
  y: 20819045374670962167435360035096875258406992893633759881276124905556507972311n,
};
const GENERATOR: Point = {
  x: 995203441582195749578291179787384436505546430278305826713579947235728471134n,
  y: 5472060717959818805561601436314318772137091100104008585924551046643952123905n,
};

/** The affine complete addition law of EIP-2494, written out: independent of the library. */
function addByDefinition(p: Point, q: Point): Point {
  const mod = (v: bigint): bigint => ((v % FIELD_MODULUS) + FIELD_MODULUS) % FIELD_MODULUS;
  const invert = (v: bigint): bigint => {
    let [result, base] = [1n, mod(v)];
    for (let e = FIELD_MODULUS - 2n; e > 0n; e >>= 1n) {
      if (e & 1n) result = mod(result * base);
      base = mod(base * base);
    }
    return result;
  };
  const d = mod(168696n * p.x * q.x * p.y * q.y);
  return {
    x: mod((p.x * q.y + p.y * q.x) * invert(1n + d)),
    y: mod((p.y * q.y - 168700n * p.x * q.x) * invert(1n - d)),
  };
}

function mulByDefinition(p: Point, scalar: bigint): Point {
  let sum = IDENTITY;
  for (const bit of scalar.toString(2)) {
    sum = addByDefinition(sum, sum);
    if (bit === '1') sum = addByDefinition(sum, p);
  }
  return sum;
}

const scalar = fc.oneof(
  fc.bigInt({ min: 0n, max: (1n << 256n) - 1n }),
  fc.constantFrom(0n, 1n, 2n, 8n, SUBGROUP_ORDER - 1n, SUBGROUP_ORDER, SUBGROUP_ORDER + 1n),
);

describe('Baby Jubjub (EIP-2494)', () => {
  it('adds and doubles the published points', () => {
    assert.deepEqual(addPoints(P1, P2), {
      x: 7916061937171219682591368294088513039687205273691143098332585753343424131937n,
      y: 14035240266687799601661095864649209771790948434046947201833777492504781204499n,
    });
    assert.deepEqual(addPoints(P1, P1), {
      x: 6890855772600357754907169075114257697580319025794532037257385534741338397365n,
      y: 4338620300185947561074059802482547481416142213883829469920100239455078257889n,
    });
    assert.deepEqual(addPoints(IDENTITY, P1), P1);
    assert.ok(isOnCurve(IDENTITY));
    assert.ok(!isOnCurve({ x: 1n, y: 0n }));
  });

  it('has Base8 = 8 * Generator, of order l', () => {
    assert.deepEqual(mulPoint(GENERATOR, COFACTOR), G);
    assert.deepEqual(mulPoint(G, SUBGROUP_ORDER), IDENTITY);
    assert.deepEqual(mulPoint(GENERATOR, COFACTOR * SUBGROUP_ORDER), IDENTITY);
    assert.ok(isInSubgroup(G) && !isInSubgroup(GENERATOR));
  });

  it('multiplies as the definition does, torsion included', () => {
    const bases = [G, GENERATOR, P1, IDENTITY, ...torsionPoints()];
    fc.assert(
      fc.property(fc.constantFrom(...bases), scalar, (base, k) => {
        assert.deepEqual(mulPoint(base, k), mulByDefinition(base, k));
      }),
      { numRuns: 12 },
    );
    assert.throws(() => mulPoint(G, -1n), { code: 'SCALAR_OUT_OF_RANGE' });
    assert.throws(() => mulPoint(G, 1n << 256n), { code: 'SCALAR_OUT_OF_RANGE' });
  });

  it('knows the subgroup: every coset of it is told apart', () => {
    const torsion = torsionPoints();
    assert.equal(torsion.length, 8);
    assert.equal(new Set(torsion.map(({ x, y }) => `${x},${y}`)).size, 8);
    for (const k of [1n, 2n, 77n, SUBGROUP_ORDER - 1n]) {
      const point = mulPoint(G, k);
      for (const twist of torsion) {
        const shifted = addPoints(point, twist);
        assert.ok(isOnCurve(shifted));
        const inside = twist.x === 0n && twist.y === 1n;
        assert.equal(isInSubgroup(shifted), inside);
        assert.deepEqual(clearCofactor(shifted), clearCofactor(point));
      }
    }
    for (const twist of torsion) {
      assert.equal(isInSubgroup(twist), twist.x === 0n && twist.y === 1n);
    }
  });

  it('refuses points off the curve and coordinates that are not canonical', () => {
    assert.ok(!isOnCurve({ x: 0n, y: 0n }));
    assert.ok(!isInSubgroup({ x: 0n, y: 0n }));
    assert.ok(!isOnCurve({ x: G.x, y: G.y + 1n }));
    assert.ok(!isOnCurve({ x: G.x + FIELD_MODULUS, y: G.y }));
    assert.ok(!isOnCurve({ x: G.x, y: G.y + FIELD_MODULUS }));
    assert.ok(!isOnCurve({ x: G.x - FIELD_MODULUS, y: G.y }));
  });

  it('halves by the cofactor inside the subgroup', () => {
    for (const k of [1n, 5n, SUBGROUP_ORDER - 2n]) {
      const point = mulPoint(G, k);
      assert.deepEqual(clearCofactor(cofactorPreimage(point)), point);
    }
  });
});

describe('isEightfold', () => {
  const multiple = fc.bigInt({ min: 1n, max: SUBGROUP_ORDER - 1n }).map((k) => mulPoint(G, k));
  const twists = torsionPoints();

  it('agrees with multiplication by l on every coset', () => {
    const cosets = new Set<number>();
    fc.assert(
      fc.property(multiple, fc.nat(7), (point, coset) => {
        const { x, y } = addPoints(point, twists[coset]);
        const byOrder = mulPoint({ x, y }, SUBGROUP_ORDER);
        assert.equal(byOrder.x === 0n && byOrder.y === 1n, coset === 0);
        assert.equal(isEightfold(x, y), coset === 0);
        cosets.add(coset);
      }),
      { numRuns: 80 },
    );
    assert.equal(cosets.size, 8);
  });

  it('leaves the points of small order to the definition rather than guess', () => {
    assert.ok(twists.slice(1).every(({ x, y }) => isEightfold(x, y) !== true));
    assert.ok(isEightfold(0n, 1n) !== false);
  });
});

describe('decompress', () => {
  it('returns the one subgroup point of an x', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: SUBGROUP_ORDER - 1n }), (k) => {
        const point = mulPoint(G, k);
        assert.deepEqual(decompress(point.x), point);
        assert.deepEqual(decompress(negatePoint(point).x), negatePoint(point));
        assert.ok(!isInSubgroup({ x: point.x, y: FIELD_MODULUS - point.y }));
      }),
      { numRuns: 10 },
    );
  });

  it('refuses 0, x >= r, x off the curve, and x whose points all have torsion', () => {
    const offCurve = [2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n].find((x) => !isSubgroupX(x))!;
    const bad = [0n, FIELD_MODULUS, G.x + FIELD_MODULUS, -G.x, offCurve, GENERATOR.x];
    for (const twist of torsionPoints()) {
      const shifted = addPoints(mulPoint(G, 9n), twist);
      // P + (0,-1) = (-x,-y) and P itself share their x with a subgroup point; all other cosets do not.
      if (twist.x !== 0n) bad.push(shifted.x, twist.x);
    }
    for (const x of bad) {
      assert.throws(() => decompress(x), { code: 'POINT_NOT_IN_SUBGROUP' }, `x = ${x}`);
      assert.ok(!isSubgroupX(x));
    }
  });
});
