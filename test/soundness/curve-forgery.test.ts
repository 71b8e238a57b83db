/**
 * Attacks on the rules for group elements and addresses (proofs: docs/proofs/lowering-curve.md). Nothing may pass with another
 * result.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluate } from '../../avm/evaluate.ts';
import { programHash } from '../../program/instructions/rules/hash.ts';
import { LINE_A, LINE_B, LINE_C } from '../../program/lowering/rules/curve/point.ts';
import { FIELD_MODULUS, SUBGROUP_ORDER } from '../../protocol/constants.ts';
import { elligator2, MONTGOMERY_J } from '../../protocol/curve/hash-to-group.ts';
import {
  addPoints,
  CURVE_A,
  clearCofactor,
  G,
  IDENTITY,
  mulPoint,
  negatePoint,
  type Point,
  subgroupPoint,
} from '../../protocol/curve/point.ts';
import { fieldInv, fieldMul, fieldSqrt, toField } from '../../protocol/field.ts';
import { accepted, adviceOf, attackAll, program, shown } from '../support/attack/curve-attack.ts';
import { torsionPoints } from '../support/attack/torsion.ts';
import { weakenedFunctions } from '../support/attack/weakened.ts';
import { holds } from '../support/avm/constraints.ts';
import { ALICE, evaluationInputs, value } from '../support/program/programs.ts';

const R = FIELD_MODULUS;
const L = SUBGROUP_ORDER;

const torsion: readonly Point[] = torsionPoints();
const addGenerator = program(['group'], 'add r0 group::GEN into r9;', 'group');

test('the lines are tangents at a point of order 8 and at its double', () => {
  const montgomery = ({ x, y }: Point) => {
    const s = fieldMul(toField(1n + y), fieldInv(toField(1n - y)));
    return { s, v: fieldMul(s, fieldInv(x)) };
  };
  const lines = [1, 3, 5, 7].map((k) => {
    const { s, v } = montgomery(torsion[k]);
    const slope = fieldMul(toField(3n * s * s + 2n * MONTGOMERY_J * s + 1n), fieldInv(toField(2n * v)));
    const { v: double } = montgomery(torsion[(2 * k) % 8]);
    return [toField(v + slope - slope * s), toField(slope - v + slope * s), double];
  });
  assert.equal(lines.filter(([a, b, c]) => a === LINE_A && b === LINE_B && c === LINE_C).length, 1);
});

test('of all points with a given x only the one of the subgroup is recovered, whatever its coset', () => {
  const [ordinate] = adviceOf(addGenerator, 'ordinate');
  const points = [IDENTITY, G, ...[2n, 5n, L - 1n, L >> 1n, 0xabcdef1234567n].map((k) => mulPoint(G, k))];
  let recovered = 0;
  for (const point of points) {
    for (const [coset, twist] of torsion.entries()) {
      const { x, y } = addPoints(point, twist);
      for (const forgery of [y, toField(-y)]) {
        // w is computed for the forged y, if there is one.
        const inSubgroup = [0, 4].includes(coset) && forgery === (coset === 0 ? y : toField(-y));
        const result = accepted(addGenerator, shown('group', x), [[ordinate, forgery]]);
        assert.equal(result !== undefined, inSubgroup, `coset ${coset} of ${point.x}`);
        if (result === undefined) continue;
        recovered++;
        assert.equal(result, addPoints({ x, y: forgery }, G).x);
      }
    }
  }
  assert.equal(recovered, 2 * points.length);
});

test('no w helps a point outside the subgroup', () => {
  const [ordinate] = adviceOf(addGenerator, 'ordinate');
  const [root] = adviceOf(addGenerator, 'eighthRoot');
  const outside = [...torsion.slice(1), ...torsion.slice(1).map((twist) => addPoints(G, twist))];
  for (const [i, { x, y }] of outside.entries()) {
    if (x === 0n || i === 10) continue; // (0, 1) and -G + (0, 1): these x are of the subgroup
    for (const forgery of [y, -y, 0n, 1n, -1n]) {
      for (const w of [0n, 1n, 2n, fieldSqrt(4n)!, fieldInv(y === 0n ? 1n : y), 7n ** 60n]) {
        assert.equal(
          accepted(addGenerator, shown('group', x), [
            [ordinate, forgery],
            [root, w],
          ]),
          undefined,
        );
      }
    }
  }
});

test('an x that is no x of the curve has no y', () => {
  let none = 0;
  for (let x = 1n; x < 20n; x++) {
    const point = subgroupPoint(x);
    if (point === undefined) none++;
    attackAll(addGenerator, shown('group', x), point === undefined ? undefined : addPoints(point, G).x);
  }
  assert.ok(none > 10);
});

test('without either of its two conditions a point could be forged: both are needed', () => {
  const { lowered } = addGenerator.functions.get('f')!;
  const inputs = shown('group', mulPoint(G, 5n).x);
  const given = evaluationInputs(addGenerator, inputs);
  const [ordinate] = adviceOf(addGenerator, 'ordinate');
  const { y } = mulPoint(G, 5n);
  const candidates = [toField(-y), ...Array.from({ length: 40 }, (_, i) => BigInt(i) ** 9n + 3n)];
  const broken = weakenedFunctions(lowered).filter(({ lowered: weak }) =>
    candidates.some((forgery) => {
      const { trace, recordOutputs } = evaluate(weak, given, { advice: new Map([[ordinate, forgery]]) });
      return holds(weak.fn, trace, given) && recordOutputs[0].data[0] !== addPoints(mulPoint(G, 5n), G).x;
    }),
  );
  assert.ok(broken.length >= 2, `${broken.length} conditions`);
});

test('sums, differences and doubles of points: no other coordinate passes', () => {
  const [p, q] = [mulPoint(G, 3n), mulPoint(G, 11n)];
  const cases: readonly (readonly [string, readonly Point[], Point])[] = [
    ['add r0 r1 into r9;', [p, q], addPoints(p, q)],
    ['add r0 r1 into r9;', [p, negatePoint(p)], IDENTITY],
    ['add r0 r1 into r9;', [p, p], addPoints(p, p)],
    ['add r0 r1 into r9;', [IDENTITY, q], q],
    ['sub r0 r1 into r9;', [p, q], addPoints(p, negatePoint(q))],
    ['sub r0 r1 into r9;', [p, p], IDENTITY],
    ['double r0 into r9;', [p], addPoints(p, p)],
    ['double r0 into r9;', [IDENTITY], IDENTITY],
    // y of a result is read.
    ['double r0 into r8;\ndouble r8 into r9;', [p], mulPoint(p, 4n)],
    ['neg r0 into r8;\nadd r8 group::GEN into r9;', [q], addPoints(negatePoint(q), G)],
  ];
  for (const [line, points, expected] of cases) {
    const compiled = program(
      points.map(() => 'group'),
      line,
      'group',
    );
    const tried = attackAll(compiled, shown('group', ...points.map(({ x }) => x)), expected.x);
    assert.ok(tried > 30);
  }
});

test('a point that is chosen between two keeps its y', () => {
  const compiled = program(
    ['group', 'group', 'boolean'],
    'ternary r2 r0 r1 into r8;\nadd r8 group::GEN into r9;',
    'group',
  );
  const [p, q] = [mulPoint(G, 3n), mulPoint(G, 11n)];
  for (const condition of [0n, 1n]) {
    const inputs = [...shown('group', p.x, q.x), value('boolean', condition)];
    attackAll(compiled, inputs, addPoints(condition === 1n ? p : q, G).x);
  }
});

test('an address is the x of a subgroup point other than 0', () => {
  const compiled = program(['field'], 'cast r0 into r9 as address;', 'address');
  attackAll(compiled, shown('field', ALICE), ALICE);
  attackAll(compiled, shown('field', 0n), undefined);
  const half = fieldSqrt(fieldInv(CURVE_A))!; // of order 4: y = 0
  attackAll(compiled, shown('field', half), undefined);
  const member = program(['address'], 'cast r0 into r9 as group;', 'group');
  attackAll(member, shown('address', half), undefined);
  attackAll(member, shown('address', 0n), 0n);
  attackAll(program(['group'], 'cast r0 into r9 as address;', 'address'), shown('group', 0n), undefined);
});

test('the point of a hash: neither another root, nor the other half of the curve, nor torsion', () => {
  const compiled = program(['field'], 'hash.psd8 r0 into r8 as group;\nadd r8 group::GEN into r9;', 'group');
  const at = (kind: string): number[] => adviceOf(compiled, kind);
  const [square, root, high] = [at('isSquare')[0], at('root')[0], at('high128')[0]];
  for (let n = 1n; n < 7n; n++) {
    const inputs = shown('field', n);
    const digest = programHash('hash.psd8', [n]);
    const { v, isSquare, point } = elligator2(digest);
    const expected = addPoints(clearCofactor(point), G).x;
    attackAll(compiled, inputs, expected, n === 1n ? 3 : 0);
    for (const claim of [0n, 1n, 2n]) {
      for (const forged of [v, toField(-v), 0n]) {
        const limbs = [forged, forged + R].map((integer) => integer >> 128n);
        for (const limb of limbs) {
          const advice: [number, bigint][] = [
            [square, claim],
            [root, forged],
            [high, limb],
          ];
          const honest = claim === (isSquare ? 1n : 0n) && forged === v && limb === v >> 128n;
          assert.equal(accepted(compiled, inputs, advice), honest ? expected : undefined);
        }
      }
    }
  }
});
