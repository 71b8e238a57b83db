/** A lowered function with one condition less, for every condition: a forger that is worth anything finds a way through. */
import type { AvmFunction } from '../../../avm/function.ts';
import type { LoweredFunction } from '../../../avm/lowered-function.ts';

export interface Weakened {
  /** The condition that is missing, such as `row 3 assert`. */
  readonly without: string;
  readonly lowered: LoweredFunction;
}

/**
 * Without its check a half that nobody reads shows one bit less; without its width it shows nothing. A comparison keeps its
 * width, which its meaning needs.
 */
export function weakenedFunctions(lowered: LoweredFunction): Weakened[] {
  const { fn } = lowered;
  const result: Weakened[] = [];
  const add = (without: string, changed: Partial<AvmFunction>): void => {
    result.push({ without, lowered: { ...lowered, fn: { ...fn, ...changed } } });
  };
  const replaced = <T>(list: readonly T[], i: number, change: Partial<T>): T[] =>
    list.map((item, k) => (k === i ? { ...item, ...change } : item));
  fn.rows.forEach((row, i) => {
    if (row.assert === true) add(`row ${i} assert`, { rows: replaced(fn.rows, i, { assert: false }) });
    if (row.boolean === true) add(`row ${i} boolean`, { rows: replaced(fn.rows, i, { boolean: false }) });
  });
  fn.wide.forEach((slot, i) => {
    if (slot.checkA === true && slot.compare === true) {
      add(`wide ${i} less`, { wide: replaced(fn.wide, i, { checkA: false }) });
    } else if (slot.checkA === true) {
      add(`wide ${i} half A`, { wide: replaced(fn.wide, i, { checkA: false, widthA: undefined }) });
    }
    if (slot.checkB === true) {
      add(`wide ${i} half B`, { wide: replaced(fn.wide, i, { checkB: false, widthB: undefined }) });
    }
  });
  return result;
}
