/**
 * A search for forged advice. One attempt replaces a few advice values by likely ones, then solves for others so that
 * conditions are met. Every value of a function is nearly always linear in one advice value. So two runs show which advice
 * gives a condition's value the wished one, modulo r. All dependent values are recomputed in every run.
 */

import { type Evaluation, type EvaluationInputs, evaluate } from '../../../avm/evaluate.ts';
import type { AvmFunction, Source } from '../../../avm/function.ts';
import type { LoweredFunction } from '../../../avm/lowered-function.ts';
import type { Program } from '../../../program/compile/artifact.ts';
import { interpret } from '../../../program/run/interpreter.ts';
import type { Typed } from '../../../program/values/types.ts';
import { FIELD_MODULUS } from '../../../protocol/constants.ts';
import { fieldInv, fieldMul, fieldSub, HALF_FIELD, toField } from '../../../protocol/field.ts';
import { holds } from '../avm/constraints.ts';
import { sourceReader } from '../avm/source-reader.ts';
import { CONTEXT, evaluationInputs } from '../program/programs.ts';

/** Deterministic random numbers below n. */
export type Random = (n: number) => number;

/** Mulberry32. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * n) | 0;
  };
}

/** A value that a condition looks at, and what would please it. */
interface Aim {
  readonly value: (run: Evaluation) => bigint;
  readonly targets: readonly bigint[];
}

function aimsOf(fn: AvmFunction, given: EvaluationInputs): Aim[] {
  const read = sourceReader(fn, given);
  const at = (source: Source | undefined) => (run: Evaluation) => read(run.trace, source);
  const aims: Aim[] = [];
  fn.rows.forEach((row, i) => {
    if (row.assert === true && row.equal !== true)
      aims.push({ value: (run) => run.trace.rows[i], targets: [0n] });
    if (row.boolean === true) aims.push({ value: at(row.operands.a), targets: [0n, 1n] });
  });
  const half = (width: number | undefined, value: Aim['value']): void => {
    if (width === undefined) return;
    const size = 1n << BigInt(width);
    aims.push({ value, targets: [0n, 1n, size - 1n, size >> 1n, (size >> 1n) - 1n, size >> 2n] });
  };
  for (const { widthA, widthB, compare, operands } of fn.wide) {
    const [a, b] = [at(operands.a), at(operands.b)];
    half(widthA, compare === true ? (run) => toField(a(run) - b(run) + (1n << BigInt(widthA!))) : a);
    half(widthB, b);
  }
  return aims;
}

/** Result of a call as its program means it; undefined if it halts. */
export function meantResult(program: Program, inputs: readonly Typed<bigint>[]): bigint | undefined {
  try {
    return interpret(program.checked, program.functions.get('f')!.checked, inputs, CONTEXT).outputs[0]
      .leaves[1];
  } catch {
    return undefined;
  }
}

/**
 * Returns advice under which all conditions of `lowered` hold although the first word of its record is not the program's;
 * undefined if `tries` attempts find none. `lowered` is the function f of the program, or that with a condition less.
 */
export function findForgery(
  program: Program,
  lowered: LoweredFunction,
  inputs: readonly Typed<bigint>[],
  tries: number,
  random: Random,
): string | undefined {
  const given = evaluationInputs(program, inputs);
  const meant = meantResult(program, inputs);
  const count = lowered.fn.adviceCount;
  const run = (advice: ReadonlyMap<number, bigint>): Evaluation => evaluate(lowered, given, { advice });
  const wins = (advice: ReadonlyMap<number, bigint>): boolean => {
    const result = run(advice);
    return holds(lowered.fn, result.trace, given) && result.recordOutputs[0].data[0] !== meant;
  };
  if (wins(new Map())) return 'the honest advice';
  const base = run(new Map());
  const honest = base.trace.advice;
  const aims = aimsOf(lowered.fn, given);
  const before = aims.map((aim) => aim.value(base));
  // The advice that each aim depends on.
  const levers = aims.map((): number[] => []);
  for (let index = 0; index < count; index++) {
    const moved = run(new Map([[index, toField(honest[index] + 3n)]]));
    aims.forEach((aim, k) => {
      if (aim.value(moved) !== before[k]) levers[k].push(index);
    });
  }
  const movable = aims.map((_, k) => k).filter((k) => levers[k].length > 0);
  const pick = <T>(list: readonly T[]): T => list[random(list.length)];
  const large = [...given.inputs].map(absolute).filter((v) => v >> 100n !== 0n);
  const guess = (index: number): bigint => {
    const value = honest[index];
    const power = 1n << BigInt(random(130));
    const wrapped = large.map((v) => FIELD_MODULUS / v);
    return toField(
      pick([
        ...[0n, 1n, 2n, -1n, value + 1n, value - 1n, -value, 2n * value, 1n - value],
        ...[power, -power, value + power, value - power],
        ...wrapped,
        ...wrapped.map((v) => -v),
      ]),
    );
  };
  /** Two neighbours changed so that a sum with weights 2 and 1, or 1 and 2, stays. */
  const carry = (advice: Map<number, bigint>): void => {
    const index = random(count);
    const next = index + pick([1, -1]);
    if (next < 0 || next >= count) return;
    const by = pick([1n, -1n]);
    advice.set(index, toField((advice.get(index) ?? honest[index]) + by));
    advice.set(next, toField((advice.get(next) ?? honest[next]) - 2n * by));
  };
  /** Advice for which an aim has a target. */
  const solve = (advice: Map<number, bigint>): void => {
    const k = pick(movable);
    const index = pick(levers[k]);
    const [at0, at1] = [0n, 1n].map((value) => aims[k].value(run(new Map([...advice, [index, value]]))));
    const slope = fieldSub(at1, at0);
    if (slope === 0n) return;
    advice.set(index, fieldMul(fieldSub(pick(aims[k].targets), at0), fieldInv(slope)));
  };
  for (let i = 0; i < tries && count > 0; i++) {
    const advice = new Map<number, bigint>();
    const carried = random(3) === 0;
    if (carried) carry(advice);
    const alone = carried && random(2) === 0;
    for (let k = alone ? 0 : random(3); k > 0; k--) {
      const index = random(count);
      advice.set(index, guess(index));
    }
    if (movable.length > 0) for (let k = alone ? 0 : random(4); k > 0; k--) solve(advice);
    if (wins(advice)) return [...advice].map(([index, value]) => `${index}: ${value}`).join(', ');
  }
  return undefined;
}

function absolute(value: bigint): bigint {
  return value > HALF_FIELD ? FIELD_MODULUS - value : value;
}
