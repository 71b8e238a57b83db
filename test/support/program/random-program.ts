/** Random small programs with random inputs, for differential tests. */

import fc from 'fast-check';
import { integerRange, typeSize } from '../../../program/values/literal.ts';
import {
  INTEGER_WIDTH,
  isIntegerType,
  isSignedType,
  type LiteralType,
  type Typed,
  UNSIGNED_WIDTH,
} from '../../../program/values/types.ts';
import { FIELD_MODULUS, SUBGROUP_ORDER } from '../../../protocol/constants.ts';
import { G, mulPoint } from '../../../protocol/curve/point.ts';
import { toField } from '../../../protocol/field.ts';
import { addressToText } from '../../../protocol/text.ts';
import { ALICE, value } from './programs.ts';
import { SHAPES, type Shape, TYPES } from './shapes.ts';

const UNSIGNED = Object.keys(UNSIGNED_WIDTH) as LiteralType[];
export const NUMBERS: readonly LiteralType[] = ['field', ...UNSIGNED];

/** The leaf of a value of a type, the edges often. */
export function drawValue(type: LiteralType): fc.Arbitrary<bigint> {
  if (isSignedType(type)) return drawSigned(type);
  if (type === 'group') return drawPoint();
  if (type === 'address') return drawAddress();
  const size = typeSize(type);
  const edges = [
    0n,
    1n,
    2n,
    size - 1n,
    size - 2n,
    size >> 1n,
    1n << 64n,
    (1n << 64n) - 1n,
    1n << 128n,
    255n,
    256n,
  ];
  return fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...edges.filter((edge) => edge >= 0n && edge < size)) },
    { weight: 2, arbitrary: fc.bigInt(0n, size - 1n) },
    { weight: 2, arbitrary: fc.bigInt(0n, size < 1000n ? size - 1n : 1000n) },
    {
      weight: 1,
      arbitrary: fc.nat(Math.min(128, size.toString(2).length - 1)).map((bit) => (1n << BigInt(bit)) % size),
    },
  );
}

const POINTS = [0n, 1n, 2n, SUBGROUP_ORDER - 1n, SUBGROUP_ORDER - 2n, SUBGROUP_ORDER >> 1n, 3n].map(
  (scalar) => mulPoint(G, scalar).x,
);

/** Few points, so that equal and opposite ones meet. */
function drawPoint(): fc.Arbitrary<bigint> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...POINTS) },
    { weight: 1, arbitrary: fc.bigInt(0n, SUBGROUP_ORDER - 1n).map((scalar) => mulPoint(G, scalar).x) },
  );
}

/** An address input may be any field element. */
function drawAddress(): fc.Arbitrary<bigint> {
  return fc.oneof(
    { weight: 3, arbitrary: drawPoint() },
    { weight: 1, arbitrary: fc.constantFrom(0n, 1n, 2n, FIELD_MODULUS - 1n) },
  );
}

function drawSigned(type: keyof typeof INTEGER_WIDTH): fc.Arbitrary<bigint> {
  const { min, max } = integerRange(type);
  const near = max < 1000n ? max : 1000n;
  const edges = [0n, 1n, -1n, 2n, -2n, min, min + 1n, max, max - 1n, 1n << 63n, 1n << 64n, -(1n << 64n)];
  return fc
    .oneof(
      { weight: 3, arbitrary: fc.constantFrom(...edges.filter((edge) => edge >= min && edge <= max)) },
      { weight: 2, arbitrary: fc.bigInt(min, max) },
      { weight: 2, arbitrary: fc.bigInt(-near, near) },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.nat(INTEGER_WIDTH[type] - 2), fc.boolean())
          .map(([bit, negative]) => (negative ? -(1n << BigInt(bit)) : 1n << BigInt(bit))),
      },
    )
    .map(toField);
}

/** Values for operand `i` of an instruction: amounts of shifts and exponents mostly below the width. */
export function drawOperand(
  opcode: string,
  type: LiteralType,
  operand: LiteralType,
  i: number,
): fc.Arbitrary<bigint> {
  if (i === 0 || !/^(sh[lr]|pow)/.test(opcode) || !isIntegerType(type)) return drawValue(operand);
  return fc.oneof(
    { weight: 3, arbitrary: fc.bigInt(0n, BigInt(INTEGER_WIDTH[type])) },
    { weight: 1, arbitrary: drawValue(operand) },
  );
}

export interface RandomCall {
  readonly body: string;
  /** The records that carry results out. */
  readonly declarations: string;
  readonly inputs: readonly Typed<bigint>[];
}

/** Most words that a random program carries out: two records of five. */
const MAX_WORDS = 10;

