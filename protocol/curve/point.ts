import { edwards } from '@noble/curves/abstract/edwards.js';
import { COFACTOR, FIELD_MODULUS, SUBGROUP_ORDER } from '../constants.ts';
import { AzaleaError } from '../errors.ts';
import { type Field, fieldDiv, fieldMul, fieldSqrt, fieldSub, isField } from '../field.ts';
import { isEightfold } from './subgroup.ts';

/** An affine point of Baby Jubjub. */
export interface Point {
  readonly x: Field;
  readonly y: Field;
}

/** Baby Jubjub: a x^2 + y^2 = 1 + d x^2 y^2 (EIP-2494). */
export const CURVE_A = 168700n;
export const CURVE_D = 168696n;

/** The neutral element. */
export const IDENTITY: Point = { x: 0n, y: 1n };

/** Base8: generator of the prime-order subgroup (EIP-2494). */
export const G: Point = {
  x: 5299619240641551281634865583518297030282874472190772894086521144482721001553n,
  y: 16950150798460657717958625567821834550301663161624707787222815936182638968203n,
};

const NoblePoint = edwards({
  p: FIELD_MODULUS,
  n: SUBGROUP_ORDER,
  h: COFACTOR,
  a: CURVE_A,
  d: CURVE_D,
  Gx: G.x,
  Gy: G.y,
});

NoblePoint.BASE.precompute(8);

/** True for points that satisfy the curve equation with canonical coordinates. */
export function isOnCurve(point: Point): boolean {
  if (!isField(point.x) || !isField(point.y)) return false;
  const xx = fieldMul(point.x, point.x);
  const yy = fieldMul(point.y, point.y);
  const left = (CURVE_A * xx + yy) % FIELD_MODULUS;
  const right = (1n + CURVE_D * fieldMul(xx, yy)) % FIELD_MODULUS;
  return left === right;
}

/** Sum by the complete law. Both points must lie on the curve. */
export function addPoints(a: Point, b: Point): Point {
  return NoblePoint.fromAffine(a).add(NoblePoint.fromAffine(b)).toAffine();
}

/** -P = (-x, y). */
export function negatePoint(point: Point): Point {
  return { x: point.x === 0n ? 0n : FIELD_MODULUS - point.x, y: point.y };
}

/** scalar * point for any point on the curve and 0 <= scalar < 2^256. Throws SCALAR_OUT_OF_RANGE. */
export function mulPoint(point: Point, scalar: bigint): Point {
  if (scalar < 0n || scalar >> 256n !== 0n) {
    throw new AzaleaError('SCALAR_OUT_OF_RANGE', 'A scalar must lie in [0, 2^256).');
  }
  if (scalar === 0n) return IDENTITY;
  const base =
    point.x === G.x && point.y === G.y ? NoblePoint.BASE : NoblePoint.fromAffine({ x: point.x, y: point.y });
  if (scalar < SUBGROUP_ORDER) return base.multiply(scalar).toAffine();
  // Not reduced mod l: the point may have torsion.
  let sum = NoblePoint.ZERO;
  for (const bit of scalar.toString(2)) {
    sum = sum.double();
    if (bit === '1') sum = sum.add(base);
  }
  return sum.toAffine();
}

/** 1/8 mod l. */
const INVERSE_COFACTOR = 2394026564107420727433200628387514462817212225638746351800188703329891451411n;

/** P' = (1/8 mod l) * P with 8 * P' = P: the circuit's witness that P lies in the subgroup. */
export function cofactorPreimage(point: Point): Point {
  return mulPoint(point, INVERSE_COFACTOR);
}

/** 8 * point, which clears torsion. */
export function clearCofactor(point: Point): Point {
  return NoblePoint.fromAffine(point).clearCofactor().toAffine();
}

/** True for points of the prime-order subgroup, the neutral element included. */
export function isInSubgroup(point: Point): boolean {
  if (!isOnCurve(point)) return false;
  return isEightfold(point.x, point.y) ?? NoblePoint.fromAffine(point).isTorsionFree();
}

/**
 * The point of the prime-order subgroup with this x: of (x, y) and (x, -y) at most one lies in it.
 * Throws POINT_NOT_IN_SUBGROUP for an x without one, and for x = 0 (the neutral element is nobody's key).
 */
export function decompress(x: Field, what = 'point'): Point {
  const point = isField(x) && x !== 0n ? subgroupPoint(x) : undefined;
  if (point === undefined) {
    throw new AzaleaError(
      'POINT_NOT_IN_SUBGROUP',
      `The ${what} is no point of Baby Jubjub's prime-order subgroup.`,
    );
  }
  return point;
}

/** True for an x other than 0 that names a point of the prime-order subgroup. */
export function isSubgroupX(x: Field): boolean {
  return isField(x) && x !== 0n && subgroupPoint(x) !== undefined;
}

/** The point of the prime-order subgroup with this canonical x, the neutral element for 0; undefined if there is none. */
export function subgroupPoint(x: Field): Point | undefined {
  const xx = fieldMul(x, x);
  // y^2 = (1 - a x^2) / (1 - d x^2); the divisor is never 0 because d is not a square.
  const yy = fieldDiv(fieldSub(1n, fieldMul(CURVE_A, xx)), fieldSub(1n, fieldMul(CURVE_D, xx)));
  const y = fieldSqrt(yy);
  if (y === undefined) return undefined;
  for (const candidate of [y, y === 0n ? 0n : FIELD_MODULUS - y]) {
    if (isInSubgroup({ x, y: candidate })) return { x, y: candidate };
  }
  return undefined;
}
