/**
 * Attacks on the lowering of integer instructions: signed arithmetic, logic, shifts and powers. No forged advice that the
 * search finds changes a result or makes a halting call pass. The search is strong: it notices the lack of nearly every
 * condition of a rule.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { evaluate } from '../../avm/evaluate.ts';
import { integerRange, typeSize } from '../../program/values/literal.ts';
import { INTEGER_WIDTH, isIntegerType, type LiteralType } from '../../program/values/types.ts';
import { FIELD_MODULUS } from '../../protocol/constants.ts';
import { fieldInv, toField } from '../../protocol/field.ts';
import { findForgery, randomFrom } from '../support/attack/forgery-search.ts';
import { holds, weakened } from '../support/avm/constraints.ts';
import { compile, evaluationInputs, value } from '../support/program/programs.ts';
import { drawOperand } from '../support/program/random-program.ts';

/** Set AZALEA_FUZZ_RUNS for a long search, which also looks at every condition of wide types. */
const LONG = process.env.AZALEA_FUZZ_RUNS !== undefined;

interface Attacked {
  readonly opcode: string;
  readonly types: readonly LiteralType[];
  /** A literal as last operand, such as `3u8`. */
  readonly last?: string;
  /** Conditions that this instruction alone could do without, and why they stay. */
  readonly spare?: readonly string[] | RegExp;
}

function programFor({ opcode, types, last }: Attacked) {
  const result = /^(lt|gte)/.test(opcode) ? 'boolean' : types[0];
  const operands = [...types.map((_, i) => `r${i}`), ...(last === undefined ? [] : [last])];
  return compile(
    [
      ...types.map((type, i) => `input r${i} as ${type}.private;`),
      `${opcode} ${operands.join(' ')} into r2;`,
      'cast self.signer r2 into r3 as out.record;',
      'output r3 as out.record;',
    ].join('\n'),
    `record out:\n    owner as address.private;\n    d0 as ${result}.private;\n`,
  );
}

/** A value just outside a type, or far outside. */
function outside(type: LiteralType): bigint[] {
  if (!isIntegerType(type)) return [2n];
  const { min, max } = integerRange(type);
  return [max + 1n, min - 1n, max + typeSize(type), 1n << 200n, ...[2n, 8n, 1n << 70n].map(fieldInv)].map(
    toField,
  );
}

/** Amounts and exponents at the edges of a width; small and extreme values of a type. */
function edges(opcode: string, type: LiteralType, operand: LiteralType, i: number): bigint[] {
  if (!isIntegerType(type) || !isIntegerType(operand)) return [0n, 1n];
  const { min, max } = integerRange(operand);
  const width = BigInt(INTEGER_WIDTH[type]);
  const amounts = [0n, 1n, 2n, width - 1n, width, 200n];
  const own = [0n, 1n, 2n, -1n, 5n, min, max];
  const values = i > 0 && /^(sh|pow)/.test(opcode) ? amounts : own;
  return values.filter((v) => v >= min && v <= max).map(toField);
}

/** Operands of 128 bits for which advice exists that is right modulo r, but not as integers. */
function wrappingPairs([first, second]: readonly LiteralType[]): bigint[][] {
  if (second === 'u8' && /128/.test(first)) return [126n, 127n].map((n) => [(FIELD_MODULUS >> n) + 1n, n]);
  if (second !== 'i128') return [];
  const max = (1n << 127n) - 1n;
  const pairs: bigint[][] = [];
  pairs.push([5n, max], [5n, toField(-max)], [toField(-5n), max]);
  for (let x = max; pairs.length < 5; x -= 2n) {
    const y = FIELD_MODULUS / x + 1n;
    if (y < 1n << 127n && x * y - FIELD_MODULUS < 1n << 127n) pairs.push([x, y], [toField(-x), y]);
  }
  return pairs;
}

const product = (lists: readonly bigint[][]): bigint[][] =>
  lists.reduce<bigint[][]>((all, list) => all.flatMap((row) => list.map((v) => [...row, v])), [[]]);

/** Operands: drawn ones, edges, and values that are not of their types. */
function operandsFor({ opcode, types }: Attacked): bigint[][] {
  const drawn = fc.sample(fc.tuple(...types.map((type, i) => drawOperand(opcode, types[0], type, i))), {
    numRuns: LONG ? 30 : 6,
    seed: 20,
  });
  const lists = types.map((type, i) => edges(opcode, types[0], type, i));
  const bad = types.flatMap((type, i) =>
    product(lists.map((list, j) => (i === j ? outside(type) : list.slice(0, 3)))),
  );
  return [...drawn, ...product(lists), ...bad, ...wrappingPairs(types)];
}

const attacks = (
  opcodes: string,
  types: string,
  more: Omit<Attacked, 'opcode' | 'types'> & { readonly by?: LiteralType | 'same' } = {},
): Attacked[] =>
  opcodes.split(' ').flatMap((opcode) =>
    types.split(' ').map((name) => {
      const { by, ...rest } = more;
      const type = name as LiteralType;
      return { opcode, types: by === undefined ? [type] : [type, by === 'same' ? type : by], ...rest };
    }),
  );

/** The range of the amount is implied by that of its bits; inputs are checked independently of their readers. */
const AMOUNT = ['wide 0 half B'];
/** The range of x is implied by that of its limbs. */
const LIMBS = ['wide 0 half A'];
/**
 * Checks of the powers on the way: no x is known whose power, wrapped around r, fits again. The ranges of reduced values are
 * not needed modulo 2^w but for the next product not to wrap. The exponent's range is implied by that of its bits.
 */
