/**
 * An adversary against lowering rules: looks for advice with which a call has a proof although it halts, or has a proof of other
 * outputs. Every dependent value is recomputed (unforged advice honestly, from forged values).
 *
 * 1. Seeds: each advice value replaced by 0, 1, its neighbours, its complement, aliases by r and by powers of two, values of
 *    other advice, random ones; pairs of such.
 * 2. Repair: while constraints are broken, one of them is taken, a value that would satisfy it is chosen, and the equation is
 *    solved for another advice value (most are of first degree in each), up to a depth. (q - 1, r + b) is found this way.
 */

import { type Evaluation, type EvaluationInputs, evaluate } from '../../../avm/evaluate.ts';
import type { AvmTrace } from '../../../avm/function.ts';
import type { LoweredFunction } from '../../../avm/lowered-function.ts';
import { FIELD_MODULUS } from '../../../protocol/constants.ts';
import { fieldInv, toField } from '../../../protocol/field.ts';
import type { Random } from '../avm/functions.ts';
import { type Violation, violations } from '../avm/violations.ts';

export type Advice = ReadonlyMap<number, bigint>;

export interface ForgeryFound {
  readonly advice: Advice;
  readonly evaluation: Evaluation;
}

export interface ForgeSearch {
  /** A forgery that satisfies every constraint with outputs other than `honest`. */
  readonly found: ForgeryFound | undefined;
  /** Witnesses tried. */
  readonly tried: number;
  /** Witnesses with changed advice that satisfied every constraint and changed no output. */
  readonly harmless: number;
  /** Some of the refused witnesses, for a check on the real constraints. */
  readonly refused: readonly ForgeryFound[];
}

export interface ForgeOptions {
  readonly lowered: LoweredFunction;
  readonly given: EvaluationInputs;
  /** Outputs of the honest call; undefined: the call halts, so nothing may pass. */
  readonly honest: Pick<Evaluation, 'recordOutputs' | 'message'> | undefined;
  readonly random: Random;
  /** Most witnesses to try. */
  readonly budget: number;
  /** Refused witnesses to keep. */
  readonly keep?: number;
}

/** The outputs of a call, comparable. */
export function showOutputs({
  recordOutputs,
  message,
}: Pick<Evaluation, 'recordOutputs' | 'message'>): string {
  return JSON.stringify(
    [recordOutputs.map(({ owner, data }) => [owner, data]), message ?? null],
    (_, value) => (typeof value === 'bigint' ? String(value) : value),
  );
}

