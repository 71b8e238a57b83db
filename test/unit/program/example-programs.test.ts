/** Every example program: what it costs, which size it takes, and calculator.aleo's results and halts. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { bindingsOf } from '../../../cli/codegen/bindings.ts';
import { compileProgram } from '../../../program/compile/artifact.ts';
import { COSTS_FILE, exampleCosts } from '../../../scripts/example-costs.ts';
import { Ledger, player } from '../../support/program/example-ledger.ts';

const alice = player(1);
const ledger = new Ledger('calculator');
const run = (name: string, ...args: any[]): any[] => ledger.call(alice, name, ...args);
const halts = (code: string, name: string, ...args: any[]): void =>
  ledger.refuses(code, alice, name, ...args);

test('programs/costs.json is what the compiler says (`npm run costs` writes it)', () => {
  const committed = JSON.parse(readFileSync(COSTS_FILE, 'utf8')) as unknown;
  assert.deepEqual(exampleCosts(), committed);
});

test('the bindings of examples/sealed-auction.ts are those of the program', () => {
  const bindings = new URL('../../../examples/bindings/auction.ts', import.meta.url);
  const program = compileProgram(new Ledger('auction').program.source, 'programs/auction.aleo');
  const made = bindingsOf(program, { client: '../../pxe/client' });
  assert.equal(made, readFileSync(bindings, 'utf8'));
});

test('one function of the examples needs the large circuit', () => {
  const large = Object.entries(exampleCosts()).flatMap(([file, functions]) =>
    Object.entries(functions).flatMap(([name, costs]) =>
      costs.startsWith('large') ? [`${file}/${name}`] : [],
    ),
  );
  assert.deepEqual(large, ['battleship.aleo/place']);
});

describe('calculator.aleo', () => {
  const I32 = { min: -(1n << 31n), max: (1n << 31n) - 1n };
  const within = (value: bigint, { min, max }: typeof I32): boolean => value >= min && value <= max;
  const i32 = fc.oneof(fc.bigInt(I32), fc.bigInt({ min: -40_000n, max: 40_000n }));

  test('arithmetic: four results, or a halt where one does not fit', () => {
    assert.deepEqual(run('arithmetic', -7n, 2n), [-5n, -9n, -14n, -3n]);
    halts('HALT_DIVISION_BY_ZERO', 'arithmetic', 7n, 0n);
    halts('HALT_OVERFLOW', 'arithmetic', I32.max, 1n);
    halts('HALT_OVERFLOW', 'arithmetic', I32.min, 1n);
    fc.assert(
      fc.property(i32, i32, (a, b) => {
        const expected = b === 0n ? [] : [a + b, a - b, a * b, a / b];
        if (b !== 0n && expected.every((value) => within(value, I32))) {
          assert.deepEqual(run('arithmetic', a, b), expected);
        } else assert.throws(() => run('arithmetic', a, b), /HALT_|halts/);
      }),
      { numRuns: 60 },
    );
  });

  test('divide: a = q b + r, both of the right sign', () => {
    for (const [a, b] of [
      [17n, 5n],
      [-17n, 5n],
      [17n, -5n],
      [-17n, -5n],
      [I32.min, 2n],
    ])
      assert.deepEqual(run('divide', a, b), [a / b, a % b]);
    halts('HALT_DIVISION_BY_ZERO', 'divide', 1n, 0n);
    halts('HALT_OVERFLOW', 'divide', I32.min, -1n);
  });

  test('wrap, power, square_root', () => {
    assert.deepEqual(run('wrap', 200n, 100n), [44n, 300n]);
    assert.deepEqual(run('power', 3n, 40n), [3n ** 40n]);
    assert.deepEqual(run('power', 0n, 0n), [1n]);
    halts('HALT_OVERFLOW', 'power', 3n, 41n);
    const largest = (1n << 64n) - 1n;
    for (const [n, root] of [
      [0n, 0n],
      [24n, 4n],
      [25n, 5n],
      [largest, (1n << 32n) - 1n],
    ]) {
      assert.deepEqual(run('square_root', n, root), [root]);
      halts('HALT_ASSERTION', 'square_root', n, root === 0n ? 1n : root - 1n);
    }
    halts('HALT_ASSERTION', 'square_root', 24n, 5n);
  });

  test('sort, mean, clamp agree with JavaScript', () => {
    const u16 = fc.bigInt({ min: 0n, max: 65_535n });
    const ascending = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);
    fc.assert(
      fc.property(fc.tuple(u16, u16, u16), (values) => {
        assert.deepEqual(run('sort', ...values), [...values].sort(ascending));
      }),
      { numRuns: 40 },
    );
    const u32Max = (1n << 32n) - 1n;
    assert.deepEqual(run('mean', [1n, 2n, 3n, 5n]), [2n]);
    assert.deepEqual(run('mean', [u32Max, u32Max, u32Max, u32Max]), [u32Max]);
    assert.deepEqual(run('clamp', 5n, -10n, 10n), [true, 5n]);
    assert.deepEqual(run('clamp', -300n, -10n, 10n), [false, -10n]);
    assert.deepEqual(run('clamp', 300n, -10n, 10n), [false, 10n]);
    halts('HALT_ASSERTION', 'clamp', 0n, 10n, -10n);
  });

  test('distance, rotate, polynomial', () => {
    assert.deepEqual(run('distance', { x: -3n, y: 0n }, { x: 0n, y: 4n }), [25n]);
    halts('HALT_OVERFLOW', 'distance', { x: I32.min, y: I32.min }, { x: I32.max, y: I32.max });
    assert.deepEqual(run('rotate', 0x8000_0001n, 1n), [3n]);
    assert.deepEqual(run('rotate', 0x8000_0001n, 0n), [0x8000_0001n]);
    assert.deepEqual(run('rotate', 0x1234_5678n, 36n), [0x2345_6781n]);
    const r = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;
    assert.deepEqual(run('polynomial', ['1field', '2field', '3field', '4field'], '10field'), [4321n]);
    const minusOne = `${r - 1n}field`;
    assert.deepEqual(run('polynomial', ['1field', '2field', '3field', '4field'], minusOne), [r - 2n]);
  });

  test('memory: a running result that only its owner continues, and that halts keep', () => {
    const [stored] = run('store', -6n);
    const [product, value] = run('memory_multiply', stored, 7n);
    assert.equal(value, -42n);
    const [sum] = run('memory_add', product, 2n);
    halts('HALT_DIVISION_BY_ZERO', 'memory_divide', sum, 0n);
    halts('HALT_OVERFLOW', 'memory_multiply', sum, 1n << 62n);
    const [quotient] = run('memory_divide', sum, 3n);
    assert.deepEqual(quotient.data, { owner: alice.address, result: -13n, steps: 3n });
    ledger.refuses('VALUE_NOT_OWNED', player(2), 'memory_add', quotient, 1n);
    assert.throws(() => run('memory_add', sum, 1n), /this record is spent/);
  });
});
