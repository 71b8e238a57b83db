/** `pow pow.w` of an integer, by an exponent of type u8, u16 or u32. x^0 = 1 for every x. As snarkVM. */
import { Halt } from '../../../avm/halt.ts';
import { integerRange } from '../../values/literal.ts';
import { INTEGER_WIDTH, type IntegerType, isIntegerType } from '../../values/types.ts';
import { fitting, numberOf, wrapping } from '../integer.ts';
import { type InstructionRule, literalRule } from '../rule.ts';
import { isMagnitudeType } from './shift.ts';

/** x^n, halting as soon as it leaves the type: beyond the width only 0, 1 and -1 have powers that fit. */
function checkedPower(x: bigint, n: bigint, type: IntegerType): bigint {
  if (x >= -1n && x <= 1n) return fitting(n === 0n ? 1n : n % 2n === 0n ? x * x : x, type);
  if (n > BigInt(INTEGER_WIDTH[type])) {
    const { min, max } = integerRange(type);
    throw new Halt('HALT_OVERFLOW', `the result ${x}^${n} does not fit ${type}: it holds ${min} to ${max}`);
  }
  return fitting(x ** n, type);
}

/** x^n modulo 2^width, by squaring. */
function wrappedPower(x: bigint, n: bigint, type: IntegerType): bigint {
  const width = INTEGER_WIDTH[type];
  let result = 1n;
  let square = BigInt.asUintN(width, x);
  for (let rest = n; rest > 0n; rest >>= 1n) {
    if (rest % 2n === 1n) result = BigInt.asUintN(width, result * square);
    square = BigInt.asUintN(width, square * square);
  }
  return wrapping(result, type);
}

function power(
  opcode: string,
  evaluate: (x: bigint, n: bigint, type: IntegerType) => bigint,
): InstructionRule {
  return literalRule(
    opcode,
    2,
    'an integer, and an exponent as u8, u16 or u32',
    ([type, exponent]) => (isIntegerType(type) && isMagnitudeType(exponent) ? type : undefined),
    ([x, n], [type]) => evaluate(numberOf(x, type), n, type as IntegerType),
  );
}

export const POWER: readonly InstructionRule[] = [power('pow', checkedPower), power('pow.w', wrappedPower)];
