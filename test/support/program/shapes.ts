/** Opcodes over literals, with the types they take. */
import { type LiteralType, SIGNED_WIDTH, UNSIGNED_WIDTH } from '../../../program/values/types.ts';

const UNSIGNED = Object.keys(UNSIGNED_WIDTH) as LiteralType[];
const NUMBERS: readonly LiteralType[] = ['field', ...UNSIGNED];

/** Opcodes over literals: operand types for a chosen type, and the result's type. */
export interface Shape {
  readonly opcode: string;
  readonly on: readonly LiteralType[];
  readonly operands: (type: LiteralType) => LiteralType[];
  readonly result: (type: LiteralType) => LiteralType | undefined;
  readonly as?: LiteralType;
}

export const same = (type: LiteralType): LiteralType => type;
export const two = (type: LiteralType): LiteralType[] => [type, type];
export const one = (type: LiteralType): LiteralType[] => [type];
const any: readonly LiteralType[] = [...NUMBERS, 'boolean'];
export const shapes = (
  opcodes: string,
  on: readonly LiteralType[],
  operands: Shape['operands'],
  result: Shape['result'],
): Shape[] => opcodes.split(' ').map((opcode) => ({ opcode, on, operands, result }));

/**
 * Shapes that the first release of lowering version 1 compiled: frozen-lowering-v1.json names them by one type, all later
 * ones by their operands.
 */
export const FROZEN_SHAPES: readonly Shape[] = [
  ...shapes('add sub mul div', NUMBERS, two, same),
  ...shapes('rem mod add.w sub.w mul.w div.w rem.w', UNSIGNED, two, same),
  ...shapes('neg inv square double', ['field'], one, same),
  ...shapes('lt lte gt gte', NUMBERS, two, () => 'boolean'),
  ...shapes('is.eq is.neq', any, two, () => 'boolean'),
  ...shapes('assert.eq assert.neq', any, two, () => undefined),
  ...shapes('and or xor', ['boolean', ...UNSIGNED], two, same),
  ...shapes('nand nor', ['boolean'], two, same),
  ...shapes('not', ['boolean', ...UNSIGNED], one, same),
  ...shapes('ternary', any, (type) => ['boolean', type, type], same),
  ...any.flatMap((as) => shapes('cast', any, one, () => as).map((shape) => ({ ...shape, as }))),
  ...shapes('hash.psd2 hash.psd4 hash.psd8', any, one, () => 'field' as const).map((shape) => ({
    ...shape,
    as: 'field' as const,
  })),
];

const SIGNED = Object.keys(SIGNED_WIDTH) as LiteralType[];
const INTEGERS: readonly LiteralType[] = [...UNSIGNED, ...SIGNED];
const MAGNITUDES: readonly LiteralType[] = ['u8', 'u16', 'u32'];

const CURVE: readonly LiteralType[] = ['group', 'scalar'];
/** Between these all casts are drawn; casts between all types: curve-meaning.test.ts. */
const CAST: readonly LiteralType[] = [
  ...CURVE,
  'address',
  'boolean',
  'field',
  'u8',
  'u64',
  'u128',
  'i8',
  'i128',
];
const HASHED: readonly LiteralType[] = ['group', 'address', 'scalar', 'u8', 'u128', 'i8', 'i128'];

/** Types of the inputs of random programs. */
export const TYPES: readonly LiteralType[] = [...any, ...SIGNED, ...CURVE];

const into = (opcode: string, on: readonly LiteralType[], as: LiteralType): Shape[] =>
  shapes(opcode, on, one, () => as).map((shape) => ({ ...shape, as }));

/** Field, group and scalar; casts between all types. */
const CURVE_SHAPES: readonly Shape[] = [
  ...shapes('add', CURVE, two, same),
  ...shapes('sub', ['group'], two, same),
  ...shapes('mul', ['group'], (): LiteralType[] => ['group', 'scalar'], same),
  ...shapes(
    'mul',
    ['scalar'],
    (): LiteralType[] => ['scalar', 'group'],
    () => 'group',
  ),
  ...shapes('neg double', ['group'], one, same),
  ...shapes('lt lte gt gte', ['scalar'], two, () => 'boolean'),
  ...shapes('is.eq is.neq', [...CURVE, 'address'], two, () => 'boolean'),
  ...shapes('assert.eq assert.neq', [...CURVE, 'address'], two, () => undefined),
  ...shapes('ternary', [...CURVE, 'address'], (type) => ['boolean', type, type], same),
  ...shapes('sqrt', ['field'], one, same),
  ...CAST.flatMap((as) =>
    into(
      'cast',
      CAST.filter((type) => !(any.includes(type) && any.includes(as))),
      as,
    ),
  ),
  ...CAST.flatMap((as) => into('cast.lossy', CAST, as)),
  ...HASHED.flatMap((as) => into('hash.psd2', ['field'], as)),
  ...into('hash.psd4', [...SIGNED, ...CURVE], 'field'),
];

/** Every opcode and type that random programs are made of. */
export const SHAPES: readonly Shape[] = [
  ...FROZEN_SHAPES,
  ...shapes('add sub mul div rem add.w sub.w mul.w div.w rem.w and or xor', SIGNED, two, same),
  ...shapes('neg abs abs.w not', SIGNED, one, same),
  ...shapes('lt lte gt gte is.eq is.neq', SIGNED, two, () => 'boolean'),
  ...shapes('assert.eq assert.neq', SIGNED, two, () => undefined),
  ...shapes('ternary', SIGNED, (type) => ['boolean', type, type], same),
  ...MAGNITUDES.flatMap((by) =>
    shapes('shl shl.w shr shr.w pow pow.w', INTEGERS, (type) => [type, by], same),
  ),
  ...CURVE_SHAPES,
];
