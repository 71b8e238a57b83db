/**
 * Attacks on `cast.lossy` into points (docs/proofs/lowering-casts.md): the prover wants the other branch. For any three bits, roots
 * and advice of the map, a witness that passes has the one result.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluate } from '../../avm/evaluate.ts';
import { castLossy } from '../../program/instructions/rules/cast-literal.ts';
import { FIELD_MODULUS } from '../../protocol/constants.ts';
import { NON_RESIDUE } from '../../protocol/curve/hash-to-group.ts';
import {
  addPoints,
  CURVE_A,
  CURVE_D,
  G,
  isOnCurve,
  mulPoint,
  subgroupPoint,
} from '../../protocol/curve/point.ts';
import {
  type Field,
  fieldInv,
  fieldMul,
  fieldNeg,
  fieldSqrt,
  isSquare,
  toField,
} from '../../protocol/field.ts';
import { accepted, adviceOf, attackAll, program, shown } from '../support/attack/curve-attack.ts';
import { torsionPoints } from '../support/attack/torsion.ts';
import { weakenedFunctions } from '../support/attack/weakened.ts';
import { holds } from '../support/avm/constraints.ts';
import { random } from '../support/avm/functions.ts';
import { evaluationInputs } from '../support/program/programs.ts';

const R = FIELD_MODULUS;
const torsion = torsionPoints();
const cast = program(['field'], 'cast.lossy r0 into r9 as group;', 'group');
/** Advice of the three characters, in the order of the claim, then of the map. */
const [A, B, C, IN_MAP] = adviceOf(cast, 'isSquare');
const [Q, P, M, V] = adviceOf(cast, 'root');

const meant = (x: Field): bigint => castLossy(x, 'field', 'group')!;
const square = (x: Field): Field => fieldMul(x, x);
const overD = (x: Field): Field => toField(1n - CURVE_D * square(x));
const overA = (x: Field): Field => toField(1n - CURVE_A * square(x));
/** The x of the points of order 4. */
const FOURTH = fieldSqrt(fieldInv(CURVE_A))!;

/** One x of the curve for every coset of the subgroup, of two points. */
const COSETS = [mulPoint(G, 5n), mulPoint(G, 0x123456789abcdefn)].flatMap((point) =>
  torsion.map((twist) => addPoints(point, twist).x),
);
/** Points of small order other than the identity and (0, -1). */
const SMALL = torsion.map(({ x }) => x).filter((x) => x !== 0n);

/** Some x off the curve with A a square or not. */
function offCurve(isSquareOverA: boolean): Field[] {
  const list: Field[] = [];
  for (let x = 2n; list.length < 3; x++) {
    if (isSquare(overA(x)) === isSquareOverA && isSquare(overD(x)) !== isSquareOverA) list.push(x);
  }
  return list;
}

/** Both roots of x; others if there is none. */
function roots(x: Field): Field[] {
  const root = fieldSqrt(x);
  return root === undefined ? [0n, 1n, fieldSqrt(fieldMul(x, NON_RESIDUE))!] : [root, fieldNeg(root)];
}

/** Everything that a prover could claim about x: bits, either root of each. `m`, and the map, are computed honestly. */
function* claims(x: Field): Generator<{ a: bigint; b: bigint; c: bigint; advice: [number, bigint][] }> {
  const twisted = (bit: bigint, y: Field): Field => (bit === 1n ? y : fieldMul(y, NON_RESIDUE));
  for (const [a, b, c] of [0, 1, 2, 3, 4, 5, 6, 7].map((n) => [n & 1, (n >> 1) & 1, n >> 2].map(BigInt))) {
    for (const q of roots(twisted(a, overD(x)))) {
      for (const p of roots(twisted(b, overA(x)))) {
        const advice: [number, bigint][] = [
          [A, a],
          [B, b],
          [C, c],
          [Q, q],
          [P, p],
        ];
        yield { a, b, c, advice };
      }
    }
  }
}

