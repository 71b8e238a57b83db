/**
 * Attacks on the rules for group elements, scalars, roots and lossy casts: their arguments stand in program/lowering/point.ts,
 * group.ts, scalar.ts, field-power.ts, split-field.ts and cast-lossy.ts. Advice is replaced singly and in groups, advice that
 * depends on it is recomputed as the honest prover would; nothing may pass with another result.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluate } from '../../../program/evaluator.ts';
import { programHash } from '../../../program/instructions/hash.ts';
import { FIELD_MODULUS, SUBGROUP_ORDER } from '../../../protocol/constants.ts';
import { elligator2 } from '../../../protocol/curve/hash-to-group.ts';
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
} from '../../../protocol/curve/point.ts';
import { fieldInv, fieldMul, fieldPow, fieldSqrt, toField } from '../../../protocol/field.ts';
import { torsionPoints } from '../../support/torsion.ts';
import { weakenedFunctions } from '../../support/weakened.ts';
import { holds } from './constraints.ts';
import { ALICE, compile, evaluationInputs, value } from './support.ts';

const R = FIELD_MODULUS;
const L = SUBGROUP_ORDER;

/** `line`, whose result is r9, on inputs r0, r1, ...; the result leaves in a record. */
function program(inputs: readonly string[], line: string, result: string) {
  return compile(
    [
      ...inputs.map((type, i) => `input r${i} as ${type}.private;`),
      line,
      'cast self.signer r9 into r10 as out.record;',
      'output r10 as out.record;',
    ].join('\n'),
    `record out:\n    owner as address.private;\n    d as ${result}.private;\n`,
  );
}

type Compiled = ReturnType<typeof program>;

/** Indexes of the advice of a kind, in order. */
function adviceOf(compiled: Compiled, kind: string): number[] {
  return compiled.functions.get('f')!.lowered.hints.flatMap((hint, i) => (hint.kind === kind ? [i] : []));
}

const shown = (type: string, ...leaves: bigint[]) => leaves.map((leaf) => value(type, toField(leaf)));

/** The result that forged advice passes with, or undefined. */
function accepted(
  compiled: Compiled,
  inputs: ReturnType<typeof shown>,
  advice: readonly (readonly [number, bigint])[],
): bigint | undefined {
  const forged = new Map(advice.map(([index, forgery]) => [index, toField(forgery)]));
  const { lowered } = compiled.functions.get('f')!;
  const given = evaluationInputs(compiled, inputs);
  const { trace, recordOutputs } = evaluate(lowered, given, { advice: forged });
  return holds(lowered.fn, trace, given) ? recordOutputs[0].data[0] : undefined;
}

/** Values near an honest one, its aliases and its negative. */
function near(honest: bigint): bigint[] {
  return [0n, 1n, 2n, -1n, honest + 1n, honest - 1n, -honest, honest + L, honest + (1n << 124n)].concat([
    honest + (1n << 128n),
    honest + (R >> 128n),
    toField(honest + 1n) * fieldInv(2n),
    R >> 1n,
    (R >> 1n) + 1n,
    L,
    R >> 124n,
    123456789n ** 8n,
  ]);
}

/** Replaces each advice value by likely ones, and by `paired` of them together with another: nothing passes with a result other than `expected`. */
function attackAll(
  compiled: Compiled,
  inputs: ReturnType<typeof shown>,
  expected: bigint | undefined,
  paired = 8,
): number {
  const { lowered } = compiled.functions.get('f')!;
  const honest = evaluate(lowered, evaluationInputs(compiled, inputs), { advice: new Map() }).trace.advice;
  let tried = 0;
  const attempt = (advice: readonly (readonly [number, bigint])[]): void => {
    tried++;
    const result = accepted(compiled, inputs, advice);
    if (result !== undefined) {
      const what = advice.map(([i, forgery]) => `${lowered.hints[i].kind} ${forgery}`).join(', ');
      assert.equal(result, expected, `${inputs.flatMap(({ leaves }) => leaves).join(', ')}: ${what}`);
    }
  };
  attempt([]);
  honest.forEach((own, i) => {
    for (const [n, forgery] of near(own).entries()) {
      attempt([[i, forgery]]);
      const others = n < paired ? honest.slice(0, i) : [];
      others.forEach((other, k) => {
        for (const second of near(other).slice(0, 5)) {
          attempt([
            [k, second],
            [i, forgery],
          ]);
        }
      });
    }
  });
  return tried;
}

const torsion: readonly Point[] = torsionPoints();
const addGenerator = program(['group'], 'add r0 group::GEN into r9;', 'group');

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

test('sqrt: only the lesser root, whatever the limbs', () => {
  const compiled = program(['field'], 'sqrt r0 into r9;', 'field');
  const [root, high] = [adviceOf(compiled, 'root')[0], adviceOf(compiled, 'high128')[0]];
  for (const lesser of [0n, 1n, 2n, (1n << 128n) - 1n, 1n << 128n, R >> 1n, (R >> 1n) - 1n, 3n ** 150n]) {
    const square = fieldMul(lesser, lesser);
    const expected = fieldSqrt(square)!;
    attackAll(compiled, shown('field', square), expected);
    const other = toField(-expected);
    for (const integer of [other, other + R, other - R, 2n * R - other]) {
      for (const limb of [integer >> 128n, (integer >> 128n) + 1n, (integer >> 128n) - 1n]) {
        const result = accepted(compiled, shown('field', square), [
          [root, other],
          [high, limb],
        ]);
        assert.ok(result === undefined || expected === 0n);
      }
    }
  }
  attackAll(compiled, shown('field', 5n), undefined);
});