/** Searches within `budget` witnesses. Deterministic for a given random source. */
export function searchForgery(options: ForgeOptions): ForgeSearch {
  const { lowered, given, honest, random, budget, keep = 0 } = options;
  const { fn } = lowered;
  const wanted = honest === undefined ? undefined : showOutputs(honest);
  const refused: ForgeryFound[] = [];
  let found: ForgeryFound | undefined;
  let tried = 0;
  let harmless = 0;

  const attempt = (advice: Advice): { broken: Violation[]; trace: AvmTrace } => {
    tried++;
    const evaluation = evaluate(lowered, given, { advice });
    const broken = violations(fn, given, evaluation.trace);
    if (broken.length > 0) {
      if (refused.length < keep) refused.push({ advice, evaluation });
      else if (keep > 0 && random.below(tried) < keep) refused[random.below(keep)] = { advice, evaluation };
    } else if (showOutputs(evaluation) !== wanted) found ??= { advice, evaluation };
    else harmless++;
    return { broken, trace: evaluation.trace };
  };

  /** The value of advice `index` that brings the quantity to `target`, if it is of first degree in it. */
  const solve = (
    advice: Advice,
    trace: AvmTrace,
    { quantity }: Violation,
    index: number,
    target: bigint,
    frozen: boolean,
  ): bigint | undefined => {
    const at = (value: bigint): bigint => {
      tried++;
      const pinned = frozen ? new Map(trace.advice.map((v, i) => [i, v])) : new Map(advice);
      pinned.set(index, value);
      return quantity(evaluate(lowered, given, { advice: pinned }).trace);
    };
    const [f0, f1] = [at(0n), at(1n)];
    const slope = toField(f1 - f0);
    if (slope === 0n) return undefined;
    if (toField(at(2n) - f0 - 2n * slope) !== 0n) return undefined;
    return toField((target - f0) * fieldInv(slope));
  };

  const repair = (advice: Advice, depth: number): void => {
    if (found !== undefined || tried >= budget) return;
    const { broken, trace } = attempt(advice);
    if (broken.length === 0 || depth === 0 || found !== undefined) return;
    const violation = depth > 1 ? broken[0] : random.pick(broken);
    const open = lowered.hints.map((_, i) => i).filter((i) => !advice.has(i));
    shuffle(open, random);
    for (const index of open) {
      for (const frozen of [false, true]) {
        for (const target of violation.targets) {
          if (found !== undefined || tried >= budget) return;
          const value = solve(advice, trace, violation, index, target, frozen);
          if (value === undefined) break;
          const next = frozen ? new Map(trace.advice.map((v, i) => [i, v])) : new Map(advice);
          next.set(index, value);
          repair(frozen ? keepForged(next, trace, advice, index, lowered, given) : next, depth - 1);
        }
      }
    }
  };

  const count = lowered.hints.length;
  if (honest === undefined) repair(new Map(), Math.min(3, count));
  if (count === 0 || found !== undefined) return { found, tried, harmless, refused };
  const base = evaluate(lowered, given, { advice: new Map() }).trace.advice;
  const seeds: Advice[] = [];
  base.forEach((value, i) => {
    for (const candidate of candidates(value, base, random)) {
      if (candidate !== value) seeds.push(new Map([[i, candidate]]));
    }
  });
  for (let pairs = 4 * count; pairs > 0 && count > 1; pairs--) {
    const [i, k] = [random.below(count), random.below(count)];
    if (i === k) continue;
    seeds.push(
      new Map([
        [i, random.pick(candidates(base[i], base, random))],
        [k, random.pick(candidates(base[k], base, random))],
      ]),
    );
  }
  shuffle(seeds, random);
  // First every seed alone, then repairs of as many as the budget allows.
  for (const seed of seeds.slice(0, Math.ceil(budget / 3))) repair(seed, 0);
  while (found === undefined && tried < budget) repair(random.pick(seeds), Math.min(3, count));
  return { found, tried, harmless, refused };
}

/** Of fully pinned advice, keeps what differs from an honest computation, so that later repairs may still choose. */
function keepForged(
  pinned: Advice,
  trace: AvmTrace,
  before: Advice,
  index: number,
  lowered: LoweredFunction,
  given: EvaluationInputs,
): Advice {
  const slim = new Map(before);
  slim.set(index, pinned.get(index)!);
  const { trace: after } = evaluate(lowered, given, { advice: slim });
  trace.advice.forEach((value, i) => {
    if (i !== index && after.advice[i] !== value) slim.set(i, value);
  });
  return slim;
}

const POWERS = [1n, 7n, 8n, 15n, 16n, 31n, 32n, 63n, 64n, 127n, 128n];

/** Replacements of one advice value. */
function candidates(value: bigint, all: readonly bigint[], random: Random): bigint[] {
  const list = [
    0n,
    1n,
    2n,
    value + 1n,
    value - 1n,
    1n - value,
    -value,
    -1n,
    2n * value,
    all[random.below(all.length)],
  ];
  const power = 1n << random.pick(POWERS);
  list.push(value + power, value - power, power, power - 1n, value * power, random.field());
  // The results of the honest formula for operands moved by the modulus.
  list.push((value + FIELD_MODULUS) / power, (FIELD_MODULUS - 1n) / power, value ^ power, value / 2n);
  if (value !== 0n) list.push(fieldInv(value));
  return list.map(toField);
}

function shuffle<T>(list: T[], random: Random): void {
  for (let i = list.length - 1; i > 0; i--) {
    const k = random.below(i + 1);
    [list[i], list[k]] = [list[k], list[i]];
  }
}
