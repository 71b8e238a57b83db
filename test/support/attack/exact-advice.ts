/**
 * Finds all advice with which a call satisfies its conditions, exactly instead of by trial.
 * - Advice that stands alone in a condition of first degree is solved for.
 * - Advice that must lie in a range, with another value of first degree in it in a range, is found by the Euclidean
 *   algorithm (the least t with l <= a t mod r <= u), for ranges of any width.
 * - Bits are tried both ways, and every dependent value is recomputed.
 * It reports where this does not suffice (products of two unknowns).
 */

import { type EvaluationInputs, evaluate } from '../../../avm/evaluate.ts';
import type { AvmTrace } from '../../../avm/function.ts';
import type { LoweredFunction } from '../../../avm/lowered-function.ts';
import { fieldInv, toField } from '../../../protocol/field.ts';
import { violations } from '../avm/violations.ts';
import { type Condition, conditionsOf } from './advice-conditions.ts';
import { showOutputs } from './forge-search.ts';
import { type Line, rootsOf, solve } from './modular-lines.ts';

export interface ExactAdvice {
  /** Outputs of all satisfying witnesses; more than one is a hole, one for a call that halts, too. */
  readonly outputs: ReadonlySet<string>;
  readonly witnesses: number;
  /** False: not all were found. */
  readonly complete: boolean;
}

/** Most assignments that are looked at. */
const NODES = 4000;

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

function withAll(
  advice: readonly (bigint | undefined)[],
  changes: readonly [number, bigint][],
): (bigint | undefined)[] {
  const next = [...advice];
  for (const [index, value] of changes) next[index] = toField(value);
  return next;
}

/** Every satisfying witness of a call, by its outputs. */
export function exactAdvice(lowered: LoweredFunction, given: EvaluationInputs): ExactAdvice {
  const search = new Search(lowered, given);
  search.run(Array(lowered.fn.adviceCount).fill(undefined));
  const { outputs, witnesses, complete } = search;
  return { outputs, witnesses, complete };
}
