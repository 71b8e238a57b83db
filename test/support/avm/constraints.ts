/** The constraints of a lowered function one by one, without the network, and the function with one of them taken out. */
import { checkRow, checkWide } from '../../../avm/check.ts';
import type { EvaluationInputs } from '../../../avm/evaluate.ts';
import type { AvmFunction, AvmTrace, Source } from '../../../avm/function.ts';
import type { LoweredFunction } from '../../../avm/lowered-function.ts';
import { WIDE_WIDTHS } from '../../../protocol/constants.ts';
import { weakenedFunctions } from '../attack/weakened.ts';
import { sourceReader } from './source-reader.ts';

/** The constraints of the AVM core without the network, whose routing no condition of a rule depends on. */
export function holds(fn: AvmFunction, trace: AvmTrace, given: EvaluationInputs): boolean {
  const reader = sourceReader(fn, given);
  const read = (source: Source | undefined): bigint => reader(trace, source);
  const bit = (flag: boolean | undefined): number => (flag === true ? 1 : 0);
  try {
    fn.rows.forEach(({ one, c, select, equal, advice, assert, boolean, operands }, i) => {
      const flags = [one, c === 1, c === -1, select, equal, advice, assert, boolean].map(bit);
      checkRow(flags, [operands.a, operands.b, operands.c].map(read), trace.rows[i], 'row');
    });
    fn.wide.forEach(({ widthA, widthB, compare, checkA, checkB, operands }, i) => {
      const oneHot = (width: number | undefined) => WIDE_WIDTHS.map((w) => bit(w === width));
      const flags = [...oneHot(widthA), ...oneHot(widthB), bit(compare), bit(checkA), bit(checkB)];
      checkWide(flags, [operands.a, operands.b].map(read), trace.wide[i], 'wide');
    });
    return true;
  } catch {
    return false;
  }
}

/** The function with one condition less, for every condition, those included that only bound a value by their width. */
export function weakened(lowered: LoweredFunction): [string, LoweredFunction][] {
  const { fn } = lowered;
  const result = weakenedFunctions(lowered).map(({ without, lowered: weak }): [string, LoweredFunction] => [
    without,
    weak,
  ]);
  const readWires = new Set(sourcesOf(fn).map((source) => JSON.stringify(source)));
  const isRead = (index: number, ...outputs: string[]): boolean =>
    outputs.some((output) => readWires.has(JSON.stringify({ kind: 'wide', index, output })));
  const without = (i: number, half: 'widthA' | 'widthB'): LoweredFunction => {
    const wide = fn.wide.map((slot, k) => (k === i ? { ...slot, [half]: undefined } : slot));
    return { ...lowered, fn: { ...fn, wide } };
  };
  fn.wide.forEach(({ widthA, checkA, widthB, checkB }, i) => {
    if (widthA !== undefined && checkA !== true && !isRead(i, 'topA', 'and'))
      result.push([`wide ${i} bound A`, without(i, 'widthA')]);
    if (widthB !== undefined && checkB !== true && !isRead(i, 'topB', 'and'))
      result.push([`wide ${i} bound B`, without(i, 'widthB')]);
  });
  return result;
}

/** Everything that a function reads. */
function sourcesOf(fn: AvmFunction): Source[] {
  return [
    ...fn.rows.flatMap(({ operands: { a, b, c } }) => [a, b, c]),
    ...fn.wide.flatMap(({ operands: { a, b } }) => [a, b]),
    ...fn.hash.flatMap(({ cap, inputs }) => [cap, ...inputs]),
    ...fn.recordOutputs.flatMap(({ owner, data }) => [owner, ...data]),
    ...(fn.message ?? []),
  ].filter((source) => source !== undefined);
}
