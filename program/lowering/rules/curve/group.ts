/**
 * Lowers `add sub neg double mul` of group elements, and the choice between two, by the complete law.
 * With t = d x1 x2 y1 y2:
 *   x3 (1 + t) = x1 y2 + y1 x2,  y3 (1 - t) = y1 y2 - a x1 x2
 * 1 + t and 1 - t are never 0, because a is a square and d is not. Advice is x3 and, only where it is read, y3.
 * double: t = d x^2 y^2 = a x^2 + y^2 - 1 on the curve. Uniqueness: docs/proofs/lowering-curve.md.
 */
import { CURVE_A, CURVE_D } from '../../../../protocol/curve/point.ts';
import type { Builder } from '../../builder.ts';
import { type LoweringRule, onLiterals } from '../../rule.ts';
import { isConstant, type Wire } from '../../wire.ts';
import { isPoint, notePoint, ordinateOf } from './point.ts';

/** numerator / denominator; the caller shows that not both can be 0. */
export function ratio(builder: Builder, numerator: Wire, denominator: Wire): Wire {
  if (isConstant(denominator, 1n)) return numerator;
  const result = builder.advice('ratio', [numerator, denominator]);
  builder.assertEqual(builder.mul(result, denominator), numerator);
  return result;
}

function add(builder: Builder, x1: Wire, x2: Wire): Wire {
  if (isConstant(x1, 0n)) return x2;
  if (isConstant(x2, 0n)) return x1;
  if (x1 === x2) return double(builder, x1);
  const [y1, y2] = [ordinateOf(builder, x1), ordinateOf(builder, x2)];
  const one = builder.constant(1n);
  const xx = builder.mul(x1, x2);
  const yy = builder.mul(y1, y2);
  const t = builder.mul(xx, yy);
  const above = builder.mulAdd(t, builder.constant(CURVE_D), one);
  const x3 = ratio(builder, builder.mulAdd(y1, x2, builder.mul(x1, y2)), above);
  return notePoint(builder, x3, () => {
    const below = builder.mulAdd(t, builder.constant(-CURVE_D), one);
    return ratio(builder, builder.mulAdd(xx, builder.constant(-CURVE_A), yy), below);
  });
}

function double(builder: Builder, x: Wire): Wire {
  if (isConstant(x, 0n)) return x;
  const result = doubled(builder, x, ordinateOf(builder, x));
  return notePoint(builder, result.x, result.y);
}

/** Twice a point of the curve, not only of the subgroup; y is computed on demand. */
export function doubled(builder: Builder, x: Wire, y: Wire): { readonly x: Wire; readonly y: () => Wire } {
  const xx = builder.mul(x, x);
  const yy = builder.mul(y, y);
  const above = builder.mulAdd(xx, builder.constant(CURVE_A), yy);
  const x3 = ratio(builder, builder.mulAdd(x, y, builder.mul(x, y)), above);
  const y3 = (): Wire =>
    ratio(
      builder,
      builder.mulAdd(xx, builder.constant(-CURVE_A), yy),
      builder.sub(builder.constant(2n), above),
    );
  return { x: x3, y: y3 };
}

/** (-x, y) */
function negate(builder: Builder, x: Wire): Wire {
  return notePoint(builder, builder.sub(builder.constant(0n), x), () => ordinateOf(builder, x));
}

/** condition ? x1 : x2. Where y of only one is known, y of the result is recovered on demand: that costs no more. */
export function selectPoint(builder: Builder, condition: Wire, x1: Wire, x2: Wire): Wire {
  const result = builder.select(condition, x1, x2);
  if (!isPoint(builder, x1) || !isPoint(builder, x2)) return result;
  return notePoint(builder, result, () =>
    builder.select(condition, ordinateOf(builder, x1), ordinateOf(builder, x2)),
  );
}

/**
 * scalar * P in a group slot of the large circuit, which shows by itself that x is a group element's and determines both
 * coordinates. A scalar is below l < 2^251: its type's invariant. The product lies in the subgroup as P does.
 */
function multiply(builder: Builder, x: Wire, scalar: Wire): Wire {
  if (isConstant(x, 0n) || isConstant(scalar, 1n)) return x;
  if (isConstant(scalar, 0n)) return scalar;
  const product = builder.multiplyPoint(x, scalar);
  return notePoint(builder, product.x, () => product.y);
}

export const GROUP_MUL: LoweringRule = onLiterals((builder, [x, k]) => multiply(builder, x, k));
export const SCALAR_MUL: LoweringRule = onLiterals((builder, [k, x]) => multiply(builder, x, k));
export const GROUP_ADD: LoweringRule = onLiterals((builder, [x, y]) => add(builder, x, y));
export const GROUP_SUB: LoweringRule = onLiterals((builder, [x, y]) => add(builder, x, negate(builder, y)));
export const GROUP_DOUBLE: LoweringRule = onLiterals((builder, [x]) => double(builder, x));
export const GROUP_NEG: LoweringRule = onLiterals((builder, [x]) => negate(builder, x));
