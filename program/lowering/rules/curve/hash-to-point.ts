/**
 * Lowers the point of a hash: 8 times Elligator 2 of it (RFC 9380, 6.7.1). It is hashToGroup of docs/specification.md,
 * section 2. For u, not 0, t = 5 u^2 and J of the Montgomery form g(s) = s^3 + J s^2 + s:
 *   s1 (1 + t) = -J;  s = e ? s1 : -J - s1;  v^2 = e ? g(s1) : t g(s1), v <= (r-1)/2;  x v = s;  y (s + 1) = s - 1
 * Advice is s1, e, v and its limb, x, y, and the advice of the three doublings. Uniqueness: docs/proofs/lowering-curve.md.
 */
import { MONTGOMERY_J, NON_RESIDUE } from '../../../../protocol/curve/hash-to-group.ts';
import type { Builder } from '../../builder.ts';
import type { Wire } from '../../wire.ts';
import { lesserRoot } from '../field/field-power.ts';
import { doubled, ratio } from './group.ts';
import { notePoint } from './point.ts';

/** x of 8 * Elligator2(u), which makes u != 0 a condition. */
export function mapToPoint(builder: Builder, u: Wire): Wire {
  builder.assertZero(builder.equal(u, builder.constant(0n)));
  return elligator(builder, u);
}

/** x of 8 * Elligator2(u) for u that is not 0: the caller shows it. */
export function elligator(builder: Builder, u: Wire): Wire {
  const one = builder.constant(1n);
  const j = builder.constant(MONTGOMERY_J);
  const t = builder.mul(builder.mul(u, u), builder.constant(NON_RESIDUE));
  const s1 = ratio(builder, builder.constant(-MONTGOMERY_J), builder.add(t, one));
  const moved = builder.add(s1, j);
  const g1 = builder.mul(s1, builder.mulAdd(s1, moved, one));
  const square = builder.advice('isSquare', [g1]);
  builder.assertBoolean(square);
  const s = builder.select(square, s1, builder.sub(builder.constant(0n), moved));
  const v = lesserRoot(builder, builder.select(square, g1, builder.mul(t, g1)));
  const x = ratio(builder, s, v);
  const y = ratio(builder, builder.sub(s, one), builder.add(s, one));
  let point = { x, y: () => y };
  for (let i = 0; i < 3; i++) point = doubled(builder, point.x, point.y());
  return notePoint(builder, point.x, point.y);
}