test('the facts that the argument rests on', () => {
  for (const x of [-1n, 2n, CURVE_A]) assert.ok(isSquare(toField(x)), `${x}`);
  for (const x of [NON_RESIDUE, CURVE_D]) assert.ok(!isSquare(x), `${x}`);
  assert.equal(CURVE_A - CURVE_D, 4n);
  assert.equal(overA(FOURTH), 0n);
  const q = fieldSqrt(overD(FOURTH))!;
  assert.ok(!isSquare(q) && !isSquare(fieldNeg(q)), '(1 + p)(p + q) at the points of order 4');
  assert.equal(subgroupPoint(1n), undefined);
});

test('the three characters tell the members, whatever roots are taken', () => {
  const isMember = (x: Field): boolean => {
    const [q, p] = [fieldSqrt(overD(x)), fieldSqrt(overA(x))];
    if (q === undefined || p === undefined) return false;
    const verdicts = [
      [p, q],
      [-p, q],
      [p, -q],
      [-p, -q],
    ].map(([s, t]) => isSquare(toField((1n + s) * (s + t))));
    assert.equal(new Set(verdicts).size, 1, `${x}`);
    return verdicts[0];
  };
  const rng = random(7);
  const drawn = Array.from({ length: 300 }, () => rng.field());
  const count = { members: 0, others: 0 };
  for (const x of [...COSETS, ...SMALL, FOURTH, R - FOURTH, 1n, 2n, R - 1n, ...drawn]) {
    const member = subgroupPoint(x) !== undefined;
    assert.equal(isMember(x), member, `${x}`);
    count[member ? 'members' : 'others']++;
  }
  assert.ok(count.members > 30 && count.others > 200, JSON.stringify(count));
});

test('no claim about a point or an x off the curve changes the result, and the true one passes with every root', () => {
  const classes: Record<string, number> = {};
  for (const x of [...COSETS, ...SMALL, ...offCurve(true), ...offCurve(false), R - 1n, R >> 1n]) {
    const expected = meant(x);
    const passing = [...claims(x)].filter(({ advice }) => {
      const result = accepted(cast, shown('field', x), advice);
      if (result !== undefined) assert.equal(result, expected, `${x}`);
      return result !== undefined;
    });
    const products = new Set(passing.map(({ a, b, c }) => a * b * c));
    assert.deepEqual([...products], [subgroupPoint(x) === undefined ? 0n : 1n], `${x}`);
    // The bits that a claim falsifies: only the true claim passes, with four pairs of roots.
    if (x !== FOURTH && x !== R - FOURTH) assert.equal(passing.length, 4, `${x}`);
    const [{ a, b, c }] = passing;
    classes[`${a}${b}${c}`] = (classes[`${a}${b}${c}`] ?? 0) + 1;
  }
  // Members; off the subgroup with both squares; off the curve both ways; on the curve, neither a square.
  for (const name of ['111', '110', '01', '10', '00']) {
    assert.ok(
      Object.keys(classes).some((key) => key.startsWith(name)),
      `${name} of ${Object.keys(classes)}`,
    );
  }
});

test('the x of points of order 4: one bit is free, and the result is not', () => {
  for (const x of [FOURTH, R - FOURTH]) {
    assert.ok(isOnCurve({ x, y: 0n }));
    const bits = new Set<bigint>();
    for (const { b, advice } of claims(x)) {
      const result = accepted(cast, shown('field', x), advice);
      if (result === undefined) continue;
      assert.equal(result, meant(x));
      bits.add(b);
    }
    assert.equal(bits.size, 2);
  }
});

test('0 and 1 have their results whatever is claimed', () => {
  for (const [x, expected] of [
    [0n, 0n],
    [1n, G.x],
  ]) {
    for (const asked of [0n, 1n, 2n, mulPoint(G, 5n).x]) {
      for (const { advice } of claims(asked)) {
        const result = accepted(cast, shown('field', x), advice);
        if (result !== undefined) assert.equal(result, expected);
      }
    }
    attackAll(cast, shown('field', x), expected, 1);
  }
});

