/** Counts the resources of a circuit that a lowered function uses, and picks the circuit size for it. */
import { AVM_SIZE, type AvmSize, COPY_FANOUT, type SizeClass } from '../protocol/constants.ts';
import type { AvmFunction, Source } from './function.ts';

export const RESOURCES = [
  'rows',
  'wide',
  'hash',
  'group',
  'constants',
  'inputs',
  'advice',
  'copies',
  'reads',
  'recordInputs',
  'recordOutputs',
] as const;
export type Resource = (typeof RESOURCES)[number];

export type CapacityReport = Readonly<Record<Resource, { readonly used: number; readonly capacity: number }>>;

/** Size classes from the cheapest to the most expensive. */
const SIZES: readonly SizeClass[] = ['small', 'large'];
/** The size class that every function must fit. */
export const LARGEST: SizeClass = 'large';

/** The cheapest size class that holds the function, and its use of that size; undefined: none does, and the use of the largest. */
export function chooseSize(fn: AvmFunction): {
  readonly sizeClass: SizeClass | undefined;
  readonly capacity: CapacityReport;
} {
  for (const sizeClass of SIZES) {
    const capacity = capacityOf(fn, AVM_SIZE[sizeClass]);
    if (exceeded(capacity).length === 0) return { sizeClass, capacity };
  }
  return { sizeClass: undefined, capacity: capacityOf(fn, AVM_SIZE[LARGEST]) };
}

/** Uses and capacity of one function. `reads` counts operands; its capacity is that of rows, slots, outputs together. */
export function capacityOf(fn: AvmFunction, size: AvmSize): CapacityReport {
  const reads = readsOf(fn);
  const zeros =
    size.zeros +
    Math.max(0, size.constants - fn.constants.length) +
    Math.max(0, size.inputs - fn.inputCount) +
    5 * Math.max(0, size.recordInputs - fn.recordInputs.length);
  const counts = new Map<string, { count: number; wires: number }>();
  for (const source of reads) {
    const key = JSON.stringify(source);
    const wires = source.kind === 'zero' ? zeros : source.kind === 'one' ? size.ones : 1;
    const known = counts.get(key) ?? { count: 0, wires };
    known.count++;
    counts.set(key, known);
  }
  const copies = [...counts.values()].reduce(
    (sum, { count, wires }) => sum + Math.max(0, Math.ceil((count - wires) / (COPY_FANOUT - 1))),
    0,
  );
  return {
    rows: { used: fn.rows.length, capacity: size.rows },
    wide: { used: fn.wide.length, capacity: size.wide },
    hash: { used: fn.hash.length, capacity: size.hash },
    group: { used: fn.group?.length ?? 0, capacity: size.group },
    constants: { used: fn.constants.length, capacity: size.constants },
    inputs: { used: fn.inputCount, capacity: size.inputs },
    advice: { used: fn.adviceCount, capacity: size.advice },
    copies: { used: copies, capacity: size.copies },
    recordInputs: { used: fn.recordInputs.length, capacity: size.recordInputs },
    recordOutputs: { used: fn.recordOutputs.length, capacity: size.recordOutputs },
    reads: {
      used: reads.length,
      capacity: 3 * size.rows + 2 * size.wide + 5 * size.hash + 2 * size.group + 6 * size.recordOutputs + 3,
    },
  };
}

/** Resources that are exceeded. */
export function exceeded(report: CapacityReport): Resource[] {
  return RESOURCES.filter((name) => report[name].used > report[name].capacity);
}

const ZERO: Source = { kind: 'zero' };

function readsOf(fn: AvmFunction): Source[] {
  const optional = [
    ...fn.rows.flatMap(({ operands: { a, b, c } }) => [a, b, c]),
    ...fn.wide.flatMap(({ operands: { a, b } }) => [a, b]),
  ].filter((source) => source !== undefined);
  return [
    ...optional,
    ...fn.hash.flatMap(({ cap, inputs }) => [cap, ...Array.from({ length: 4 }, (_, i) => inputs[i] ?? ZERO)]),
    ...(fn.group ?? []).flatMap(({ x, scalar }) => [x, scalar]),
    ...fn.recordOutputs.flatMap(({ owner, data }) => [
      owner,
      ...Array.from({ length: 5 }, (_, i) => data[i] ?? ZERO),
    ]),
    ...(fn.message ?? []),
  ];
}
