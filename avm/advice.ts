/**
 * Advice: values that the prover supplies because no row computes them. Data, not closures, so that a lowered function can be
 * stored and sent. Every kind is pinned down by the constraints of the lowering rule that asks for it.
 */

import { SUBGROUP_ORDER } from '../protocol/constants.ts';
import { subgroupPoint } from '../protocol/curve/point.ts';
import {
  fieldDiv,
  fieldInv,
  fieldMul,
  fieldPow,
  fieldSqrt,
  HALF_FIELD,
  integerOf,
  isSquare,
  toField,
} from '../protocol/field.ts';
import type { Source } from './function.ts';
import { Halt } from './halt.ts';

export type AdviceKind =
  /** 1 / x */
  | 'inverse'
  /** floor(x / y) */
  | 'quotient'
  /** x mod y */
  | 'remainder'
  /** Of signed x, y: x / y rounded towards zero */
  | 'signedQuotient'
  /** Of signed x, y: x - y * signedQuotient */
  | 'signedRemainder'
  /** floor(x / 2^n) */
  | `high${number}`
  /** Of a signed x: floor(x / 2^n) */
  | `floor${number}`
  /** Of a signed x: floor(x / 2^n + 1/2) */
  | `round${number}`
  /** Bit n of x */
  | `bit${number}`
  /** 1 minus bit n of x */
  | `nobit${number}`
  /** 1 if x < 2^64, else 0 */
  | 'below64'
  /** Of a signed x: 1 if -2^64 <= x < 2^64, else 0 */
  | 'within64'
  /** Of a signed x: 1 if x >= 2^(n-1), else 0 */
  | `over${number}`
  /** Of a signed x: 1 if x < -2^(n-1), else 0 */
  | `under${number}`
  /** x / y modulo r, for y other than 0 */
  | 'ratio'
  /** The square root of x that is at most (r-1)/2 */
  | 'root'
  /** Of x, y, z: a w with w^8 * (y^2 * z)^2 = x */
  | 'eighthRoot'
  /** y of the point of the prime-order subgroup with this x */
  | 'ordinate'
  /** 1 if x >= l, the order of the subgroup, else 0 */
  | 'overOrder'
  /** 1 if x is a square, else 0 */
  | 'isSquare'
  /** 1 if x <= (r-1)/2, else 0 */
  | 'lowHalf';

/** The rule for one advice value: how it follows from values that are known before it. */
export interface AdviceHint {
  readonly kind: AdviceKind;
  readonly operands: readonly Source[];
}

/** @throws Halt where the honest prover has no value: HALT_DIVISION_BY_ZERO, HALT_NO_ROOT, HALT_CAST */
export function computeAdvice(kind: AdviceKind, operands: readonly bigint[]): bigint {
  const [x, y, z] = operands;
  switch (kind) {
    case 'inverse':
      if (x === 0n) throw new Halt('HALT_DIVISION_BY_ZERO', 'zero has no inverse');
      return fieldInv(x);
    case 'quotient':
      return x / divisor(y);
    case 'remainder':
      return x % divisor(y);
    case 'signedQuotient':
      return toField(integerOf(x) / divisor(integerOf(y)));
    case 'signedRemainder':
      return toField(integerOf(x) % divisor(integerOf(y)));
    case 'ratio':
      return fieldDiv(x, divisor(y));
    case 'root':
      return rootOf(x);
    case 'eighthRoot':
      // -1 is an eighth power, so it does not matter which roots are taken.
      return rootOf(rootOf(rootOf(fieldDiv(x, divisor(fieldPow(fieldMul(fieldMul(y, y), z), 2n))))));
    case 'ordinate':
      return ordinate(x);
    case 'overOrder':
      return truth(x >= SUBGROUP_ORDER);
    case 'isSquare':
      return truth(isSquare(x));
    case 'lowHalf':
      return truth(x <= HALF_FIELD);
    case 'below64':
      return x >> 64n === 0n ? 1n : 0n;
    case 'within64':
      return truth(integerOf(x) >> 64n === 0n || integerOf(x) >> 64n === -1n);
    default:
      return withNumber(kind, x);
  }
}

/** Kinds that carry a number. */
function withNumber(kind: AdviceKind, x: bigint): bigint {
  const [, name, digits] = /^([a-z]+)([0-9]+)$/.exec(kind)!;
  const n = BigInt(digits);
  switch (name) {
    case 'high':
      return x >> n;
    case 'floor':
      return toField(integerOf(x) >> n);
    case 'round':
      return toField((integerOf(x) + (1n << (n - 1n))) >> n);
    case 'bit':
      return (x >> n) & 1n;
    case 'nobit':
      return 1n - ((x >> n) & 1n);
    case 'over':
      return truth(integerOf(x) >= 1n << (n - 1n));
    case 'under':
      return truth(integerOf(x) < -(1n << (n - 1n)));
    default:
      throw new Error(`unknown kind of advice: ${kind}`);
  }
}

function divisor(y: bigint): bigint {
  if (y === 0n) throw new Halt('HALT_DIVISION_BY_ZERO', 'division by zero');
  return y;
}

function rootOf(x: bigint): bigint {
  const root = fieldSqrt(x);
  if (root === undefined) throw new Halt('HALT_NO_ROOT', `${x}field has no square root`);
  return root;
}

function ordinate(x: bigint): bigint {
  const point = subgroupPoint(x);
  if (point === undefined) throw new Halt('HALT_CAST', `${x} is no x of a group element`);
  return point.y;
}

function truth(condition: boolean): bigint {
  return condition ? 1n : 0n;
}
