/** The conditions of a lowered function as quantities in ranges, and on which advice each depends. */

import type { EvaluationInputs } from '../../../avm/evaluate.ts';
import type { AvmFunction, AvmTrace, Source } from '../../../avm/function.ts';
import { toField } from '../../../protocol/field.ts';
import { sourceReader } from '../avm/source-reader.ts';

/** A quantity that must be 0, or lie in [0, size). */
export interface Condition {
  readonly quantity: (trace: AvmTrace) => bigint;
  readonly size: bigint;
  /** Advice that it is a polynomial in, and advice that it depends on in other ways. */
  readonly smooth: ReadonlySet<number>;
  readonly opaque: ReadonlySet<number>;
}

/** Rows and wide slots; what group slots demand of their operands is left to `violations`. */
export function conditionsOf(fn: AvmFunction, given: EvaluationInputs): Condition[] {
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
