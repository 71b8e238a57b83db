/** How much of the circuit a lowered function uses. */
import { AVM_SIZE, type AvmSize, COPY_FANOUT } from '../protocol/constants.ts';
import type { AvmFunction, Source } from './bytecode/types.ts';

export const RESOURCES = [
  'rows',
  'wide',
  'hash',
  'constants',
  'inputs',
  'advice',
  'copies',
  'reads',
] as const;
export type Resource = (typeof RESOURCES)[number];

export type CapacityReport = Readonly<Record<Resource, { readonly used: number; readonly capacity: number }>>;

/** Uses and capacity of one function. `reads` counts operands; its capacity is that of rows, slots, outputs together. */
export function capacityOf(fn: AvmFunction, size: AvmSize = AVM_SIZE.small): CapacityReport {
  const reads = readsOf(fn);
  const zeros =
    size.zeros +
    (size.constants - fn.constants.length) +
    (size.inputs - fn.inputCount) +
    5 * (size.recordInputs - fn.recordInputs.length);
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
    constants: { used: fn.constants.length, capacity: size.constants },
    inputs: { used: fn.inputCount, capacity: size.inputs },
    advice: { used: fn.adviceCount, capacity: size.advice },
    copies: { used: copies, capacity: size.copies },
    reads: {
      used: reads.length,
      capacity: 3 * size.rows + 2 * size.wide + 5 * size.hash + 6 * size.recordOutputs + 3,
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
    ...fn.recordOutputs.flatMap(({ owner, data }) => [
      owner,
      ...Array.from({ length: 5 }, (_, i) => data[i] ?? ZERO),
    ]),
    ...(fn.message ?? []),
  ];
}
