/** Values t for which a t + b modulo r lies in a range, exactly, however wide the ranges are; and roots of powers. */
import { FIELD_MODULUS } from '../../../protocol/constants.ts';
import { fieldInv, fieldMul, fieldSqrt, integerOf, toField } from '../../../protocol/field.ts';

/** a t + b modulo r, of an unknown t, that must lie in [0, size). */
export interface Line {
  readonly a: bigint;
  readonly b: bigint;
  readonly size: bigint;
}

/** Most values that are listed. */
const MOST = 300;

/** The least t >= 0 with l <= a t mod m <= u, for 0 <= l <= u < m; undefined if there is none. */
export function leastMultiple(a: bigint, m: bigint, l: bigint, u: bigint): bigint | undefined {
  if (l === 0n) return 0n;
  if (a === 0n) return undefined;
  const first = (l + a - 1n) / a;
  if (a * first <= u) return first;
  // No multiple of a lies between l and u, so of a t - m k in [l, u] the least k counts.
  const mod = (x: bigint): bigint => ((x % a) + a) % a;
  const k = leastMultiple(m % a, a, mod(-u), mod(-l));
  return k === undefined ? undefined : (l + m * k + a - 1n) / a;
}

/** All t in [0, end) with a t + b in [0, size) modulo r; undefined if there are more than MOST. */
export function multiplesBetween(end: bigint, { a, b, size }: Line): bigint[] | undefined {
  const found: bigint[] = [];
  for (let from = 0n; from < end; ) {
    const low = toField(-(b + a * from));
    const high = low + size - 1n;
    // A range that wraps around r is two.
    const parts =
      high < FIELD_MODULUS
        ? [[low, high]]
        : [
            [low, FIELD_MODULUS - 1n],
            [0n, high - FIELD_MODULUS],
          ];
    const hits = parts
      .map(([l, u]) => leastMultiple(a, FIELD_MODULUS, l, u))
      .filter((t): t is bigint => t !== undefined);
    if (hits.length === 0) return found;
    const t = from + hits.reduce((x, y) => (x < y ? x : y));
    if (t >= end) return found;
    if (found.push(t) > MOST) return undefined;
    from = t + 1n;
  }
  return found;
}

/** Solves a t^n + b = 0 for n = 2, 4 or 8; undefined if the quantity is no such power. */
export function rootsOf(at: (t: bigint) => bigint): bigint[] | undefined {
  const b = at(0n);
  const a = toField(at(1n) - b);
  const degree = [2n, 4n, 8n].find((n) =>
    [2n, -1n, 3n, 1234567890123456789n].every((t) => at(t) === toField(a * t ** n + b)),
  );
  if (a === 0n || degree === undefined) return undefined;
  let roots = [fieldMul(toField(-b), fieldInv(a))];
  for (let n = degree; n > 1n; n /= 2n) {
    roots = roots.flatMap((x) => {
      const root = fieldSqrt(x);
      if (root === undefined) return [];
      return root === 0n ? [root] : [root, FIELD_MODULUS - root];
    });
  }
  return roots;
}

/** Lines of one direction have one range in common; undefined if two have none. */
function merge(lines: readonly Line[]): Line[] | undefined {
  const merged: Line[] = [];
  for (const line of lines) {
    const { a, b, size } = line;
    if (a === 0n) {
      if (b >= size) return undefined;
      continue;
    }
    const index = merged.findIndex((known) => known.a === a || known.a === FIELD_MODULUS - a);
    if (index < 0) {
      merged.push(line);
      continue;
    }
    const known = merged[index];
    // Upside down: size - 1 - (a t + b) lies in the same range.
    const moved = known.a === a ? b : size - 1n - b;
    // s = known.a t + known.b lies in [0, known.size) and in [-shift, size - shift).
    const shift = integerOf(toField(moved - known.b));
    const low = shift < 0n ? -shift : 0n;
    const high = size - shift < known.size ? size - shift : known.size;
    if (low >= high) return undefined;
    merged[index] = { a: known.a, b: toField(known.b - low), size: high - low };
  }
  return merged;
}

/** All t for which every line lies in its range; undefined if they cannot be listed. */
export function solve(lines: readonly Line[]): bigint[] | undefined {
  const merged = merge(lines);
  if (merged === undefined) return [];
  const [least, ...others] = merged.sort((x, y) => (x.size < y.size ? -1 : x.size > y.size ? 1 : 0));
  if (least === undefined) return undefined;
  const inverse = fieldInv(least.a);
  const back = (s: bigint): bigint => fieldMul(toField(s - least.b), inverse);
  const inAll = (t: bigint): boolean => others.every(({ a, b, size }) => toField(a * t + b) < size);
  if (least.size <= BigInt(MOST)) {
    return Array.from({ length: Number(least.size) }, (_, s) => back(BigInt(s))).filter(inAll);
  }
  // With s = a t + b of the narrowest range, every other line is one in s.
  for (const { a, b, size } of others) {
    const slope = fieldMul(a, inverse);
    const found = multiplesBetween(least.size, { a: slope, b: toField(b - slope * least.b), size });
    if (found !== undefined) return found.map(back).filter(inAll);
  }
  return undefined;
}