test('bits that are no bits', () => {
  for (const x of [COSETS[0], COSETS[1], COSETS[2], 2n]) {
    for (const index of [A, B, C]) {
      for (const forgery of [2n, -1n, 3n, fieldInv(2n), 5n * fieldInv(4n), R >> 1n]) {
        assert.equal(accepted(cast, shown('field', x), [[index, forgery]]), undefined);
      }
    }
  }
});

test('likely advice in every place, alone and in pairs', () => {
  const cases = [COSETS[0], COSETS[1], COSETS[2], offCurve(true)[0], offCurve(false)[0], FOURTH];
  for (const x of cases) assert.ok(attackAll(cast, shown('field', x), meant(x), 1) > 500);
});

test('the map takes no other point, and its claims do not matter for a member', () => {
  const outside = offCurve(true)[0];
  const { lowered } = cast.functions.get('f')!;
  const { advice } = evaluate(lowered, evaluationInputs(cast, shown('field', outside))).trace;
  const other: [number, bigint][] = [[IN_MAP, 1n - advice[IN_MAP]]];
  const negative: [number, bigint][] = [[V, fieldNeg(advice[V])]];
  for (const forged of [other, negative, [...other, ...negative]]) {
    assert.equal(accepted(cast, shown('field', outside), forged), undefined);
  }
  // The result of the map is not that of the cast.
  for (const index of [...adviceOf(cast, 'ratio')]) {
    for (const forgery of [0n, 1n, G.x, meant(outside), outside]) {
      if (forgery === advice[index]) continue;
      assert.equal(accepted(cast, shown('field', outside), [[index, forgery]]), undefined);
    }
  }
});

test('an address: of the identity none passes, of others the same point', () => {
  const address = program(['field'], 'cast.lossy r0 into r9 as address;', 'address');
  attackAll(address, shown('field', 0n), undefined, 0);
  for (const x of [COSETS[0], COSETS[1]]) attackAll(address, shown('field', x), meant(x), 0);
});

test('other types: what is cast is the number itself', () => {
  for (const [type, leaf, element] of [
    ['u8', 255n, 255n],
    ['i8', -1n, 255n],
    ['i128', -5n, (1n << 128n) - 5n],
    ['scalar', 77n, 77n],
  ] as const) {
    const compiled = program([type], 'cast.lossy r0 into r9 as group;', 'group');
    attackAll(compiled, shown(type, leaf), meant(element), 0);
  }
});

test('without any one of the conditions on the three characters the other branch can be had', () => {
  const { lowered } = cast.functions.get('f')!;
  const own = new Set([A, B, C, Q, P, M]);
  const conditions = weakenedFunctions(lowered).filter(({ without }) => {
    const row = /^row (\d+) /.exec(without)?.[1];
    const { operands } = lowered.fn.rows[Number(row ?? 0)];
    return row !== undefined && operands.a?.kind === 'advice' && own.has(operands.a.index);
  });
  assert.deepEqual(
    conditions.map(({ without }) => without.replace(/\d+ /, '')),
    [...Array(3).fill('row boolean'), ...Array(3).fill('row assert')],
  );
  const rng = random(3);
  const pool = [0n, 1n, 2n, 3n, R - 1n];
  const cases = [...COSETS.slice(0, 8), ...offCurve(true), ...offCurve(false)];
  for (const { without, lowered: weak } of conditions) {
    let broken = false;
    for (let attempt = 0; attempt < 2000 && !broken; attempt++) {
      const x = rng.pick(cases);
      const given = evaluationInputs(cast, shown('field', x));
      const advice = new Map<number, bigint>();
      for (const index of own)
        if (rng.chance(0.4)) advice.set(index, rng.chance(0.3) ? rng.field() : rng.pick(pool));
      const { trace, recordOutputs } = evaluate(weak, given, { advice });
      broken = holds(weak.fn, trace, given) && recordOutputs[0].data[0] !== meant(x);
    }
    assert.ok(broken, `${without} is not needed`);
  }
});
