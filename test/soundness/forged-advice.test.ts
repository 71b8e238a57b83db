/**
 * Attacks on lowering rules that use advice: other advice, every dependent value recomputed, must fail a constraint or change
 * nothing. Each rule's argument stands in its file under program/lowering/.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FIELD_MODULUS } from '../../protocol/constants.ts';
import { fieldInv, toField } from '../../protocol/field.ts';
import { ALICE, CARRIER, compile, forge, value } from '../support/program/programs.ts';

/** `opcode r0 r1` on a type, with its result (or two) carried out in a record. */
function binary(opcode: string, type: string) {
  const back = opcode.startsWith('l') || opcode.startsWith('g') ? 'boolean' : type;
  const cast = back === 'field' ? '' : 'cast r2 into r3 as field;';
  return compile(
    `input r0 as ${type}.private;\ninput r1 as ${type}.private;\n${opcode} r0 r1 into r2;\n${cast}
     cast self.signer ${back === 'field' ? 'r2' : 'r3'} into r4 as out.record;\noutput r4 as out.record;`,
    CARRIER(1),
  );
}

function kinds(program: ReturnType<typeof compile>): string[] {
  return program.functions.get('f')!.lowered.hints.map(({ kind }) => kind);
}

function attempt(program: ReturnType<typeof compile>, type: string, x: bigint, y: bigint, advice: bigint[]) {
  return forge(program, [value(type, x), value(type, y)], new Map(advice.map((a, i) => [i, toField(a)])));
}

test('the honest advice passes where it is expected', () => {
  const division = binary('div', 'u8');
  assert.deepEqual(kinds(division), ['quotient', 'remainder']);
  assert.deepEqual(attempt(division, 'u8', 200n, 7n, [28n, 4n])?.recordOutputs, [
    { owner: ALICE, data: [28n] },
  ]);
});

test('u8 division: of all quotients and remainders up to 300 only the true ones pass', () => {
  const division = binary('div', 'u8');
  for (const [x, y] of [
    [7n, 2n],
    [255n, 1n],
    [0n, 255n],
    [10n, 0n],
    [0n, 0n],
  ]) {
    for (let q = -5n; q < 300n; q++) {
      // The remainder that satisfies the equation, and its neighbours.
      for (const m of [x - q * y, x - q * y + 1n]) {
        const accepted = attempt(division, 'u8', x, y, [q, m]) !== undefined;
        const right = y !== 0n && q === x / y && m === x % y;
        assert.equal(accepted, right, `${x} / ${y}: ${q} rest ${m}`);
      }
    }
  }
});

test('division of any width: a quotient chosen modulo r is refused', () => {
  for (const type of ['u16', 'u32', 'u64', 'u128']) {
    const division = binary('div', type);
    const max = (1n << BigInt(type.slice(1))) - 1n;
    const word = fc.bigInt(0n, max);
    fc.assert(
      fc.property(word, fc.bigInt(1n, max), word, fc.boolean(), (x, y, m, choice) => {
        // q = (x - m) / y modulo r solves the equation for any m.
        const q = toField((x - m) * fieldInv(y));
        fc.pre(q !== x / y);
        assert.equal(attempt(division, type, x, y, [q, m, choice ? 1n : 0n]), undefined);
      }),
      { numRuns: 40 },
    );
  }
});

test('u128 division: quotient and divisor both above 64 bits cannot wrap around r', () => {
  const division = binary('div', 'u128');
  assert.deepEqual(kinds(division), ['quotient', 'remainder', 'below64']);
  // q * y + m = x + r as integers with q, y, m < 2^128 and m < y.
  const y = 1n << 127n;
  const x = 5n;
  const q = (x + FIELD_MODULUS) / y;
  const m = (x + FIELD_MODULUS) % y;
  assert.ok(q < 1n << 128n && m < y);
  for (const choice of [0n, 1n, 2n]) assert.equal(attempt(division, 'u128', x, y, [q, m, choice]), undefined);
});

test('u128 multiplication: a product that wraps into range is refused whatever the choice', () => {
  const product = binary('mul', 'u128');
  assert.deepEqual(kinds(product), ['below64']);
  // x * y = r + small.
  let found = 0;
  for (let x = (1n << 127n) + 1n; found < 5; x += 2n) {
    const y = FIELD_MODULUS / x + 1n;
    if (y >> 128n !== 0n || (x * y - FIELD_MODULUS) >> 128n !== 0n) continue;
    found++;
    for (const choice of [0n, 1n, 2n, -1n]) {
      assert.equal(attempt(product, 'u128', x, y, [choice]), undefined, `${x} * ${y}`);
    }
  }
});