test('scalars of l and more are no inputs', () => {
  const compiled = program(['scalar'], 'cast r0 into r9 as field;', 'field');
  const [high] = adviceOf(compiled, 'high128');
  for (const x of [L, L + 1n, L + (1n << 128n), 2n * L, R - 1n, R >> 1n, 1n << 251n]) {
    attackAll(compiled, shown('scalar', x), undefined);
    for (const integer of [x, x + R, x - R, x + 2n * R, x - L]) {
      for (const limb of [integer >> 128n, (integer >> 128n) + 1n, (integer >> 128n) - 1n]) {
        assert.equal(accepted(compiled, shown('scalar', x), [[high, limb]]), undefined, `${x}`);
      }
    }
  }
  for (const x of [0n, 1n, L - 1n, (1n << 128n) - 1n, L >> 1n]) attackAll(compiled, shown('scalar', x), x);
});

test('a sum of scalars is reduced exactly if it must be', () => {
  const compiled = program(['scalar', 'scalar'], 'add r0 r1 into r9;', 'scalar');
  for (const [x, y] of [
    [0n, 0n],
    [1n, L - 1n],
    [L - 1n, L - 1n],
    [L >> 1n, L >> 1n],
    [(L >> 1n) + 1n, L >> 1n],
    [5n, 7n],
  ]) {
    attackAll(compiled, shown('scalar', x, y), (x + y) % L);
  }
});

test('scalars compare as integers, whatever sign and limb are claimed', () => {
  const compiled = program(['scalar', 'scalar'], 'gte r0 r1 into r9;', 'boolean');
  const [sign, high] = [adviceOf(compiled, 'lowHalf')[0], adviceOf(compiled, 'high124')[0]];
  const samples = [0n, 1n, 5n, 1n << 124n, 1n << 128n, L >> 1n, L - 1n];
  for (const x of samples) {
    for (const y of samples) {
      const expected = x >= y ? 1n : 0n;
      assert.equal(accepted(compiled, shown('scalar', x, y), []), expected);
      const magnitude = expected === 1n ? toField(y - x - 1n) : toField(x - y);
      for (const limb of [magnitude >> 124n, magnitude >> 125n, (magnitude + R) >> 124n, (1n << 128n) - 1n]) {
        for (const claim of [1n - expected, 2n, -1n]) {
          const forged: [number, bigint][] = [
            [sign, claim],
            [high, limb],
          ];
          assert.equal(accepted(compiled, shown('scalar', x, y), forged), undefined, `${x} ${y}`);
        }
      }
    }
  }
});

test('low bits of field elements and scalars: limbs of x + r are refused', () => {
  const samples = [0n, 1n, 255n, 256n, (1n << 128n) - 1n, 1n << 128n, R - 1n, L - 1n, 1n << 250n];
  const types: readonly (readonly [string, (x: bigint) => bigint])[] = [
    ['boolean', (x) => x & 1n],
    ['u8', (x) => BigInt.asUintN(8, x)],
    ['i8', (x) => toField(BigInt.asIntN(8, x))],
    ['u128', (x) => BigInt.asUintN(128, x)],
    ['scalar', (x) => BigInt.asUintN(250, x)],
  ];
  for (const from of ['field', 'scalar']) {
    for (const [to, low] of types) {
      if (from === to) continue;
      const compiled = program([from], `cast.lossy r0 into r9 as ${to};`, to);
      const [high] = adviceOf(compiled, 'high128');
      for (const x of samples.filter((sample) => from === 'field' || sample < L)) {
        attackAll(compiled, shown(from, x), low(x));
        for (const integer of [x + R, x + 2n * R, x - R, x + L]) {
          const result = accepted(compiled, shown(from, x), [[high, integer >> 128n]]);
          assert.ok(result === undefined || toField(integer >> 128n) === x >> 128n, `${from} ${to} ${x}`);
        }
      }
    }
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

test('a power by a short exponent: the exponent has one list of bits', () => {
  const compiled = program(['field', 'u8'], 'cast r1 into r7 as field;\npow r0 r7 into r9;', 'field');
  assert.equal(compiled.functions.get('f')!.bytecode.sizeClass, 'small');
  for (const [x, e] of [
    [0n, 0n],
    [0n, 5n],
    [3n, 0n],
    [3n, 200n],
    [R - 2n, 255n],
    [1n, 128n],
  ]) {
    const inputs = [value('field', x), value('u8', e)];
    attackAll(compiled, inputs, fieldPow(x, e));
    // 256 + e as bits: there is no ninth.
    const bits = Array.from({ length: 8 }, (_, i) => [i, ((255n - e) >> BigInt(7 - i)) & 1n] as const);
    assert.ok([undefined, fieldPow(x, e)].includes(accepted(compiled, inputs, bits)));
  }
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
