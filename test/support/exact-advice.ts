/**
 * All advice with which a call satisfies its conditions, found exactly instead of by trial: an advice value that stands alone in a
 * condition of first degree is solved for; one that must lie in a range, with another value of first degree in it in a range, is
 * found by the Euclidean algorithm (the least t with l <= a t mod r <= u), however wide the ranges are. Bits are tried both ways,
 * every dependent value is recomputed. Where this does not get on (products of two unknowns) it says so.
 */
import type { AvmFunction, AvmTrace, Source } from '../../program/bytecode/types.ts';
import { type EvaluationInputs, evaluate } from '../../program/evaluator.ts';
import { integerOf } from '../../program/literal.ts';
import type { LoweredFunction } from '../../program/lowering/lowered-function.ts';
import { FIELD_MODULUS } from '../../protocol/constants.ts';
import { fieldInv, fieldMul, fieldSqrt, toField } from '../../protocol/field.ts';
import { violations } from './avm-violations.ts';
import { showOutputs } from './forge-search.ts';
import { sourceReader } from './source-reader.ts';

export interface ExactAdvice {
  /** Outputs of all satisfying witnesses; more than one is a hole, one for a call that halts, too. */
  readonly outputs: ReadonlySet<string>;
  readonly witnesses: number;
  /** False: not all were found. */
  readonly complete: boolean;
}

/** A quantity that must be 0, or lie in [0, size). */
interface Condition {
  readonly quantity: (trace: AvmTrace) => bigint;
  readonly size: bigint;
  /** Advice that it is a polynomial in, and advice that it depends on in other ways. */
  readonly smooth: ReadonlySet<number>;
  readonly opaque: ReadonlySet<number>;
}

/** a t + b modulo r, of an unknown t. */
interface Line {
  readonly a: bigint;
  readonly b: bigint;
  readonly size: bigint;
}

/** Most values of one advice that are looked at. */
const MOST = 300;
/** Most assignments that are looked at. */
const NODES = 4000;

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

class Search {
  private readonly lowered: LoweredFunction;
  private readonly given: EvaluationInputs;
  private readonly conditions: readonly Condition[];
  private readonly count: number;
  readonly outputs = new Set<string>();
  witnesses = 0;
  complete = true;
  private nodes = 0;

  constructor(lowered: LoweredFunction, given: EvaluationInputs) {
    this.lowered = lowered;
    this.given = given;
    this.count = lowered.fn.adviceCount;
    this.conditions = conditionsOf(lowered.fn, given);
  }

  private trace(
    advice: readonly (bigint | undefined)[],
    changes: readonly [number, bigint][] = [],
  ): AvmTrace {
    const pinned = new Map(advice.map((value, i) => [i, value ?? 0n]));
    for (const [index, value] of changes) pinned.set(index, toField(value));
    return evaluate(this.lowered, this.given, { advice: pinned }).trace;
  }

  run(advice: readonly (bigint | undefined)[]): void {
    if (!this.complete) return;
    if (++this.nodes > NODES) {
      this.complete = false;
      return;
    }
    const open = new Set(
      Array.from({ length: this.count }, (_, i) => i).filter((i) => advice[i] === undefined),
    );
    const here = this.trace(advice);
    const dependsOn = ({ smooth, opaque }: Condition): number[] => [
      ...new Set([...smooth, ...opaque].filter((i) => open.has(i))),
    ];
    for (const condition of this.conditions) {
      if (dependsOn(condition).length === 0 && condition.quantity(here) >= condition.size) return;
    }
    if (open.size === 0) {
      this.take(advice);
      return;
    }
    const tried = [...open]
      .map((index) => ({ index, values: this.valuesAlone(advice, index, dependsOn) }))
      .filter(({ values }) => values !== undefined)
      .sort((x, y) => x.values!.length - y.values!.length);
    const best = tried[0] as { index: number; values: bigint[] } | undefined;
    const pair =
      best !== undefined && best.values.length <= 1 ? undefined : this.pair(advice, open, dependsOn);
    if (pair !== undefined && (best === undefined || pair.length < best.values.length)) {
      for (const changes of pair) this.run(withAll(advice, changes));
    } else if (best !== undefined) {
      for (const value of best.values) this.run(withAll(advice, [[best.index, value]]));
    } else {
      this.complete = false;
    }
  }

