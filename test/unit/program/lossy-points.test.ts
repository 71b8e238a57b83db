/**
 * The meaning of `cast.lossy` into `group` and `address`, after snarkVM
 * (console/program/src/data/literal/cast_lossy/field.rs). It is
 * the point with this x; where the subgroup has none, the generator for 1, else Elligator 2 with the cofactor cleared.
 * Meaning and bytecode run side by side (`simulate`).
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Program } from '../../../program/compile/artifact.ts';
import { castLiteral, castLossy } from '../../../program/instructions/rules/cast-literal.ts';
import { simulate } from '../../../program/run/simulate.ts';
import type { LiteralType } from '../../../program/values/types.ts';
import { FIELD_MODULUS, SUBGROUP_ORDER } from '../../../protocol/constants.ts';
import { elligator2 } from '../../../protocol/curve/hash-to-group.ts';
import {
  addPoints,
  CURVE_A,
  CURVE_D,
  clearCofactor,
  G,
  IDENTITY,
  isInSubgroup,
  isOnCurve,
  mulPoint,
  type Point,
} from '../../../protocol/curve/point.ts';
import { fieldInv, fieldMul, fieldSqrt, isSquare, toField } from '../../../protocol/field.ts';
import { torsionPoints } from '../../support/attack/torsion.ts';
import { CARRIER, CONTEXT, compile, value } from '../../support/program/programs.ts';

const R = FIELD_MODULUS;

function lossy(from: LiteralType, to: LiteralType): Program {
  return compile(
    [
      `input r0 as ${from}.private;`,
      `cast.lossy r0 into r1 as ${to};`,
      'cast r1 into r2 as field;',
      'cast self.signer r2 into r3 as out.record;',
      'output r3 as out.record;',
    ].join('\n'),
    CARRIER(1),
  );
}
const programs = new Map<string, Program>();

/** The result on an input, so that nothing is folded. */
function run(from: LiteralType, leaf: bigint, to: LiteralType = 'group'): bigint {
  const program = programs.get(`${from} ${to}`) ?? lossy(from, to);
  programs.set(`${from} ${to}`, program);
  return simulate(program, 'f', [value(from, toField(leaf))], CONTEXT).recordOutputs[0].data[0];
}

/** The same written as a literal, which lowering folds. */
function folded(text: string, to: LiteralType = 'group'): bigint {
  const program = compile(
    `cast.lossy ${text} into r0 as ${to};\ncast r0 into r1 as field;\ncast self.signer r1 into r2 as out.record;\noutput r2 as out.record;`,
    CARRIER(1),
  );
  const fn = program.functions.get('f')!;
  assert.equal(fn.capacity.rows.used + fn.capacity.advice.used, 0);
  return simulate(program, 'f', [], CONTEXT).recordOutputs[0].data[0];
}

const mapped = (u: bigint): bigint => clearCofactor(elligator2(u).point).x;
const minus = ({ x, y }: Point): Point => ({ x, y: toField(-y) });

test('the x of a point of the subgroup stays', () => {
  for (const k of [1n, 2n, 5n, SUBGROUP_ORDER - 1n, SUBGROUP_ORDER >> 1n]) {
    const { x } = mulPoint(G, k);
    assert.equal(run('field', x), x);
    assert.equal(run('field', x, 'address'), x);
    assert.equal(folded(`${x}field`), x);
  }
});

test('0 is the identity, 1 the generator, for every kind of number', () => {
  for (const type of ['field', 'scalar', 'u8', 'u128', 'i8', 'i128'] as const) {
    assert.equal(run(type, 0n), 0n);
    assert.equal(run(type, 1n), G.x);
    assert.equal(run(type, 1n, 'address'), G.x);
    assert.equal(folded(`0${type}`), 0n);
    assert.equal(folded(`1${type}`), G.x);
  }
  assert.equal(castLiteral(1n, 'field', 'group'), undefined, '1 is no x of the subgroup');
});

test('the identity is nobody’s address: a cast into one halts', () => {
  for (const type of ['field', 'scalar', 'u64', 'i64'] as const) {
    assert.throws(() => run(type, 0n, 'address'), { code: 'HALT_CAST' });
    assert.throws(() => folded(`0${type}`, 'address'), { code: 'PROGRAM_ALWAYS_HALTS' });
  }
});

test('of the eight cosets two are kept, the others mapped', () => {
  const points = [G, ...[2n, 5n, 0xabcdef1234567n, SUBGROUP_ORDER - 1n].map((k) => mulPoint(G, k))];
  for (const point of points) {
    for (const [coset, twist] of torsionPoints().entries()) {
      const moved = addPoints(point, twist);
      assert.ok(isOnCurve(moved));
      const kept = isInSubgroup(moved) || isInSubgroup(minus(moved));
      assert.equal(kept, coset === 0 || coset === 4, `coset ${coset}`);
      assert.equal(run('field', moved.x), kept ? moved.x : mapped(moved.x), `coset ${coset}`);
    }
  }
});

