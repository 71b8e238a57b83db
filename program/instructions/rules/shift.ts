/**
 * `shl shr` and their wrapping forms, by an amount of type u8, u16 or u32. As in snarkVM:
 * - `shl` and `shr` halt for an amount of at least the width, `shl` also where x * 2^n does not fit.
 * - The wrapping forms take the amount modulo the width and keep the low bits.
 * - `shr` rounds down: it repeats the sign of a signed integer.
 */
import { Halt } from '../../../avm/halt.ts';
import { INTEGER_WIDTH, type IntegerType, isIntegerType, type LiteralType } from '../../values/types.ts';
import { fitting, numberOf, wrapping } from '../integer.ts';
import { type InstructionRule, literalRule } from '../rule.ts';

/** Types of amounts and of exponents. */
export function isMagnitudeType(type: LiteralType): type is 'u8' | 'u16' | 'u32' {
  return type === 'u8' || type === 'u16' || type === 'u32';
}

function shift(
  opcode: string,
  amount: (n: bigint, width: bigint) => bigint,
  evaluate: (x: bigint, n: bigint, type: IntegerType) => bigint,
): InstructionRule {
  return literalRule(
    opcode,
    2,
    'an integer, and its amount as u8, u16 or u32',
    ([type, by]) => (isIntegerType(type) && isMagnitudeType(by) ? type : undefined),
    ([x, n], [type]) => {
      const integer = type as IntegerType;
      return evaluate(numberOf(x, type), amount(n, BigInt(INTEGER_WIDTH[integer])), integer);
    },
  );
}

function below(n: bigint, width: bigint): bigint {
  if (n >= width)
    throw new Halt('HALT_SHIFT', `${n} is no shift of ${width} bits: it must be below ${width}`);
  return n;
}

const modulo = (n: bigint, width: bigint): bigint => n % width;

export const SHIFT: readonly InstructionRule[] = [
  shift('shl', below, (x, n, type) => fitting(x << n, type)),
  shift('shl.w', modulo, (x, n, type) => wrapping(x << n, type)),
  shift('shr', below, (x, n, type) => fitting(x >> n, type)),
  shift('shr.w', modulo, (x, n, type) => fitting(x >> n, type)),
];