  private take(advice: readonly (bigint | undefined)[]): void {
    const pinned = new Map(advice.map((value, i) => [i, value!]));
    const evaluation = evaluate(this.lowered, this.given, { advice: pinned });
    if (violations(this.lowered.fn, this.given, evaluation.trace).length > 0) return;
    this.witnesses++;
    this.outputs.add(showOutputs(evaluation));
  }

  /** Values of one advice by the conditions in which no other unknown stands. */
  private valuesAlone(
    advice: readonly (bigint | undefined)[],
    index: number,
    dependsOn: (condition: Condition) => number[],
  ): bigint[] | undefined {
    const own = this.conditions.filter((condition) => {
      const unknown = dependsOn(condition);
      return unknown.length === 1 && unknown[0] === index && !condition.opaque.has(index);
    });
    const lines = own.flatMap((condition) => this.line(advice, condition, (t) => [[index, t]]) ?? []);
    const values = solve(lines);
    if (values !== undefined) return values;
    for (const { size, quantity } of own) {
      if (size !== 1n) continue;
      const roots = rootsOf((t) => quantity(this.trace(advice, [[index, t]])));
      if (roots !== undefined) return roots;
    }
    return undefined;
  }

  /** Values of two advice values that an equation of first degree joins. */
  private pair(
    advice: readonly (bigint | undefined)[],
    open: ReadonlySet<number>,
    dependsOn: (condition: Condition) => number[],
  ): [number, bigint][][] | undefined {
    for (const equation of this.conditions) {
      if (equation.size !== 1n || equation.opaque.size > 0) continue;
      const unknown = dependsOn(equation);
      if (unknown.length !== 2) continue;
      for (const [v, u] of [unknown, [...unknown].reverse()]) {
        const at = (x: bigint, y: bigint): bigint =>
          equation.quantity(
            this.trace(advice, [
              [v, x],
              [u, y],
            ]),
          );
        const [q00, q10, q01] = [at(0n, 0n), at(1n, 0n), at(0n, 1n)];
        const [a, c] = [toField(q10 - q00), toField(q01 - q00)];
        if (
          c === 0n ||
          at(5n, 7n) !== toField(q00 + 5n * a + 7n * c) ||
          at(-3n, 11n) !== toField(q00 - 3n * a + 11n * c)
        )
          continue;
        const inverse = fieldInv(c);
        const both = (t: bigint): [number, bigint][] => [
          [v, t],
          [u, toField(-(q00 + a * t) * inverse)],
        ];
        const lines = this.conditions
          .filter((condition) => {
            const needs = dependsOn(condition);
            return (
              condition !== equation &&
              needs.length > 0 &&
              needs.every((i) => i === v || i === u) &&
              needs.every((i) => !condition.opaque.has(i))
            );
          })
          .flatMap((condition) => this.line(advice, condition, both) ?? []);
        const values = open.has(v) ? solve(lines) : undefined;
        if (values !== undefined) return values.map(both);
      }
    }
    return undefined;
  }

  /** A condition as a line in t, where t changes the advice as given; undefined if it is none. */
  private line(
    advice: readonly (bigint | undefined)[],
    { quantity, size }: Condition,
    change: (t: bigint) => readonly [number, bigint][],
  ): [Line] | undefined {
    const at = (t: bigint): bigint => quantity(this.trace(advice, change(t)));
    const b = at(0n);
    const a = toField(at(1n) - b);
    const straight = [2n, -1n, 12345678901234567890n].every((t) => at(t) === toField(a * t + b));
    return straight ? [{ a, b, size }] : undefined;
  }
}

