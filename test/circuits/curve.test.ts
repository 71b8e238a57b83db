import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import { FIELD_MODULUS, SUBGROUP_ORDER } from '../../protocol/constants.ts';
import {
  addPoints,
  CURVE_A,
  CURVE_D,
  clearCofactor,
  G,
  IDENTITY,
  isOnCurve,
  mulPoint,
  type Point,
} from '../../protocol/curve/point.ts';
import { fieldDiv, fieldMul, fieldSqrt, fieldSub } from '../../protocol/field.ts';
import {
  calculateWitness,
  checkR1cs,
  compileTestCircuit,
  describeConstraint,
  forge,
  survivors,
  type TestCircuit,
} from '../support/circuit/circuits.ts';
import { singleForgeries } from '../support/circuit/single-forgeries.ts';

/** A point of order 8: l times a point outside every smaller subgroup. */
const ORDER_8 = (() => {
  for (let x = 2n; ; x++) {
    const xx = fieldMul(x, x);
    const y = fieldSqrt(fieldDiv(fieldSub(1n, 168700n * xx), fieldSub(1n, 168696n * xx)));
    if (y === undefined) continue;
    const torsion = mulPoint({ x, y }, SUBGROUP_ORDER);
    const four = mulPoint(torsion, 4n);
    if (four.x !== IDENTITY.x || four.y !== IDENTITY.y) return torsion;
  }
})();

const torsion = fc.nat(7).map((k) => mulPoint(ORDER_8, BigInt(k)));
const scalar = (bits: number): fc.Arbitrary<bigint> =>
  fc.oneof(
    fc.constantFrom(0n, 1n, 2n, 3n, (1n << BigInt(bits)) - 1n, 1n << BigInt(bits - 1)),
    fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n }),
  );
/** Any point of the curve: identity, torsion, subgroup and sums. */
const point = fc.tuple(scalar(250), torsion).map(([k, t]) => addPoints(mulPoint(G, k % SUBGROUP_ORDER), t));
const bitsOf = (value: bigint, n: number): bigint[] =>
  Array.from({ length: n }, (_, i) => (value >> BigInt(i)) & 1n);
const xy = ({ x, y }: Point): bigint[] => [x, y];

describe('curve gadgets', () => {
  let circuit: TestCircuit;
  before(async () => {
    circuit = await compileTestCircuit(`
      include "curve/clear-cofactor.circom";
      include "curve/fixed-base-mul.circom";
      include "curve/variable-base-mul.circom";
      template Gadgets() {
        signal input p[2];
        signal input q[2];
        signal input s[251];
        signal input c[128];
        signal output sum[2];
        signal output double[2];
        signal output cleared[2];
        signal output generated[2];
        signal output multiplied[2];
        signal output joint[2];
        component add = AddPoints();
        add.p <== p; add.q <== q; sum <== add.out;
        component dbl = DoublePoint();
        dbl.p <== p; double <== dbl.out;
        component clear = SubgroupPoint();
        clear.p <== p; cleared <== clear.out;
        component gen = MulGenerator(251);
        gen.bits <== s; generated <== gen.out;
        component sd = SignedDigits(251);
        sd.bits <== s;
        component cd = SignedDigits(129);
        for (var i = 0; i < 128; i++) { cd.bits[i] <== c[i]; }
        cd.bits[128] <== 0;
        component mul = MulPoint(64);
        mul.negative <== cd.negative; mul.three <== cd.three; mul.even <== cd.even; mul.p <== q;
        multiplied <== mul.out;
        component both = JointMulPoints(125, 64);
        both.negative <== sd.negative; both.three <== sd.three; both.even <== sd.even; both.p <== p;
        both.shortNegative <== cd.negative; both.shortThree <== cd.three; both.shortEven <== cd.even;
        both.q <== q;
        joint <== both.out;
      }
      component main = Gadgets();`);
  });

  const check = (p: Point, q: Point, s: bigint, c: bigint): void => {
    const witness = calculateWitness(circuit, { p: xy(p), q: xy(q), s: bitsOf(s, 251), c: bitsOf(c, 128) });
    const expected = [
      addPoints(p, q),
      addPoints(p, p),
      clearCofactor(p),
      mulPoint(G, s),
      mulPoint(q, c),
      addPoints(mulPoint(p, s), mulPoint(q, c)),
    ];
    assert.deepEqual(witness.slice(1, 13), expected.flatMap(xy));
    assert.deepEqual(checkR1cs(circuit, witness), []);
  };

  it('agree with their twins on any points and scalars', () => {
    fc.assert(fc.property(point, point, scalar(251), scalar(128), check), { numRuns: 25 });
  });

  it('have no exceptional case: equal, opposite, neutral and torsion points, scalars 0, 1, l - 1, l, l + 1', () => {
    const specials = [IDENTITY, G, { x: FIELD_MODULUS - G.x, y: G.y }, ORDER_8, mulPoint(ORDER_8, 4n)];
    const scalars = [0n, 1n, SUBGROUP_ORDER - 1n, SUBGROUP_ORDER, SUBGROUP_ORDER + 1n];
    specials.forEach((p, i) => {
      check(p, p, scalars[i], BigInt(i));
      check(p, specials[(i + 1) % 5], scalars[(i + 2) % 5], 8n);
      check(p, { x: (FIELD_MODULUS - p.x) % FIELD_MODULUS, y: p.y }, scalars[i], scalars[i] & 0xffffn);
    });
  });
});

