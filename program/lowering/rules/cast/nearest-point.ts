/**
 * The point that `cast.lossy` makes of a field element x: that of the subgroup with this x; where there is none, the generator for
 * x = 1, else the point of Elligator 2 (hash-to-point.ts). Both are computed, and which of them counts is proven.
 *
 * Three quadratic characters show x to be one of the subgroup or not. With 5, no square, and advice a, b, c, p, q, m, short
 * D = 1 - d x^2 and A = 1 - a' x^2, where a' and d are those of the curve:
 *   q^2 = (a ? 1 : 5) D;  p^2 = (b ? 1 : 5) A;  m^2 = (c ? 1 : 5) (1 + p)(p + q)
 * Claim: for x other than 0 there is a point of the subgroup with this x exactly if a = b = c = 1.
 * D is never 0, as d is no square. A point with this x has y^2 = A / D. E(F) is cyclic of order 8l and (x, -y) = (0, -1) - (x, y) with
 * (0, -1) of order 2, so (x, y) or (x, -y) lies in 8E exactly if (x, y) lies in 4E. As in point.ts, with 2T of order 4 in place of T:
 * P lies in 4E exactly if f(P) is a fourth power, div f = 4(2T) - 4(O), f = (l2/s)^2 s. Here l2/s = (1 - k x)/x with k = v of 2T,
 * k^2 = a'; and s = (1+y)/(1-y) = (1+y)^2 D / (2x)^2, since 1 - y^2 = x^2 (a' - d y^2) = x^2 (a' - d) / D and a' - d = 4.
 * - D no square: f is none either, or there is no point. a = 0.
 * - D a square, A none: there is no point. b = 0.
 * - Both squares, A not 0: y = p/q for some choice of roots, and f = ((1 - k x)(p + q) / (2x^2))^2 is a fourth power exactly if
 *   (1 - k x)(p + q) is a square, as -1 and 2 are squares; (1 - k x + p)^2 = 2 (1 - k x)(1 + p), so 1 + p stands for 1 - k x. The other
 *   choices are those of (x, -y) and of both signs changed, so all give the same answer.
 * - A = 0: y = 0, the two points of order 4, not in 8E. With b = 1, (1 + p)(p + q) = q = +-2/k is no square (a test computes it): c = 0.
 * Uniqueness: D is not 0, so a is determined; if A is not 0, b is, too. If both are 1, (1 + p)(p + q) is not 0, as p = -1 and p = -q
 * both mean x = 0, so c is determined. If A = 0, b is free and a b c is 0 all the same. So a b c is determined for x other than 0;
 * p, q, m and what is left free of b and c reach nothing else.
 *
 * 0 and 1 take neither way: for x^2 = x the result is x times the generator's. The rest is asked of x + 1 there, which is not 0, so
 * that it has an answer; nothing reads it. So Elligator 2 never meets 0, either.
 */

import { NON_RESIDUE } from '../../../../protocol/curve/hash-to-group.ts';
import { CURVE_A, CURVE_D, G } from '../../../../protocol/curve/point.ts';
import { castLossy } from '../../../instructions/rules/cast-literal.ts';
import type { Builder } from '../../builder.ts';
import type { Wire } from '../../wire.ts';
import { elligator } from '../curve/hash-to-point.ts';
import { isPoint } from '../curve/point.ts';

/** Whether x is a square, with its root or that of 5 x; free for x = 0. */
function character(builder: Builder, x: Wire): { isSquare: Wire; root: Wire } {
  const isSquare = builder.advice('isSquare', [x]);
  builder.assertBoolean(isSquare);
  const square = builder.select(isSquare, x, builder.mul(x, builder.constant(NON_RESIDUE)));
  const root = builder.advice('root', [square]);
  builder.assertEqual(builder.mul(root, root), square);
  return { isSquare, root };
}

/** Whether there is a point of the subgroup with this x, which is not 0. */
function isMember(builder: Builder, x: Wire): Wire {
  const xx = builder.mul(x, x);
  const one = builder.constant(1n);
  const { isSquare: a, root: q } = character(builder, builder.mulAdd(xx, builder.constant(-CURVE_D), one));
  const { isSquare: b, root: p } = character(builder, builder.mulAdd(xx, builder.constant(-CURVE_A), one));
  const sum = builder.add(p, q);
  const { isSquare: c } = character(builder, builder.mulAdd(p, sum, sum));
  return builder.mul(builder.mul(a, b), c);
}

/** x of the group element that a field element is nearest to. Its y is recovered when it is asked for. */
export function nearestPoint(builder: Builder, x: Wire): Wire {
  if (x.kind === 'constant') return builder.constant(castLossy(x.value, 'field', 'group')!);
  if (isPoint(builder, x)) return x;
  const special = builder.equal(builder.mul(x, x), x);
  const u = builder.add(x, special);
  const found = builder.select(isMember(builder, u), x, elligator(builder, u));
  return builder.select(special, builder.mul(x, builder.constant(G.x)), found);
}