/** Where a t^n + b is 0, n = 2, 4 or 8; undefined if the quantity is no such power. */
function rootsOf(at: (t: bigint) => bigint): bigint[] | undefined {
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
function solve(lines: readonly Line[]): bigint[] | undefined {
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

function withAll(
  advice: readonly (bigint | undefined)[],
  changes: readonly [number, bigint][],
): (bigint | undefined)[] {
  const next = [...advice];
  for (const [index, value] of changes) next[index] = toField(value);
  return next;
}

function conditionsOf(fn: AvmFunction, given: EvaluationInputs): Condition[] {
  const read = sourceReader(fn, given);
  const dependencies = dependenciesOf(fn);
  const conditions: Condition[] = [];
  const add = (
    sources: readonly (Source | undefined)[],
    size: bigint,
    quantity: (values: readonly bigint[]) => bigint,
  ): void => {
    const found = sources.map(dependencies);
    conditions.push({
      size,
      quantity: (trace) => toField(quantity(sources.map((source) => read(trace, source)))),
      smooth: new Set(found.flatMap(({ smooth }) => [...smooth])),
      opaque: new Set(found.flatMap(({ opaque }) => [...opaque])),
    });
  };
  for (const { one, c: sign, select, assert, boolean, operands } of fn.rows) {
    const { a, b, c } = operands;
    const used = [a, one === true ? undefined : b, sign === 0 ? undefined : c];
    if (assert === true) {
      add(used, 1n, ([x, y, z]) => {
        const last = BigInt(sign ?? 0) * z;
        return x * ((one === true ? 1n : y) - (select === true ? last : 0n)) + last;
      });
    }
    if (boolean === true) add([a], 2n, ([x]) => x);
  }
  for (const { widthA, widthB, compare, checkA, checkB, operands } of fn.wide) {
    const { a, b } = operands;
    const size = (width: number, check: boolean | undefined): bigint =>
      1n << BigInt(width + (check === true ? 0 : 1));
    if (widthA !== undefined && compare === true) {
      add([a, b], size(widthA, checkA), ([x, y]) => x - y + (1n << BigInt(widthA)));
    } else if (widthA !== undefined) add([a], size(widthA, checkA), ([x]) => x);
    if (widthB !== undefined) add([b], size(widthB, checkB), ([x]) => x);
  }
  return conditions;
}

type Dependencies = { readonly smooth: ReadonlySet<number>; readonly opaque: ReadonlySet<number> };

/** On which advice a source depends, through rows alone or through anything else. */
function dependenciesOf(fn: AvmFunction): (source: Source | undefined) => Dependencies {
  const none: Dependencies = { smooth: new Set(), opaque: new Set() };
  const known = new Map<string, Dependencies>();
  const join = (sources: readonly (Source | undefined)[], opaque: boolean): Dependencies => {
    const found = sources.map(of);
    const smooth = found.flatMap((each) => [...each.smooth]);
    const hidden = found.flatMap((each) => [...each.opaque]);
    return opaque
      ? { smooth: new Set(), opaque: new Set([...smooth, ...hidden]) }
      : { smooth: new Set(smooth), opaque: new Set(hidden) };
  };
  const find = (source: Source): Dependencies => {
    switch (source.kind) {
      case 'advice':
        return { smooth: new Set([source.index]), opaque: new Set() };
      case 'row': {
        const { one, c, equal, operands } = fn.rows[source.index];
        return join(
          [operands.a, one === true ? undefined : operands.b, c === 0 ? undefined : operands.c],
          equal === true,
        );
      }
      case 'wide': {
        const { compare, operands } = fn.wide[source.index];
        if (source.output === 'and' || compare === true) return join([operands.a, operands.b], true);
        return join([source.output === 'topA' ? operands.a : operands.b], true);
      }
      case 'hash':
        return join([fn.hash[source.index].cap, ...fn.hash[source.index].inputs], true);
      case 'group':
        return join([fn.group![source.index].x, fn.group![source.index].scalar], true);
      default:
        return none;
    }
  };
  const of = (source: Source | undefined): Dependencies => {
    if (source === undefined) return none;
    const key = JSON.stringify(source);
    const found = known.get(key) ?? find(source);
    known.set(key, found);
    return found;
  };
  return of;
}

/** Every satisfying witness of a call, by its outputs. */
export function exactAdvice(lowered: LoweredFunction, given: EvaluationInputs): ExactAdvice {
  const search = new Search(lowered, given);
  search.run(Array(lowered.fn.adviceCount).fill(undefined));
  const { outputs, witnesses, complete } = search;
  return { outputs, witnesses, complete };
}