describe('OnCurve', () => {
  it('refuses every point off the curve, (0, 0) and its look-alikes included', async () => {
    const circuit = await compileTestCircuit(`
      include "curve/edwards.circom";
      component main = OnCurve();`);
    const root = fieldSqrt(FIELD_MODULUS - 1n) as bigint;
    const accepts = async (p: Point): Promise<boolean> =>
      (await forge(circuit, { p: xy(p) }, {})).failing.length === 0;
    for (const off of [
      { x: 0n, y: 0n },
      { x: 0n, y: root },
      { x: 0n, y: 2n },
      { x: 1n, y: 0n },
      { x: G.x, y: G.y + 1n },
      { x: G.y, y: G.x },
    ]) {
      assert.equal(isOnCurve(off), false);
      assert.equal(await accepts(off), false);
    }
    await fc.assert(
      fc.asyncProperty(point, async (p) => {
        assert.ok(await accepts(p));
        assert.equal(await accepts({ x: p.x, y: (p.y + 1n) % FIELD_MODULUS }), false);
      }),
      { numRuns: 20 },
    );
  });

  it('is what keeps doubling sound: at (0, 0) a divisor vanishes and x is free', async () => {
    const circuit = await compileTestCircuit(`
      include "curve/edwards.circom";
      component main = DoublePoint();`);
    assert.deepEqual((await forge(circuit, { p: [0n, 0n] }, { 'main.out[0]': 5n })).failing, []);
    assert.equal((await forge(circuit, { p: xy(G) }, { 'main.out[0]': 5n })).failing.length, 1);
  });
});

/** Small instances of each template with an honest input: every signal and every constraint is accounted for. */
const SMALL: Readonly<
  Record<string, { readonly main: string; readonly inputs: readonly Record<string, bigint[]>[] }>
> = {
  OnCurve: { main: 'OnCurve()', inputs: [{ p: xy(G) }] },
  AddPoints: { main: 'AddPoints()', inputs: [{ p: xy(G), q: xy(ORDER_8) }] },
  DoublePoint: { main: 'DoublePoint()', inputs: [{ p: xy(addPoints(G, ORDER_8)) }] },
  SubgroupPoint: { main: 'SubgroupPoint()', inputs: [{ p: xy(addPoints(G, ORDER_8)) }] },
  SignedDigits: {
    main: 'SignedDigits(5)',
    inputs: [{ bits: [0n, 0n, 0n, 0n, 0n] }, { bits: [1n, 1n, 0n, 1n, 1n] }],
  },
  DigitPoint: {
    main: 'DigitPoint()',
    inputs: [{ negative: [1n], three: [1n], single: xy(G), triple: xy(mulPoint(G, 3n)) }],
  },
  NegatedOrIdentity: { main: 'NegatedOrIdentity()', inputs: [{ subtract: [1n], p: xy(G) }] },
  MulPoint: {
    main: 'MulPoint(2)',
    inputs: [{ negative: [1n, 0n], three: [0n, 1n], even: [1n], p: xy(G) }],
  },
  JointMulPoints: {
    main: 'JointMulPoints(2, 1)',
    inputs: [
      {
        negative: [1n, 0n],
        three: [0n, 1n],
        even: [1n],
        p: xy(G),
        shortNegative: [0n],
        shortThree: [1n],
        shortEven: [0n],
        q: xy(addPoints(mulPoint(G, 5n), ORDER_8)),
      },
    ],
  },
  MulGenerator: { main: 'MulGenerator(5)', inputs: [{ bits: [1n, 1n, 0n, 1n, 0n] }] },
};

describe('curve templates, every signal forged in turn', () => {
  for (const [name, { main, inputs }] of Object.entries(SMALL)) {
    it(`${name}: no free signal, no constraint that nothing needs`, async () => {
      const circuit = await compileTestCircuit(`
        include "curve/clear-cofactor.circom";
        include "curve/fixed-base-mul.circom";
        include "curve/variable-base-mul.circom";
        component main = ${main};`);
      const runs = await Promise.all(inputs.map((input) => singleForgeries(circuit, input)));
      assert.deepEqual(
        runs.flatMap(({ free }) => free),
        [],
      );
      const refused = runs.flatMap((run) => run.refused);
      // Off the curve, with one square faked so that the curve equation holds.
      const squares = (
        /OnCurve|SubgroupPoint/.test(main) ? ['main.xx', 'main.yy', 'main.curve.xx', 'main.curve.yy'] : []
      ).filter((s) => circuit.symbols.has(s));
      if (squares.length > 0) refused.push(await forge(circuit, { p: [G.x, G.y + 1n] }, {}));
      for (const square of squares) {
        const [x, y] = [G.x, G.y + 1n];
        const [xx, yy] = [fieldMul(x, x), fieldMul(y, y)];
        const fake = square.endsWith('xx')
          ? fieldDiv(fieldSub(1n, yy), fieldSub(CURVE_A, fieldMul(CURVE_D, yy)))
          : fieldDiv(fieldSub(1n, fieldMul(CURVE_A, xx)), fieldSub(1n, fieldMul(CURVE_D, xx)));
        refused.push(await forge(circuit, { p: [x, y] }, { [square]: fake }));
      }
      const honest = inputs.map((input) => calculateWitness(circuit, input));
      const left = survivors(circuit, refused, honest).map((index) => describeConstraint(circuit, index));
      assert.deepEqual(left, []);
    });
  }
});
