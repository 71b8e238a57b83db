/**
 * Attacks on the rules for scalars, roots, powers and low bits (proofs: docs/proofs/lowering-*.md). Nothing may pass with
 * another result.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIELD_MODULUS, SUBGROUP_ORDER } from '../../protocol/constants.ts';
import { fieldMul, fieldPow, fieldSqrt, toField } from '../../protocol/field.ts';
import { accepted, adviceOf, attackAll, program, shown } from '../support/attack/curve-attack.ts';
import { value } from '../support/program/programs.ts';

const R = FIELD_MODULUS;
const L = SUBGROUP_ORDER;

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