const STEPS = /^wide/;

const ATTACKED: readonly Attacked[] = [
  ...attacks('add sub mul div rem add.w sub.w div.w rem.w and or xor lt', 'i8 i64 i128', { by: 'same' }),
  ...attacks('mul.w', 'i8 i64', { by: 'same' }),
  ...attacks('mul.w', 'i128', { by: 'same', spare: [...LIMBS, 'wide 0 half B'] }),
  ...attacks('neg abs abs.w not', 'i8 i128'),
  ...attacks('shl', 'u8 i8 u64 i64 u128 i128', { by: 'u8', spare: AMOUNT }),
  ...attacks('shr', 'u8 i8 u64 i64', { by: 'u8', spare: AMOUNT }),
  // The high limb of u128: the test below.
  ...attacks('shr', 'u128', { by: 'u8', spare: [...LIMBS, ...AMOUNT, 'wide 1 half A'] }),
  ...attacks('shr', 'i128', { by: 'u8', spare: [...LIMBS, ...AMOUNT] }),
  ...attacks('shl.w shr.w', 'u8 i8 u64 i64', { by: 'u8' }),
  ...attacks('shl.w', 'u128', { by: 'u8', spare: LIMBS }),
  ...attacks('shl.w', 'i128', { by: 'u8' }),
  ...attacks('shr.w', 'u128', { by: 'u8', spare: [...LIMBS, 'wide 1 half B'] }),
  ...attacks('shr.w', 'i128', { by: 'u8', spare: LIMBS }),
  ...attacks('shl.w shr.w', 'i16', { by: 'u32' }),
  ...attacks('shl shl.w shr', 'u8 i8 i64', { last: '3u8' }),
  ...attacks('shl shl.w shr', 'u128 i128', { last: '1u8' }),
  ...attacks('shl shl.w shr', 'u128 i128', { last: '70u8' }),
  ...attacks('shl.w shr', 'u128 i128', { last: '127u8' }),
  // x is 0 or 1, 0 or -1: a narrower check than that of its type.
  ...attacks('shl', 'u128', { last: '127u8' }),
  ...attacks('shl', 'i128', { last: '127u8', spare: LIMBS }),
  ...attacks('pow', 'u8 i8 u64 i64 u128 i128', { by: 'u8', spare: STEPS }),
  ...attacks('pow.w', 'u8 i8 u64 i64', { by: 'u8', spare: STEPS }),
  ...attacks('pow', 'i32', { by: 'u32', spare: STEPS }),
  ...attacks('pow pow.w', 'i8 u64 i128', { last: '5u8', spare: STEPS }),
];

for (const attacked of ATTACKED) {
  const { opcode, types, last = '', spare = [] } = attacked;
  test(`${opcode} ${types.join(' ')} ${last}`, () => {
    const program = programFor(attacked);
    const { lowered } = program.functions.get('f')!;
    const operands = operandsFor(attacked);
    const random = randomFrom(11);
    const search = (target: typeof lowered, tries: number): string | undefined => {
      for (const values of operands) {
        const inputs = values.map((leaf, i) => value(types[i], leaf));
        const found = findForgery(program, target, inputs, tries, random);
        if (found !== undefined) return `${values.join(', ')}: advice ${found}`;
      }
      return undefined;
    };
    assert.equal(search(lowered, LONG ? 100 : 2), undefined, 'the rule itself can be forged');
    if (!LONG && !/^[iu]8$/.test(types[0])) return;
    const unseen = weakened(lowered)
      .filter(([what]) => !(spare instanceof RegExp ? spare.test(what) : spare.includes(what)))
      .filter(([, weak]) => search(weak, 400) === undefined);
    assert.deepEqual(
      unseen.map(([what]) => what),
      [],
    );
  });
}

test('shr u128: a high limb chosen modulo r is refused by its range alone', () => {
  const attacked: Attacked = { opcode: 'shr', types: ['u128', 'u8'] };
  const program = programFor(attacked);
  const { lowered } = program.functions.get('f')!;
  const kinds = lowered.hints.map(({ kind }) => kind);
  assert.deepEqual(kinds.slice(-2), ['high64', 'high64']);
  for (const x of [5n, 1n << 127n, (1n << 128n) - 1n]) {
    // x = a * 2^64 + b with b < 2^64, where 2 a = (x - b + r) / 2^63 is an integer below 2^192.
    const b = (x + FIELD_MODULUS) % (1n << 63n);
    const twice = (x - b + FIELD_MODULUS) >> 63n;
    assert.ok(twice < 1n << 192n);
    const a = toField(twice * fieldInv(2n));
    const advice = new Map([...Array(7).fill(0n), a, twice >> 64n].map((v, i) => [i, v] as const));
    const given = evaluationInputs(program, [value('u128', x), value('u8', 127n)]);
    const passes = (target: typeof lowered): bigint | undefined => {
      const { trace, recordOutputs } = evaluate(target, given, { advice });
      return holds(target.fn, trace, given) ? recordOutputs[0].data[0] : undefined;
    };
    assert.equal(passes(lowered), undefined);
    const [, weak] = weakened(lowered).find(([what]) => what === 'wide 1 half A')!;
    assert.equal(passes(weak), twice >> 64n);
    assert.notEqual(twice >> 64n, x >> 127n);
  }
});
