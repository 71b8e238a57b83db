/**
 * The AVM core's constraints on a function before routing: which of them a trace breaks, and what the broken ones read. Fast
 * (no network, no hashes to check: the trace computes those), for searches that try thousands of witnesses.
 */
import { checkWide } from '../../../avm/check.ts';
import type { EvaluationInputs } from '../../../avm/evaluate.ts';
import type { AvmFunction, AvmTrace, Row, WideSlot } from '../../../avm/function.ts';
import { SCALAR_BITS, WIDE_WIDTHS } from '../../../protocol/constants.ts';
import { G, subgroupPoint } from '../../../protocol/curve/point.ts';
import { toField } from '../../../protocol/field.ts';
import { type SourceReader, sourceReader } from './source-reader.ts';

/** A quantity that must take one of certain values. */
export interface Violation {
  readonly name: string;
  /** The quantity, for any trace of the same function. */
  readonly quantity: (trace: AvmTrace) => bigint;
  /** Values that would satisfy it: 0 for an assertion, edges of the range for a range check. */
  readonly targets: readonly bigint[];
}

const bit = (flag: boolean | undefined): number => (flag === true ? 1 : 0);

/** lin = a * ((b or 1) - select * sign * c) + sign * c: docs/specification.md, section 8. */
function linear(row: Row, [a, b, c]: readonly bigint[]): bigint {
  const signed = BigInt(row.c ?? 0) * c;
  return toField(a * ((row.one === true ? 1n : b) - (row.select === true ? signed : 0n)) + signed);
}

/** All constraints that a trace breaks; empty if it has a proof. */
export function violations(fn: AvmFunction, given: EvaluationInputs, trace: AvmTrace): Violation[] {
  const read = sourceReader(fn, given);
  const broken: Violation[] = [];
  const values = (row: Row, at: AvmTrace): bigint[] =>
    [row.operands.a, row.operands.b, row.operands.c].map((source) => read(at, source));
  fn.rows.forEach((row, i) => {
    const lin = linear(row, values(row, trace));
    const out = row.equal === true ? (lin === 0n ? 1n : 0n) : lin;
    if (row.advice !== true && trace.rows[i] !== out) throw new Error(`row ${i}: the trace is not evaluated`);
    if (row.assert === true && lin !== 0n) {
      broken.push({
        name: `row[${i}].assert`,
        quantity: (at) => linear(row, values(row, at)),
        targets: [0n],
      });
    }
    if (row.boolean === true && values(row, trace)[0] > 1n) {
      broken.push({
        name: `row[${i}].boolean`,
        quantity: (at) => values(row, at)[0],
        targets: [0n, 1n],
      });
    }
  });
  fn.wide.forEach((slot, i) => {
    const failed = brokenHalf(slot, trace, i, read);
    if (failed === undefined) return;
    const half = failed.endsWith('B') ? 'B' : 'A';
    const width = half === 'A' ? slot.widthA : slot.widthB;
    const top = 1n << BigInt(width ?? 0);
    broken.push({
      name: failed,
      quantity: (at) => halfValue(slot, half, at, read),
      targets: [
        0n,
        1n,
        top - 1n,
        top >> 1n,
        ...(half === 'A' && slot.compare === true ? [2n * top - 1n] : []),
      ],
    });
  });
  fn.group?.forEach((slot, i) => {
    const x = read(trace, slot.x);
    const scalar = read(trace, slot.scalar);
    if (subgroupPoint(x) === undefined) {
      broken.push({ name: `group[${i}].x`, quantity: (at) => read(at, slot.x), targets: [0n, G.x] });
    }
    if (scalar >> BigInt(SCALAR_BITS) !== 0n) {
      broken.push({ name: `group[${i}].scalar`, quantity: (at) => read(at, slot.scalar), targets: [0n, 1n] });
    }
  });
  return broken;
}

function halfValue(slot: WideSlot, half: 'A' | 'B', trace: AvmTrace, read: SourceReader): bigint {
  const b = read(trace, slot.operands.b);
  if (half === 'B') return slot.widthB === undefined ? 0n : b;
  if (slot.widthA === undefined) return 0n;
  const a = read(trace, slot.operands.a);
  return slot.compare === true ? toField(a - b + (1n << BigInt(slot.widthA))) : a;
}

/** The constraint of a wide slot that fails in the checker's own words. */
function brokenHalf(slot: WideSlot, trace: AvmTrace, i: number, read: SourceReader): string | undefined {
  const { widthA, widthB, compare, checkA, checkB, operands } = slot;
  const oneHot = (width: number | undefined): number[] => WIDE_WIDTHS.map((w) => bit(w === width));
  const flags = [...oneHot(widthA), ...oneHot(widthB), bit(compare), bit(checkA), bit(checkB)];
  try {
    checkWide(flags, [read(trace, operands.a), read(trace, operands.b)], trace.wide[i], `wide[${i}]`);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
