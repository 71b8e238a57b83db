/**
 * Connects the sources of a function to its sinks. It allocates copy cells for a value that is read more often than it has
 * wires, then joins the leftover wires so that the whole is one permutation. Every step is deterministic: equal functions
 * give equal bytecode on every machine.
 */
import type { AvmSize } from '../protocol/constants.ts';
import { COPY_FANOUT, RECORD_WORDS } from '../protocol/constants.ts';
import { AzaleaError } from '../protocol/errors.ts';
import type { AvmFunction, Source } from './function.ts';
import { HASH_SINKS, sourceWire, type WireLayout } from './layout.ts';

/** A sink that must read a given source. */
export interface Read {
  readonly sink: number;
  readonly source: Source;
}

/**
 * The permutation of source wires over sinks: `result[sink]` is the wire it reads. `reads` name every sink whose value matters.
 * @throws AVM_CAPACITY when copies or wires run out.
 */
export function wire(
  fn: AvmFunction,
  reads: readonly Read[],
  size: AvmSize,
  layout: WireLayout,
): Uint32Array {
  const permutation = new Uint32Array(layout.wires).fill(UNROUTED);
  const taken = new Uint8Array(layout.wires);
  const join = (sink: number, sourceWireIndex: number): void => {
    permutation[sink] = sourceWireIndex;
    taken[sourceWireIndex] = 1;
  };

  const demands = groupReads(fn, reads, size, layout);
  const needed = demands.reduce((sum, { wires, sinks }) => sum + copiesFor(sinks.length, wires.length), 0);
  if (needed > size.copies) {
    throw new AzaleaError(
      'AVM_CAPACITY',
      `the function needs ${needed} copies, ${needed - size.copies} more than the ${size.copies} there are: read values less often`,
      { resource: 'copies', needed, available: size.copies, excess: needed - size.copies },
    );
  }
  let usedCopies = 0;
  for (const { wires, sinks } of demands) {
    const open = wires.slice(0, sinks.length);
    while (open.length < sinks.length) {
      join(layout.sink.copy + usedCopies, open.shift()!);
      open.push(...copyOutputs(layout, usedCopies++));
    }
    sinks.forEach((sink, i) => {
      join(sink, open[i]);
    });
  }
  completeWiring(permutation, taken, usedCopies, fn.hash.length, size, layout);
  return permutation;
}

const UNROUTED = 0xffffffff;

/** Copy cells for `reads` reads of a value that has `wires` wires: each takes one wire and offers COPY_FANOUT. */
function copiesFor(reads: number, wires: number): number {
  return Math.max(0, Math.ceil((reads - wires) / (COPY_FANOUT - 1)));
}

function copyOutputs(layout: WireLayout, cell: number): number[] {
  return Array.from({ length: COPY_FANOUT }, (_, k) => layout.source.copy + COPY_FANOUT * cell + k);
}

/** Reads of one value, with every wire that carries it. */
interface Demand {
  readonly wires: readonly number[];
  readonly sinks: number[];
}

function groupReads(fn: AvmFunction, reads: readonly Read[], size: AvmSize, layout: WireLayout): Demand[] {
  const demands = new Map<number, Demand>();
  for (const { sink, source } of reads) {
    const first = sourceWire(layout, source);
    let demand = demands.get(first);
    if (demand === undefined) {
      demand = { wires: wiresOf(source, first, fn, size, layout), sinks: [] };
      demands.set(first, demand);
    }
    demand.sinks.push(sink);
  }
  return [...demands].sort(([a], [b]) => a - b).map(([, demand]) => demand);
}

/** Zero also stands on every unused constant (padding), unused input and unused record word (forced to 0 by the circuit). */
function wiresOf(
  source: Source,
  first: number,
  fn: AvmFunction,
  size: AvmSize,
  layout: WireLayout,
): number[] {
  const range = (start: number, from: number, to: number): number[] =>
    Array.from({ length: to - from }, (_, i) => start + from + i);
  if (source.kind === 'one') return range(first, 0, size.ones);
  if (source.kind !== 'zero') return [first];
  return [
    ...range(first, 0, size.zeros),
    ...range(layout.source.constant, fn.constants.length, size.constants),
    ...range(layout.source.input, fn.inputCount, size.inputs),
    ...range(layout.source.record, fn.recordInputs.length * RECORD_WORDS, size.recordInputs * RECORD_WORDS),
  ];
}

/**
 * Joins the leftover wires without a cycle, so that every leftover value can be computed in order.
 * 1. Each unused copy cell takes one open wire and opens three.
 * 2. Each unused hash slot takes five and opens one.
 * 3. The sinks whose value does not matter take the rest.
 */
function completeWiring(
  permutation: Uint32Array,
  taken: Uint8Array,
  usedCopies: number,
  usedHashes: number,
  size: AvmSize,
  layout: WireLayout,
): void {
  const later = (wireIndex: number): boolean =>
    wireIndex >= layout.source.copy + COPY_FANOUT * usedCopies ||
    (wireIndex >= layout.source.hash + usedHashes && wireIndex < layout.source.hash + size.hash);
  const open: number[] = [];
  for (let w = 0; w < layout.wires; w++) if (taken[w] === 0 && !later(w)) open.push(w);
  const feed = (sink: number): void => {
    const next = open.shift();
    if (next === undefined) {
      throw new AzaleaError(
        'AVM_CAPACITY',
        'too few wires are left for the unused hash slots and copies: use fewer constants, inputs or reads',
        { resource: 'wires', needed: layout.wires + 1, available: layout.wires, excess: 1 },
      );
    }
    permutation[sink] = next;
  };
  for (let cell = usedCopies; cell < size.copies; cell++) {
    feed(layout.sink.copy + cell);
    open.push(...copyOutputs(layout, cell));
  }
  for (let slot = usedHashes; slot < size.hash; slot++) {
    for (let k = 0; k < HASH_SINKS; k++) feed(layout.sink.hash + HASH_SINKS * slot + k);
    open.push(layout.source.hash + slot);
  }
  for (let sink = 0; sink < layout.wires; sink++) if (permutation[sink] === UNROUTED) feed(sink);
}