test('points of small order: the identity and the point of order 2 have x = 0, those of order 4 and 8 are mapped', () => {
  const torsion = torsionPoints();
  assert.deepEqual(
    torsion.map(({ x }) => x === 0n),
    [true, false, false, false, true, false, false, false],
  );
  for (const { x } of torsion) assert.equal(run('field', x), x === 0n ? 0n : mapped(x));
  const fourth = fieldSqrt(fieldInv(CURVE_A))!;
  for (const x of [fourth, R - fourth]) assert.equal(run('field', x), mapped(x));
});

test('what is no x of the curve is mapped', () => {
  let off = 0;
  for (const x of [2n, 3n, 4n, 5n, 6n, 7n, R - 1n, R - 2n, R >> 1n, 1n << 200n]) {
    const xx = fieldMul(x, x);
    const product = toField((1n - CURVE_A * xx) * (1n - CURVE_D * xx));
    if (isSquare(product)) continue;
    off++;
    assert.equal(run('field', x), mapped(x));
    assert.equal(folded(`${x}field`), mapped(x));
  }
  assert.ok(off >= 3, `${off}`);
});

test('integers and scalars go by way of field elements, negative ones as two’s complement', () => {
  for (const to of ['group', 'address'] as const) {
    assert.equal(run('i8', -1n, to), run('field', 255n, to));
    assert.equal(run('i8', -128n, to), run('field', 128n, to));
    assert.equal(run('i128', -1n, to), run('field', (1n << 128n) - 1n, to));
    assert.equal(run('u16', 65535n, to), run('field', 65535n, to));
    assert.equal(run('scalar', SUBGROUP_ORDER - 1n, to), run('field', SUBGROUP_ORDER - 1n, to));
  }
});

test('casts from points and booleans keep what they meant', () => {
  assert.equal(run('boolean', 1n), G.x);
  assert.equal(run('boolean', 0n), 0n);
  assert.equal(run('group', G.x, 'address'), G.x);
  assert.throws(() => run('group', 0n, 'address'), { code: 'HALT_CAST' });
  assert.equal(run('address', G.x), G.x);
});

test('a field element that is known to be of a point costs nothing', () => {
  const body = (line: string): string =>
    `input r0 as group.private;\ncast r0 into r1 as field;\n${line}\noutput r2 as group.private;`;
  const rows = (line: string): number => compile(body(line)).functions.get('f')!.capacity.rows.used;
  assert.equal(rows('cast.lossy r1 into r2 as group;'), rows('cast r1 into r2 as group;'));
});

test('the result is an element that can be calculated with', () => {
  const program = compile(
    'input r0 as field.private;\ncast.lossy r0 into r1 as group;\nadd r1 group::GEN into r2;\ncast r2 into r3 as field;\ncast self.signer r3 into r4 as out.record;\noutput r4 as out.record;',
    CARRIER(1),
  );
  const sum = (x: bigint): bigint =>
    simulate(program, 'f', [value('field', x)], CONTEXT).recordOutputs[0].data[0];
  assert.equal(sum(0n), G.x);
  assert.equal(sum(1n), mulPoint(G, 2n).x);
  assert.equal(sum(mulPoint(G, 9n).x), mulPoint(G, 10n).x);
  assert.equal(sum(7n), addPoints(clearCofactor(elligator2(7n).point), G).x);
});

test('any value of any type: meaning, advice and rows agree, and the result is of the subgroup', () => {
  const bounds = { field: R, scalar: SUBGROUP_ORDER, u64: 1n << 64n, i128: 1n << 127n } as const;
  const torsion = torsionPoints();
  const onCurve = fc
    .tuple(fc.bigInt({ min: 0n, max: SUBGROUP_ORDER - 1n }), fc.nat(7))
    .map(([k, coset]) => addPoints(k === 0n ? IDENTITY : mulPoint(G, k), torsion[coset]).x)
    .map((leaf) => ['field', leaf] as const);
  const any = fc
    .constantFrom(...(Object.keys(bounds) as (keyof typeof bounds)[]))
    .chain((type) =>
      fc
        .bigInt({ min: type === 'i128' ? -bounds.i128 : 0n, max: bounds[type] - 1n })
        .map((leaf) => [type, leaf] as const),
    );
  const property = fc.property(fc.oneof(onCurve, any), ([type, leaf]) => {
    // simulate() itself compares the interpreter with the bytecode's evaluation.
    const x = run(type, leaf);
    assert.equal(x, castLossy(toField(leaf), type, 'group'));
    assert.equal(castLiteral(x, 'field', 'group'), x);
  });
  fc.assert(property, { numRuns: 120 });
});