test('u128 multiplication: the choice never reaches the result', () => {
  const product = binary('mul', 'u128');
  fc.assert(
    fc.property(fc.bigInt(0n, (1n << 128n) - 1n), fc.bigInt(0n, (1n << 128n) - 1n), (x, y) => {
      for (const choice of [0n, 1n, 2n, toField(-1n)]) {
        const out = attempt(product, 'u128', x, y, [choice]);
        if (out !== undefined) assert.equal(out.recordOutputs[0].data[0], x * y);
      }
    }),
    { numRuns: 30 },
  );
  assert.equal(attempt(product, 'u128', 3n, 4n, [0n])?.recordOutputs[0].data[0], 12n);
  assert.equal(attempt(product, 'u128', 3n, 4n, [1n])?.recordOutputs[0].data[0], 12n);
  assert.equal(attempt(product, 'u128', 3n, 4n, [2n]), undefined);
});

test('field division: no inverse but the true one, none of zero', () => {
  const division = binary('div', 'field');
  assert.deepEqual(kinds(division), ['inverse']);
  fc.assert(
    fc.property(fc.bigInt(0n, FIELD_MODULUS - 1n), fc.bigInt(0n, FIELD_MODULUS - 1n), (y, forged) => {
      fc.pre(y === 0n || forged !== fieldInv(y));
      assert.equal(attempt(division, 'field', 5n, y, [forged]), undefined);
      assert.equal(attempt(division, 'field', 0n, 0n, [forged]), undefined);
    }),
    { numRuns: 40 },
  );
  assert.notEqual(attempt(division, 'field', 6n, 3n, [fieldInv(3n)]), undefined);
});

test('field comparison: limbs of x + r, and limbs moved between high and low, are refused', () => {
  const less = binary('lt', 'field');
  assert.deepEqual(kinds(less), ['high128', 'high128']);
  const high = (v: bigint): bigint => v >> 128n;
  const samples = [0n, 1n, 5n, (1n << 128n) - 1n, 1n << 128n, FIELD_MODULUS - 1n, FIELD_MODULUS >> 1n];
  for (const x of samples) {
    for (const y of samples) {
      const honest = attempt(less, 'field', x, y, [high(x), high(y)]);
      assert.equal(honest?.recordOutputs[0].data[0], x < y ? 1n : 0n, `${x} < ${y}`);
      for (const forged of [
        high(x + FIELD_MODULUS),
        high(x + 2n * FIELD_MODULUS),
        high(x) + 1n,
        high(x) - 1n,
        high(FIELD_MODULUS),
      ]) {
        if (toField(forged) === high(x)) continue;
        assert.equal(attempt(less, 'field', x, y, [forged, high(y)]), undefined, `${x}: ${forged}`);
        assert.equal(attempt(less, 'field', y, x, [high(y), forged]), undefined, `${x}: ${forged}`);
      }
    }
  }
});

test('wrapping multiplication: no other digits', () => {
  const small = binary('mul.w', 'u8');
  assert.deepEqual(kinds(small), ['high8']);
  for (let high = -3n; high < 260n; high++) {
    assert.equal(attempt(small, 'u8', 200n, 200n, [high]) !== undefined, high === 156n, `${high}`);
  }
  const wide = binary('mul.w', 'u128');
  assert.deepEqual(kinds(wide), ['high64', 'high64', 'high128']);
  fc.assert(
    fc.property(
      fc.bigInt(0n, (1n << 128n) - 1n),
      fc.bigInt(0n, (1n << 128n) - 1n),
      fc.integer({ min: 0, max: 2 }),
      fc.bigInt(-3n, 3n),
      (x, y, which, by) => {
        fc.pre(by !== 0n);
        const [xh, yh] = [x >> 64n, y >> 64n];
        const [xl, yl] = [BigInt.asUintN(64, x), BigInt.asUintN(64, y)];
        const top = (((xh * yl + xl * yh) << 64n) + xl * yl) >> 128n;
        assert.equal(
          attempt(wide, 'u128', x, y, [xh, yh, top])?.recordOutputs[0].data[0],
          BigInt.asUintN(128, x * y),
        );
        const forged = [xh, yh, top];
        forged[which] += by;
        assert.equal(attempt(wide, 'u128', x, y, forged), undefined);
      },
    ),
    { numRuns: 25 },
  );
});

test('inputs out of range are refused by the bytecode itself', () => {
  for (const [type, bad] of [
    ['u8', 256n],
    ['u64', 1n << 64n],
    ['u128', 1n << 128n],
    ['u64', FIELD_MODULUS - 1n],
    ['boolean', 2n],
  ] as const) {
    const program = compile(
      `input r0 as ${type}.private;\ncast r0 into r1 as field;\ncast self.signer r1 into r2 as out.record;\noutput r2 as out.record;`,
      CARRIER(1),
    );
    assert.equal(forge(program, [value(type, bad)], new Map()), undefined, `${bad} as ${type}`);
    assert.notEqual(forge(program, [value(type, 1n)], new Map()), undefined);
  }
});
