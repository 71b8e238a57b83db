import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FIELD_MODULUS } from '../../../protocol/constants.ts';
import { toField } from '../../../protocol/field.ts';
import type { R1cs, SparseMatrix } from '../../../prover/r1cs.ts';
import { R1csChecker } from '../../support/circuit/check-r1cs.ts';

const WIRES = 8;

/** A row as [wire, coefficient] pairs. */
type Row = readonly (readonly [number, bigint])[];
type Constraint = readonly [Row, Row, Row];

function r1csOf(constraints: readonly Constraint[]): R1cs {
  const coefficients = constraints.flat(2).map(([, value]) => value);
  const bytes = new Uint8Array(32 * coefficients.length);
  const view = new DataView(bytes.buffer);
  let at = 0;
  const matrices = [0, 1, 2].map((side): SparseMatrix => {
    const rows = [0];
    const wires: number[] = [];
    const offsets: number[] = [];
    for (const constraint of constraints) {
      for (const [wire, value] of constraint[side]!) {
        for (let k = 0; k < 4; k++)
          view.setBigUint64(at + 8 * k, BigInt.asUintN(64, value >> BigInt(64 * k)), true);
        wires.push(wire);
        offsets.push(at);
        at += 32;
      }
      rows.push(wires.length);
    }
    return {
      rows: Uint32Array.from(rows),
      wires: Uint32Array.from(wires),
      offsets: Uint32Array.from(offsets),
    };
  });
  const [a, b, c] = matrices as [SparseMatrix, SparseMatrix, SparseMatrix];
  return {
    ...{ bytes, wires: WIRES, outputs: 0, publicInputs: 0, publicSignals: 0, privateInputs: WIRES - 1 },
    ...{ constraints: constraints.length, nonZeros: coefficients.length, a, b, c },
  };
}

/** Small values, so that constraints often hold. */
const value = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(0n, 1n, 2n, FIELD_MODULUS - 1n) },
  fc.bigInt(0n, FIELD_MODULUS - 1n),
);
const row = fc.array(fc.tuple(fc.nat(WIRES - 1), value), { maxLength: 3 });
const witness = fc
  .array(value, { minLength: WIRES - 1, maxLength: WIRES - 1 })
  .map((values) => [1n, ...values]);

function expected(constraints: readonly Constraint[], values: readonly bigint[]): number[] {
  const dot = (terms: Row): bigint =>
    terms.reduce((sum, [wire, coefficient]) => sum + coefficient * values[wire]!, 0n);
  return constraints.flatMap(([a, b, c], index) => (toField(dot(a) * dot(b) - dot(c)) === 0n ? [] : [index]));
}

test('a checker that has seen other witnesses finds the same failing constraints', () => {
  let held = 0;
  let broken = 0;
  fc.assert(
    fc.property(
      fc.array(fc.tuple(row, row, row), { minLength: 1, maxLength: 12 }),
      witness,
      // Changes that follow one another: few wires, or all.
      fc.array(fc.oneof(witness, fc.array(fc.tuple(fc.integer({ min: 1, max: WIRES - 1 }), value))), {
        maxLength: 8,
      }),
      (constraints, first, changes) => {
        const checker = new R1csChecker(r1csOf(constraints));
        const current = first;
        assert.deepEqual(checker.failing(current), expected(constraints, current));
        for (const change of changes) {
          // In place: the checker must not rely on the caller's array.
          if (typeof change[0] === 'bigint') current.splice(0, WIRES, ...(change as bigint[]));
          else for (const [wire, to] of change as [number, bigint][]) current[wire] = to;
          const failing = expected(constraints, current);
          assert.deepEqual(checker.failing(current), failing);
          held += constraints.length - failing.length;
          broken += failing.length;
        }
      },
    ),
  );
  assert.ok(held > 100 && broken > 100, `${held} held, ${broken} were broken`);
});

test('what is no witness is refused, also after one, and does not count as seen', () => {
  const checker = new R1csChecker(r1csOf([[[[1, 1n]], [[1, 1n]], [[2, 1n]]]]));
  const good = [1n, 3n, 9n, 0n, 0n, 0n, 0n, 0n];
  for (const checkFirst of [false, true]) {
    if (checkFirst) assert.deepEqual(checker.failing(good), []);
    for (const bad of [
      good.slice(1),
      [...good, 0n],
      good.with(0, 0n),
      good.with(2, -1n),
      good.with(2, 9n + FIELD_MODULUS),
      [1n, ...good.slice(1).map(() => FIELD_MODULUS)],
    ]) {
      assert.throws(() => checker.failing(bad), { code: 'R1CS_WITNESS' });
    }
  }
  assert.deepEqual(checker.failing(good), []);
  assert.deepEqual(checker.failing(good.with(2, 8n)), [0]);
  assert.deepEqual(checker.failing(good), []);
});
