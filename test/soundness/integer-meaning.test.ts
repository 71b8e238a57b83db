/**
 * Integer instructions on 8 bits, against plain arithmetic on JavaScript numbers: their meaning for all operands, and the
 * results of their bytecode for all second operands and many first ones.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluate } from '../../avm/evaluate.ts';
import { INSTRUCTIONS } from '../../program/instructions/registry.ts';
import { type LiteralType, TypeTable } from '../../program/values/types.ts';
import { integerOf, toField } from '../../protocol/field.ts';
import { compile, evaluationInputs, value } from '../support/program/programs.ts';

// Most operands halt: without their stacks that takes half the time.
Error.stackTraceLimit = 0;

type Type = 'u8' | 'i8';
/** A number in the type, undefined where the instruction halts. */
type Meaning = (x: number, y: number, type: Type) => number | undefined;

const STORE = { u8: new Uint8Array(1), i8: new Int8Array(1) };
const wrap = (x: number, type: Type): number => {
  STORE[type][0] = x;
  return STORE[type][0];
};
const fit = (x: number, type: Type): number | undefined => (wrap(x, type) === x ? x : undefined);
const quotient = (x: number, y: number): number => (x - (x % y)) / y;
const power = (x: number, n: number, step: (product: number) => number | undefined): number | undefined => {
  let result: number | undefined = 1;
  for (let i = 0; i < n && result !== undefined; i++) result = step(result * x);
  return result;
};

const MEANING: Readonly<Record<string, Meaning>> = {
  add: (x, y, t) => fit(x + y, t),
  sub: (x, y, t) => fit(x - y, t),
  mul: (x, y, t) => fit(x * y, t),
  div: (x, y, t) => (y === 0 ? undefined : fit(quotient(x, y), t)),
  rem: (x, y, t) => (y === 0 || fit(quotient(x, y), t) === undefined ? undefined : x % y),
  'add.w': (x, y, t) => wrap(x + y, t),
  'sub.w': (x, y, t) => wrap(x - y, t),
  'mul.w': (x, y, t) => wrap(x * y, t),
  'div.w': (x, y, t) => (y === 0 ? undefined : wrap(quotient(x, y), t)),
  'rem.w': (x, y) => (y === 0 ? undefined : x % y),
  and: (x, y) => x & y,
  or: (x, y) => x | y,
  xor: (x, y) => x ^ y,
  lt: (x, y) => Number(x < y),
  lte: (x, y) => Number(x <= y),
  gt: (x, y) => Number(x > y),
  gte: (x, y) => Number(x >= y),
  'is.eq': (x, y) => Number(x === y),
  'is.neq': (x, y) => Number(x !== y),
};
/** The second operand is a u8. */
const BY: Readonly<Record<string, Meaning>> = {
  shl: (x, n, t) => (n > 7 ? undefined : fit(x * 2 ** n, t)),
  'shl.w': (x, n, t) => wrap(x * 2 ** (n % 8), t),
  shr: (x, n) => (n > 7 ? undefined : Math.floor(x / 2 ** n)),
  'shr.w': (x, n) => Math.floor(x / 2 ** (n % 8)),
  pow: (x, n, t) => power(x, n, (product) => fit(product, t)),
  'pow.w': (x, n, t) => power(x, n, (product) => wrap(product, t)),
};
const UNARY: Readonly<Record<string, Meaning>> = {
  neg: (x, _, t) => fit(-x, t),
  abs: (x, _, t) => fit(Math.abs(x), t),
  'abs.w': (x, _, t) => wrap(Math.abs(x), t),
  not: (x, _, t) => wrap(~x, t),
};

interface Case {
  readonly opcode: string;
  readonly type: Type;
  readonly second: Type | undefined;
  readonly meaning: Meaning;
}

const CASES: readonly Case[] = (['u8', 'i8'] as const).flatMap((type) => [
  ...Object.entries(MEANING).map(([opcode, meaning]) => ({ opcode, type, second: type, meaning })),
  ...Object.entries(BY).map(([opcode, meaning]) => ({ opcode, type, second: 'u8' as const, meaning })),
  ...Object.entries(UNARY)
    .filter(([opcode]) => type === 'i8' || opcode === 'not')
    .map(([opcode, meaning]) => ({ opcode, type, second: undefined, meaning })),
]);
const all = (type: Type | undefined): number[] =>
  type === undefined ? [0] : Array.from({ length: 256 }, (_, i) => (type === 'u8' ? i : i - 128));
const EDGES = [
  0, 1, 2, 3, 5, 7, 8, 15, 16, 63, 64, 100, 127, 128, 200, 254, 255, -1, -2, -3, -11, -64, -127, -128,
];
const some = (type: Type): number[] => all(type).filter((x) => EDGES.includes(x));
const operands = ({ second }: Case, x: number, y: number): bigint[] =>
  second === undefined ? [BigInt(x)] : [BigInt(x), BigInt(y)];

test('every pair of 8-bit operands', () => {
  for (const { opcode, type, second, meaning } of CASES) {
    const rule = INSTRUCTIONS.get(opcode)!;
    const types = new TypeTable();
    for (const x of all(type)) {
      for (const y of all(second)) {
        const typed = [value(type, toField(BigInt(x)))];
        if (second !== undefined) typed.push(value(second, toField(BigInt(y))));
        let result: number | undefined;
        try {
          result = Number(integerOf(rule.evaluate({ operands: typed, result: undefined, types })[0]));
        } catch (error) {
          assert.match((error as { code: string }).code, /^HALT_/);
        }
        assert.equal(result, plus0(meaning(x, y, type)), `${opcode} ${x} ${y} ${type}`);
      }
    }
  }
});

/** -0 is 0. */
function plus0(x: number | undefined): number | undefined {
  return x === undefined ? undefined : x + 0;
}

for (const checked of CASES) {
  const { opcode, type, second, meaning } = checked;
  test(`bytecode of ${opcode} ${type}`, () => {
    const result: LiteralType = /^([gl]te?|is\..*)$/.test(opcode) ? 'boolean' : type;
    const inputs = second === undefined ? [type] : [type, second];
    const program = compile(
      [
        ...inputs.map((name, i) => `input r${i} as ${name}.private;`),
        `${opcode} ${inputs.map((_, i) => `r${i}`).join(' ')} into r2;`,
        'cast self.signer r2 into r3 as out.record;',
        'output r3 as out.record;',
      ].join('\n'),
      `record out:\n    owner as address.private;\n    d0 as ${result}.private;\n`,
    );
    const { lowered } = program.functions.get('f')!;
    for (const x of some(type)) {
      for (const y of all(second)) {
        const given = evaluationInputs(
          program,
          operands(checked, x, y).map((leaf, i) => value(inputs[i], toField(leaf))),
        );
        let found: number | undefined;
        try {
          found = Number(integerOf(evaluate(lowered, given).recordOutputs[0].data[0]));
        } catch (error) {
          assert.equal((error as { code: string }).code, 'TRACE_UNSATISFIABLE');
        }
        assert.equal(found, plus0(meaning(x, y, type)), `${opcode} ${x} ${y}`);
      }
    }
  });
}
