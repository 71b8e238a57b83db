/**
 * The AVM core's witness: the signals of template AvmCore (circuits/avm/avm-core.circom) for one call, padded to the size.
 */
import { type AvmSize, COPY_FANOUT, RECORD_WORDS } from '../protocol/constants.ts';
import { IDENTITY } from '../protocol/curve/point.ts';
import { AzaleaError } from '../protocol/errors.ts';
import type { AvmTrace, Bytecode } from './function.ts';
import { hashSlot } from './hash-slot.ts';
import { CONTEXT_NAMES, HASH_SINKS, sizeOfBits, wireLayout } from './layout.ts';
import { applyNetwork } from './waksman.ts';

/** The inputs of a call: plain inputs, data words of the record inputs, context. Shorter lists are padded with 0. */
export interface AvmArguments {
  readonly inputs: readonly bigint[];
  readonly recordWords: readonly (readonly bigint[])[];
  /** signer.x, caller, programId. */
  readonly context: readonly bigint[];
}

/** Input signals of template AvmCore, by name. */
export interface AvmWitness {
  readonly bits: readonly number[];
  readonly constants: readonly bigint[];
  readonly inputs: readonly bigint[];
  readonly recordWords: readonly (readonly bigint[])[];
  readonly context: readonly bigint[];
  readonly recordInputNames: readonly bigint[];
  readonly recordOutputNames: readonly bigint[];
  readonly advice: readonly bigint[];
  readonly copy: readonly bigint[];
  readonly rowOut: readonly bigint[];
  readonly wideAnd: readonly bigint[];
  readonly wideTopA: readonly bigint[];
  readonly wideTopB: readonly bigint[];
  readonly hashOut: readonly bigint[];
  /** Both coordinates of every group slot; absent for sizes without any, as circuits have no signal for them. */
  readonly groupOut?: readonly (readonly bigint[])[];
  readonly groupPreimage?: readonly (readonly bigint[])[];
}

/** The source wire that each sink reads, from the bytecode's switches alone. */
export function routing(bits: ArrayLike<number>, size: AvmSize = sizeOfBits(bits.length)): number[] {
  const { wires } = wireLayout(size);
  return applyNetwork(
    Array.from({ length: wires }, (_, i) => i),
    bits,
  );
}

/**
 * Completes a trace into the whole witness. Copy cells take their values through the routing; unused rows and wide slots are
 * 0. Unused hash slots hash the wires that happen to reach them. A copy cell that hostile routing feeds from itself takes 0.
 * @throws AVM_TRACE_SIZE (a list is longer than the size), AVM_HASH_CYCLE (unused hash slots feed each other in a circle)
 */
export function avmWitness(
  bytecode: Pick<Bytecode, 'bits' | 'constants' | 'recordInputNames' | 'recordOutputNames'>,
  args: AvmArguments,
  trace: AvmTrace,
  size: AvmSize = sizeOfBits(bytecode.bits.length),
): AvmWitness {
  const layout = wireLayout(size);
  const inputs = pad(args.inputs, size.inputs, 'inputs');
  const recordWords = Array.from({ length: size.recordInputs }, (_, i) =>
    pad(args.recordWords[i] ?? [], RECORD_WORDS, 'record words'),
  );
  pad(args.recordWords.flat(), size.recordInputs * RECORD_WORDS, 'record inputs');
  const context = pad(args.context, CONTEXT_NAMES.length, 'context');
  const advice = pad(trace.advice, size.advice, 'advice');
  const rowOut = pad(trace.rows, size.rows, 'rows');
  const wide = [...trace.wide, ...Array(Math.max(0, size.wide - trace.wide.length)).fill(NO_WIDE)];
  pad(
    wide.map(({ and }) => and),
    size.wide,
    'wide slots',
  );
  pad(trace.hash, size.hash, 'hash slots');
  const points = trace.group ?? [];
  pad(
    points.map(({ x }) => x),
    size.group,
    'group slots',
  );
  // An unused slot multiplies the identity by zero.
  const coordinates = ({ x, y } = IDENTITY): bigint[] => [x, y];
  const groupOut = Array.from({ length: size.group }, (_, i) => coordinates(points[i]));
  const groupPreimage = groupOut.map((_, i) => coordinates(points[i]?.preimage));

  const values: (bigint | undefined)[] = [
    ...Array<bigint>(size.zeros).fill(0n),
    ...Array<bigint>(size.ones).fill(1n),
    ...inputs,
    ...bytecode.constants,
    ...recordWords.flat(),
    ...context,
    ...advice,
    ...rowOut,
    ...wide.flatMap(({ and, topA, topB }) => [and, topA, topB]),
    ...trace.hash,
    ...Array<undefined>(size.hash - trace.hash.length).fill(undefined),
    ...groupOut.flat(),
    ...Array<undefined>(size.copies * COPY_FANOUT).fill(undefined),
  ];
  const reads = routing(bytecode.bits, size);
  const underWay = new Set<number>();
  const wireValue = (wire: number): bigint => {
    const known = values[wire];
    if (known !== undefined) return known;
    if (wire >= layout.source.copy) {
      const cell = Math.floor((wire - layout.source.copy) / COPY_FANOUT);
      const first = layout.source.copy + cell * COPY_FANOUT;
      if (underWay.has(first)) return 0n;
      underWay.add(first);
      const value = wireValue(reads[layout.sink.copy + cell]);
      underWay.delete(first);
      return values.fill(value, first, first + COPY_FANOUT)[wire]!;
    }
    const slot = wire - layout.source.hash;
    if (underWay.has(wire)) {
      throw new AzaleaError(
        'AVM_HASH_CYCLE',
        `hash slot ${slot} is unused but hashes its own output: assemble again`,
        { slot },
      );
    }
    underWay.add(wire);
    const [cap, ...inputs] = Array.from({ length: HASH_SINKS }, (_, k) =>
      wireValue(reads[layout.sink.hash + HASH_SINKS * slot + k]),
    );
    underWay.delete(wire);
    return (values[wire] = hashSlot(cap, inputs));
  };

  return {
    bits: Array.from(bytecode.bits),
    constants: bytecode.constants,
    inputs,
    recordWords,
    context,
    recordInputNames: bytecode.recordInputNames,
    recordOutputNames: bytecode.recordOutputNames,
    advice,
    copy: Array.from({ length: size.copies }, (_, cell) =>
      wireValue(layout.source.copy + COPY_FANOUT * cell),
    ),
    rowOut,
    wideAnd: wide.map(({ and }) => and),
    wideTopA: wide.map(({ topA }) => topA),
    wideTopB: wide.map(({ topB }) => topB),
    hashOut: Array.from({ length: size.hash }, (_, slot) => wireValue(layout.source.hash + slot)),
    ...(size.group === 0 ? {} : { groupOut, groupPreimage }),
  };
}

const NO_WIDE = { and: 0n, topA: 0n, topB: 0n };

function pad(values: readonly bigint[], length: number, what: string): bigint[] {
  if (values.length > length) {
    throw new AzaleaError(
      'AVM_TRACE_SIZE',
      `${values.length} ${what} given, the size has ${length}: give at most that many`,
      {
        what,
        given: values.length,
        available: length,
      },
    );
  }
  return [...values, ...Array<bigint>(length - values.length).fill(0n)];
}
