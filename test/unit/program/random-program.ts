/** Random small programs with random inputs, for differential tests. */
import fc from 'fast-check';
import { typeSize } from '../../../program/literal.ts';
import { type LiteralType, type Typed, UNSIGNED_WIDTH } from '../../../program/types.ts';
import { FIELD_MODULUS } from '../../../protocol/constants.ts';
import { ALICE, value } from './support.ts';

const INTEGERS = Object.keys(UNSIGNED_WIDTH) as LiteralType[];
export const NUMBERS: readonly LiteralType[] = ['field', ...INTEGERS];

/** A value of a type, the edges often. */
export function drawValue(type: LiteralType): fc.Arbitrary<bigint> {
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

/** Opcodes over literals: operand types for a chosen type, and the result's type. */
interface Shape {
  readonly opcode: string;
  readonly on: readonly LiteralType[];
  readonly operands: (type: LiteralType) => LiteralType[];
  readonly result: (type: LiteralType) => LiteralType | undefined;
  readonly as?: LiteralType;
}

const same = (type: LiteralType): LiteralType => type;
const two = (type: LiteralType): LiteralType[] => [type, type];
const one = (type: LiteralType): LiteralType[] => [type];
const any: readonly LiteralType[] = [...NUMBERS, 'boolean'];
const shapes = (
  opcodes: string,
  on: readonly LiteralType[],
  operands: Shape['operands'],
  result: Shape['result'],
): Shape[] => opcodes.split(' ').map((opcode) => ({ opcode, on, operands, result }));

export const SHAPES: readonly Shape[] = [
  ...shapes('add sub mul div', NUMBERS, two, same),
  ...shapes('rem mod add.w sub.w mul.w div.w rem.w', INTEGERS, two, same),
  ...shapes('neg inv square double', ['field'], one, same),
  ...shapes('lt lte gt gte', NUMBERS, two, () => 'boolean'),
  ...shapes('is.eq is.neq', any, two, () => 'boolean'),
  ...shapes('assert.eq assert.neq', any, two, () => undefined),
  ...shapes('and or xor', ['boolean', ...INTEGERS], two, same),
  ...shapes('nand nor', ['boolean'], two, same),
  ...shapes('not', ['boolean', ...INTEGERS], one, same),
  ...shapes('ternary', any, (type) => ['boolean', type, type], same),
  ...any.flatMap((as) => shapes('cast', any, one, () => as).map((shape) => ({ ...shape, as }))),
  ...shapes('hash.psd2 hash.psd4 hash.psd8', any, one, () => 'field' as const).map((shape) => ({
    ...shape,
    as: 'field' as const,
  })),
];

export interface RandomCall {
  readonly body: string;
  readonly words: number;
  readonly inputs: readonly Typed<bigint>[];
}

/** Most words that a random program carries out: two records of five. */
const MAX_WORDS = 10;

/** Carries registers (as field elements) out of a function in one or two records. */
function carry(
  registers: readonly { register: number; type: LiteralType }[],
  from: number,
): { lines: string[]; words: number } {
  const lines: string[] = [];
  let next = from;
  const fields = registers.map(({ register, type }) => {
    if (type === 'field') return `r${register}`;
    lines.push(`cast r${register} into r${next} as field;`);
    return `r${next++}`;
  });
  const words = Math.min(5, Math.max(1, fields.length));
  const records = fields.length > 5 ? 2 : 1;
  for (let i = 0; i < records; i++) {
    const part = Array.from({ length: words }, (_, k) => fields[5 * i + k] ?? '0field');
    lines.push(`cast self.signer ${part.join(' ')} into r${next++} as out.record;`);
  }
  for (let i = records; i > 0; i--) lines.push(`output r${next - i} as out.record;`);
  return { lines, words };
}

/** One instruction on random values of a type. */
export function singleInstruction(shape: Shape): fc.Arbitrary<RandomCall> {
  return fc.constantFrom(...shape.on).chain((type) => {
    const operands = shape.operands(type);
    const result = shape.result(type);
    return fc.tuple(fc.tuple(...operands.map(drawValue)), fc.boolean()).map(([drawn, equal]) => {
      const values = equal && drawn.length === 2 ? [drawn[0], drawn[0]] : drawn;
      const into = result === undefined ? '' : ` into r${operands.length}`;
      const as = shape.as === undefined ? '' : ` as ${shape.as}`;
      const carried = carry(
        result === undefined ? [] : [{ register: operands.length, type: result }],
        operands.length + 1,
      );
      const lines = [
        ...operands.map((operand, i) => `input r${i} as ${operand}.private;`),
        `${shape.opcode} ${operands.map((_, i) => `r${i}`).join(' ')}${into}${as};`,
        ...(result === undefined
          ? ['cast self.signer 0field into r9 as out.record;', 'output r9 as out.record;']
          : carried.lines),
      ];
      return {
        body: lines.join('\n'),
        words: 1,
        inputs: operands.map((operand, i) => value(operand, values[i])),
      };
    });
  });
}

/** A few inputs and up to `length` instructions on them, on their results and on literals. */
export function randomCall(length: number): fc.Arbitrary<RandomCall> {
  return fc
    .tuple(
      fc.array(
        fc.constantFrom(...any).chain((type) => drawValue(type).map((drawn) => ({ type, drawn }))),
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
            return wanted === 'boolean' ? `${number % 2n === 0n}` : `${number % typeSize(wanted)}${wanted}`;
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
        words: carried.words,
        inputs: given.map(({ type, drawn }) => value(type, drawn)),
      };
    });
}

export const FIELD_MAX = FIELD_MODULUS - 1n;
export const SIGNER = ALICE;
