/**
 * Lowers points of Baby Jubjub's prime-order subgroup (a x^2 + y^2 = 1 + d x^2 y^2, order l, cofactor 8), given by x alone.
 *
 * recover: advice y and w with
 *   (a - d y^2) x^2 = 1 - y^2                                       (the curve equation)
 *   (w^4 g)^2 = a - d y^2,  g = n^2 y^2 (1 + y) (1 - c x),  n = 1 + y - x (A + B y)
 * The second holds for some w exactly if the point (x, y) of the curve lies in the subgroup. y is then unique; w is not, and
 * reaches nothing else. Proof: docs/proofs/lowering-curve.md.
 *
 * A sum of subgroup points lies in the subgroup again. Its y needs no recovery: it is computed on demand.
 */
import { CURVE_A, CURVE_D, subgroupPoint } from '../../../../protocol/curve/point.ts';

import { AlwaysHalts, type Builder } from '../../builder.ts';
import type { Wire } from '../../wire.ts';

/** A, B: of the tangent at T. c: v of 2T. As in protocol/curve/subgroup.ts. */
export const LINE_A = 7214280148105020021932206872019688659210616427216992810330019057549499971851n;
export const LINE_B = 3036452725434226308479113912196190052410833632189693669563476290320836433509n;
export const LINE_C = 14673962723734255200314198873237586429337747973199041533368185129026308523766n;

/** The known points of one function: how to get y from the wire of x. */
const KNOWN = new WeakMap<Builder, Map<Wire, () => Wire>>();

function known(builder: Builder): Map<Wire, () => Wire> {
  const points = KNOWN.get(builder) ?? new Map<Wire, () => Wire>();
  KNOWN.set(builder, points);
  return points;
}

/** Returns whether x is known to be a point of the subgroup, so that y can be had. */
export function isPoint(builder: Builder, x: Wire): boolean {
  return x.kind === 'constant' || known(builder).has(x);
}

/** Notes that x is a point of the subgroup by construction; `ordinate` gives its y with the conditions that prove it. */
export function notePoint(builder: Builder, x: Wire, ordinate: () => Wire): Wire {
  const points = known(builder);
  if (!isPoint(builder, x)) {
    points.set(x, () => {
      const y = ordinate();
      points.set(x, () => y);
      return y;
    });
  }
  return x;
}

/** y of the subgroup's point with this x. Makes it a condition that there is one, unless that is known. */
export function ordinateOf(builder: Builder, x: Wire): Wire {
  if (x.kind === 'constant') {
    const point = subgroupPoint(x.value);
    if (point === undefined) throw new AlwaysHalts(`${x.value} is no x of a group element`);
    return builder.constant(point.y);
  }
  const ordinate = known(builder).get(x);
  if (ordinate !== undefined) return ordinate();
  const y = recover(builder, x);
  notePoint(builder, x, () => y);
  return y;
}

function recover(builder: Builder, x: Wire): Wire {
  const constant = (value: bigint): Wire => builder.constant(value);
  const one = constant(1n);
  const y = builder.advice('ordinate', [x]);
  const yy = builder.mul(y, y);
  const spread = builder.mulAdd(yy, constant(-CURVE_D), constant(CURVE_A));
  builder.assertEqual(builder.mul(builder.mul(x, x), spread), builder.sub(one, yy));
  const above = builder.add(y, one);
  const n = builder.mulAdd(x, builder.mulAdd(y, constant(-LINE_B), constant(-LINE_A)), above);
  const line = builder.mulAdd(x, constant(-LINE_C), one);
  const ny = builder.mul(n, y);
  const rest = builder.mul(above, line);
  const w = builder.advice('eighthRoot', [spread, ny, rest]);
  const half = builder.mul(builder.mul(w, w), ny);
  const root = builder.mul(builder.mul(half, half), rest);
  builder.assertEqual(builder.mul(root, root), spread);
  return y;
}
