/** Results of integer instructions: halting where the type is left, or wrapped around at its width. */
import { Halt } from '../../avm/halt.ts';
import { integerOf, toField } from '../../protocol/field.ts';
import { integerRange } from '../values/literal.ts';
import { INTEGER_WIDTH, type IntegerType, isSignedType, type LiteralType } from '../values/types.ts';

/** The leaf of an integer. @throws Halt HALT_OVERFLOW unless it lies in the type */
export function fitting(value: bigint, type: IntegerType): bigint {
  const { min, max } = integerRange(type);
  if (value < min || value > max) {
    throw new Halt('HALT_OVERFLOW', `the result ${value} does not fit ${type}`);
  }
  return toField(value);
}

/** The leaf of an integer's low bits, read as the type. */
export function wrapping(value: bigint, type: IntegerType): bigint {
  const width = INTEGER_WIDTH[type];
  return isSignedType(type) ? toField(BigInt.asIntN(width, value)) : BigInt.asUintN(width, value);
}

/** The number that a leaf stands for: below zero for signed integers only. */
export function numberOf(leaf: bigint, type: LiteralType): bigint {
  return isSignedType(type) ? integerOf(leaf) : leaf;
}

/** @throws Halt HALT_DIVISION_BY_ZERO */
export function nonZero(value: bigint): bigint {
  if (value === 0n) throw new Halt('HALT_DIVISION_BY_ZERO', 'division by zero');
  return value;
}