/** Carries registers out of a function in one or two records. */
function carry(
  registers: readonly { register: number; type: LiteralType }[],
  from: number,
): { lines: string[]; declarations: string } {
  const parts = registers.length > 5 ? [registers.slice(0, 5), registers.slice(5)] : [registers];
  const declarations = parts.map((part, i) =>
    [
      `record out${i}:\n    owner as address.private;`,
      ...part.map(({ type }, k) => `    d${k} as ${type}.private;`),
    ].join('\n'),
  );
  const lines = [
    ...parts.map(
      (part, i) =>
        `cast self.signer ${part.map(({ register }) => `r${register}`).join(' ')} into r${from + i} as out${i}.record;`,
    ),
    ...parts.map((_, i) => `output r${from + i} as out${i}.record;`),
  ];
  return { lines, declarations: `${declarations.join('\n')}\n` };
}

/** One instruction on random values of a type. */
export function singleInstruction(shape: Shape): fc.Arbitrary<RandomCall> {
  return fc.constantFrom(...shape.on).chain((type) => {
    const operands = shape.operands(type);
    const result = shape.result(type);
    return fc
      .tuple(
        fc.tuple(...operands.map((operand, i) => drawOperand(shape.opcode, type, operand, i))),
        fc.boolean(),
      )
      .map(([drawn, equal]) => {
        const values =
          equal && drawn.length === 2 && operands[0] === operands[1] ? [drawn[0], drawn[0]] : drawn;
        const into = result === undefined ? '' : ` into r${operands.length}`;
        const as = shape.as === undefined ? '' : ` as ${shape.as}`;
        const carried = carry(
          [result === undefined ? { register: 0, type } : { register: operands.length, type: result }],
          operands.length + 1,
        );
        const lines = [
          ...operands.map((operand, i) => `input r${i} as ${operand}.private;`),
          `${shape.opcode} ${operands.map((_, i) => `r${i}`).join(' ')}${into}${as};`,
          ...carried.lines,
        ];
        return {
          body: lines.join('\n'),
          declarations: carried.declarations,
          inputs: operands.map((operand, i) => value(operand, values[i])),
        };
      });
  });
}

function literalText(type: LiteralType, number: bigint): string {
  if (type === 'boolean') return `${number % 2n === 0n}`;
  if (type === 'group') return number % 2n === 0n ? '0group' : 'group::GEN';
  if (type === 'address') return addressToText(ALICE);
  return `${number % (isSignedType(type) ? typeSize(type) >> 1n : typeSize(type))}${type}`;
}

/** A few inputs and up to `length` instructions on them, on their results and on literals. */
export function randomCall(length: number): fc.Arbitrary<RandomCall> {
  return fc
    .tuple(
      fc.array(
        fc.constantFrom(...TYPES).chain((type) => drawValue(type).map((drawn) => ({ type, drawn }))),
        {
          minLength: 1,
          maxLength: 5,
        },
      ),
      fc.array(
        fc.tuple(fc.nat(), fc.nat(), fc.array(fc.nat(), { minLength: 3, maxLength: 3 }), fc.bigInt(0n, 300n)),
        {
          minLength: 1,
          maxLength: length,
        },
      ),
    )
    .map(([given, steps]) => {
      const registers = given.map(({ type }, register) => ({ register, type }));
      const lines = given.map(({ type }, i) => `input r${i} as ${type}.private;`);
      for (const [pickShape, pickType, picks, number] of steps) {
        const usable = SHAPES.filter(({ on }) =>
          on.some((type) => registers.some((known) => known.type === type)),
        );
        const shape = usable[pickShape % usable.length];
        const types = shape.on.filter((type) => registers.some((known) => known.type === type));
        const type = types[pickType % types.length];
        const operands = shape.operands(type).map((wanted, i) => {
          const known = registers.filter((register) => register.type === wanted);
          if (known.length === 0 || picks[i] % 5 === 0) {
            return literalText(wanted, number);
          }
          return `r${known[picks[i] % known.length].register}`;
        });
        const result = shape.result(type);
        const into = result === undefined ? '' : ` into r${registers.length}`;
        lines.push(
          `${shape.opcode} ${operands.join(' ')}${into}${shape.as === undefined ? '' : ` as ${shape.as}`};`,
        );
        if (result !== undefined) registers.push({ register: registers.length, type: result });
      }
      const results = registers.slice(given.length).slice(-MAX_WORDS);
      const carried = carry(results.length === 0 ? registers.slice(0, 1) : results, registers.length);
      return {
        body: [...lines, ...carried.lines].join('\n'),
        declarations: carried.declarations,
        inputs: given.map(({ type, drawn }) => value(type, drawn)),
      };
    });
}

export const FIELD_MAX = FIELD_MODULUS - 1n;
export const SIGNER = ALICE;
