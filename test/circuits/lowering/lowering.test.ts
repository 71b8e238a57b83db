/**
 * Lowered programs in the real circuit: honest calls satisfy the AVM core's R1CS, halting calls and forged advice (every
 * dependent value recomputed) do not. The wide search runs against the core's TypeScript twin in test/unit/program/.
 */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { checkAvmWitness } from '../../../avm/check.ts';
import { evaluate } from '../../../avm/evaluate.ts';
import { avmWitness } from '../../../avm/witness.ts';
import { AVM_SIZE, FIELD_MODULUS } from '../../../protocol/constants.ts';
import { fieldInv, toField } from '../../../protocol/field.ts';
import { compileTestCircuit, forge, type TestCircuit } from '../../support/circuit/circuits.ts';
import { avmArguments, CARRIER, compile, evaluationInputs, value } from '../../support/program/programs.ts';

let core: TestCircuit;
before(async () => {
  const s = AVM_SIZE.small;
  const sizes = [
    s.rows,
    s.wide,
    s.hash,
    s.inputs,
    s.constants,
    s.advice,
    s.copies,
    s.zeros,
    s.ones,
    s.recordInputs,
    s.recordOutputs,
    s.group,
  ];
  core = await compileTestCircuit(`include "avm/avm-core.circom"; component main = AvmCore(${sizes});`, {
    name: 'avm-core',
    optimization: 'O2',
  });
});

/** Returns whether the circuit accepts `opcode x y` with the given advice (the honest one if none is given). */
async function accepts(
  opcode: string,
  type: string,
  x: bigint,
  y: bigint,
  advice: readonly bigint[] = [],
): Promise<boolean> {
  const boolean = /^(lt|gte|is)/.test(opcode);
  const result = type === 'field' && !boolean ? 'r2' : 'r3';
  const program = compile(
    `input r0 as ${type}.private;\ninput r1 as ${type}.private;\n${opcode} r0 r1 into r2;
     ${result === 'r3' ? 'cast r2 into r3 as field;' : ''}
     cast self.signer ${result} into r4 as out.record;\noutput r4 as out.record;`,
    CARRIER(1),
  );
  const fn = program.functions.get('f')!;
  const given = evaluationInputs(program, [value(type, x), value(type, y)]);
  const forged = new Map(advice.map((v, i) => [i, toField(v)]));
  const { trace } = evaluate(fn.lowered, given, { advice: forged });
  const witness = avmWitness(fn.bytecode, avmArguments(given), trace);
  const { failing } = await forge(core, { ...witness, bits: witness.bits.map(BigInt) }, {});
  assert.equal(failing.length === 0, checkAvmWitness(witness).ok, 'the circuit and its twin disagree');
  return failing.length === 0;
}

const MAX = (1n << 128n) - 1n;
const BIG = 1n << 127n;
const R = FIELD_MODULUS;

test('honest calls', async () => {
  for (const [opcode, type, x, y] of [
    ['add', 'u64', 5n, 7n],
    ['sub', 'u128', MAX, MAX],
    ['mul', 'u128', 1n << 64n, (1n << 64n) - 1n],
    ['div', 'u8', 255n, 7n],
    ['div', 'u128', MAX, BIG],
    ['rem', 'u128', MAX, 3n],
    ['div', 'field', 5n, R - 1n],
    ['lt', 'field', R - 1n, 0n],
    ['gte', 'field', R - 1n, R - 1n],
    ['mul.w', 'u128', MAX, MAX],
    ['xor', 'u32', 5n, 7n],
  ] as const) {
    assert.equal(await accepts(opcode, type, x, y), true, `${opcode} ${type} ${x} ${y}`);
  }
});

test('halting calls', async () => {
  for (const [opcode, type, x, y] of [
    ['add', 'u64', (1n << 64n) - 1n, 1n],
    ['sub', 'u128', 0n, 1n],
    ['mul', 'u128', 1n << 64n, 1n << 64n],
    ['div', 'u8', 1n, 0n],
    ['div', 'field', 0n, 0n],
    ['add', 'u8', 256n, 0n],
    ['sub', 'u64', R - 1n, R - 2n],
  ] as const) {
    assert.equal(await accepts(opcode, type, x, y), false, `${opcode} ${type} ${x} ${y}`);
  }
});

test('forged advice', async () => {
  const wrapped = (() => {
    for (let x = BIG + 1n; ; x += 2n) {
      const y = R / x + 1n;
      if (y <= MAX && x * y - R <= MAX) return { x, y };
    }
  })();
  for (const [opcode, type, x, y, advice] of [
    // Another quotient with the remainder that satisfies the equation.
    ['div', 'u8', 7n, 2n, [2n, 3n]],
    ['div', 'u8', 7n, 2n, [4n, -1n]],
    ['div', 'u64', 7n, 2n, [7n * fieldInv(2n), 0n]],
    // q * y + m = x + r.
    ['div', 'u128', 5n, BIG, [(5n + R) / BIG, (5n + R) % BIG, 0n]],
    ['div', 'u128', 5n, BIG, [(5n + R) / BIG, (5n + R) % BIG, 1n]],
    // x * y = r + small.
    ['mul', 'u128', wrapped.x, wrapped.y, [0n]],
    ['mul', 'u128', wrapped.x, wrapped.y, [1n]],
    ['mul', 'u128', wrapped.x, wrapped.y, [-wrapped.y * fieldInv(toField(wrapped.x - wrapped.y))]],
    // 0 / 0 with any inverse.
    ['div', 'field', 0n, 0n, [7n]],
    // Limbs of x + r and of x - r; a carry moved between limbs.
    ['lt', 'field', 5n, 9n, [(5n + R) >> 128n, 0n]],
    ['lt', 'field', R - 5n, 9n, [-5n >> 128n, 0n]],
    ['lt', 'field', (1n << 128n) + 5n, 9n, [0n, 0n]],
    ['mul.w', 'u128', wrapped.x, wrapped.y, [0n, wrapped.y >> 64n, 0n]],
  ] as const) {
    assert.equal(await accepts(opcode, type, x, y, advice), false, `${opcode} ${type} ${x} ${y}: ${advice}`);
  }
});
