import { DOMAIN, FIELD_MODULUS } from '../constants.ts';
import { AzaleaError } from '../errors.ts';
import {
  type Field,
  fieldAdd,
  fieldDiv,
  fieldInv,
  fieldMul,
  fieldNeg,
  fieldSqrt,
  fieldSub,
} from '../field.ts';
import { hash } from '../hash/hash.ts';
import { clearCofactor, type Point } from './point.ts';

/** Montgomery coefficient J of v^2 = s^3 + J s^2 + s, the form of Baby Jubjub that Elligator 2 maps to. */
export const MONTGOMERY_J = 168698n;
/** Least non-residue of r. */
export const NON_RESIDUE = 5n;

/** Every value that the circuit computes on the way, for twin and forged-witness tests. */
export interface Elligator {
  readonly s1: Field;
  readonly isSquare: boolean;
  readonly s: Field;
  readonly v: Field;
  readonly point: Point;
}

/**
 * Elligator 2 (RFC 9380, 6.7.1) onto Baby Jubjub, before the cofactor is cleared; v is the root that is <= (r-1)/2.
 * Throws HASH_TO_GROUP_ZERO for u = 0, which no hash gives in practice.
 */
export function elligator2(u: Field): Elligator {
  if (u === 0n) throw new AzaleaError('HASH_TO_GROUP_ZERO', 'Elligator 2 is not defined here for u = 0.');
  // 1 + 5 u^2 is never 0: -1 is a square mod r, 5 is not.
  const s1 = fieldMul(fieldNeg(MONTGOMERY_J), fieldInv(fieldAdd(1n, fieldMul(NON_RESIDUE, fieldMul(u, u)))));
  const root1 = fieldSqrt(curveRight(s1));
  const s = root1 === undefined ? fieldSub(fieldNeg(MONTGOMERY_J), s1) : s1;
  const v = root1 ?? fieldSqrt(curveRight(s));
  if (v === undefined)
    throw new AzaleaError('HASH_TO_GROUP_ZERO', 'Neither Elligator 2 candidate has a root.');
  const point = { x: fieldDiv(s, v), y: fieldDiv(fieldSub(s, 1n), fieldAdd(s, 1n)) };
  return { s1, isSquare: root1 !== undefined, s, v, point };
}

function curveRight(s: Field): Field {
  const ss = fieldMul(s, s);
  return (fieldMul(ss, s) + MONTGOMERY_J * ss + s) % FIELD_MODULUS;
}

/** A point of the prime-order subgroup whose discrete logarithm nobody knows. */
export function hashToGroup(element: Field): Point {
  return clearCofactor(elligator2(hash(DOMAIN.HASH_TO_GROUP, [element])).point);
}
