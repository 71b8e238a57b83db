/**
 * Lowers `cast.lossy` of a field element x into a point: the point of the subgroup with this x. Where there is none, the
 * result is the generator for x = 1, else the point of Elligator 2 (hash-to-point.ts). Both are computed, and a proven bit
 * chooses.
 *
 * Three quadratic characters show whether x belongs to the subgroup. With 5, no square, and advice a, b, c, p, q, m:
 * D = 1 - d x^2 and A = 1 - a' x^2, where a' and d are those of the curve;
 *   q^2 = (a ? 1 : 5) D;  p^2 = (b ? 1 : 5) A;  m^2 = (c ? 1 : 5) (1 + p)(p + q)
 * For x other than 0 there is a point of the subgroup with this x exactly if a = b = c = 1.
 * Proof, and the uniqueness of a b c: docs/proofs/lowering-casts.md.
 *
 * 0 and 1 take neither way: for x^2 = x the result is x times the generator's. The characters are then those of x + 1, which
 * is not 0; nothing reads them. So Elligator 2 never meets 0, either.
 */

import { NON_RESIDUE } from '../../../../protocol/curve/hash-to-group.ts';
import { CURVE_A, CURVE_D, G } from '../../../../protocol/curve/point.ts';
import { castLossy } from '../../../instructions/rules/cast-literal.ts';
import type { Builder } from '../../builder.ts';
import type { Wire } from '../../wire.ts';
import { elligator } from '../curve/hash-to-point.ts';
import { isPoint } from '../curve/point.ts';

/** 1 if x is a square, with its root or that of 5 x; free for x = 0. */
function character(builder: Builder, x: Wire): { isSquare: Wire; root: Wire } {
  const isSquare = builder.advice('isSquare', [x]);
  builder.assertBoolean(isSquare);
  const square = builder.select(isSquare, x, builder.mul(x, builder.constant(NON_RESIDUE)));
  const root = builder.advice('root', [square]);
  builder.assertEqual(builder.mul(root, root), square);
  return { isSquare, root };
}

/** 1 if the subgroup has a point with this x, which is not 0. */
function isMember(builder: Builder, x: Wire): Wire {
  const xx = builder.mul(x, x);
  const one = builder.constant(1n);
  const { isSquare: a, root: q } = character(builder, builder.mulAdd(xx, builder.constant(-CURVE_D), one));
  const { isSquare: b, root: p } = character(builder, builder.mulAdd(xx, builder.constant(-CURVE_A), one));
  const sum = builder.add(p, q);
  const { isSquare: c } = character(builder, builder.mulAdd(p, sum, sum));
  return builder.mul(builder.mul(a, b), c);
}

/** x of the group element that a field element is nearest to. Its y is recovered on demand. */
export function nearestPoint(builder: Builder, x: Wire): Wire {
  if (x.kind === 'constant') return builder.constant(castLossy(x.value, 'field', 'group')!);
  if (isPoint(builder, x)) return x;
  const special = builder.equal(builder.mul(x, x), x);
  const u = builder.add(x, special);
  const found = builder.select(isMember(builder, u), x, elligator(builder, u));
  return builder.select(special, builder.mul(x, builder.constant(G.x)), found);
}
