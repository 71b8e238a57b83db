/**
 * Numbering of the AVM's wires and bytecode bits for a circuit size: docs/specification.md, section 8.
 * Sources are the values on offer, sinks the operands that read them; the network joins each sink to one source.
 * Twin: circuits/avm/layout.circom and the order in circuits/avm/avm-core.circom.
 */
import {
  AVM_SIZE,
  type AvmSize,
  COPY_FANOUT,
  RECORD_WORDS,
  ROW_FLAGS,
  WIDE_WIDTHS,
} from '../protocol/constants.ts';
import { AzaleaError } from '../protocol/errors.ts';
import type { Source } from './function.ts';
import { switchCount } from './waksman.ts';

/** Flags of a wide slot: aWidth[6], bWidth[6], compare, checkA, checkB. */
export const WIDE_FLAGS = 2 * WIDE_WIDTHS.length + 3;
/** Values of the call's context, in source order. */
export const CONTEXT_NAMES = ['signer', 'caller', 'programId'] as const;
/** Outputs of a wide slot, in source order. */
export const WIDE_OUTPUTS = ['and', 'topA', 'topB'] as const;
/** Words of a message. */
export const MESSAGE_WORDS = 3;
/** Sinks of a hash slot: cap and four inputs. */
export const HASH_SINKS = 5;
/** Outputs of a group slot, in source order. */
export const GROUP_OUTPUTS = ['x', 'y'] as const;
/** Sinks of a group slot: x, scalar. */
export const GROUP_SINKS = 2;
/** Sinks of a record output: owner and the data words. */
export const RECORD_OUTPUT_SINKS = 1 + RECORD_WORDS;

/** First wire of each group, for sources and for sinks, and the number of wires. */
export interface WireLayout {
  readonly wires: number;
  readonly source: {
    readonly zero: number;
    readonly one: number;
    readonly input: number;
    readonly constant: number;
    readonly record: number;
    readonly context: number;
    readonly advice: number;
    readonly row: number;
    readonly wide: number;
    readonly hash: number;
    readonly group: number;
    readonly copy: number;
  };
  readonly sink: {
    readonly row: number;
    readonly wide: number;
    readonly hash: number;
    readonly group: number;
    readonly recordOutput: number;
    readonly message: number;
    readonly copy: number;
  };
}

/** @throws AVM_SIZE_UNBALANCED when a size does not offer as many sources as sinks. */
export function wireLayout(size: AvmSize): WireLayout {
  let at = 0;
  const take = (count: number): number => {
    const start = at;
    at += count;
    return start;
  };
  const source = {
    zero: take(size.zeros),
    one: take(size.ones),
    input: take(size.inputs),
    constant: take(size.constants),
    record: take(size.recordInputs * RECORD_WORDS),
    context: take(CONTEXT_NAMES.length),
    advice: take(size.advice),
    row: take(size.rows),
    wide: take(size.wide * WIDE_OUTPUTS.length),
    hash: take(size.hash),
    group: take(size.group * GROUP_OUTPUTS.length),
    copy: take(size.copies * COPY_FANOUT),
  };
  const sources = at;
  at = 0;
  const sink = {
    row: take(size.rows * 3),
    wide: take(size.wide * 2),
    hash: take(size.hash * HASH_SINKS),
    group: take(size.group * GROUP_SINKS),
    recordOutput: take(size.recordOutputs * RECORD_OUTPUT_SINKS),
    message: take(MESSAGE_WORDS),
    copy: take(size.copies),
  };
  if (at !== sources) {
    throw new AzaleaError(
      'AVM_SIZE_UNBALANCED',
      `the size offers ${sources} sources for ${at} sinks: change zeros, ones or copies until both are equal`,
      { sources, sinks: at },
    );
  }
  return { wires: sources, source, sink };
}

/** First bit of each group of the bytecode, and the number of bits. */
export interface BitLayout {
  readonly switches: number;
  readonly rowFlags: number;
  readonly wideFlags: number;
  readonly groupUsed: number;
  readonly inputUsed: number;
  readonly recordInputUsed: number;
  readonly recordOutputUsed: number;
  readonly messageUsed: number;
  readonly total: number;
}

export function bitLayout(size: AvmSize): BitLayout {
  const rowFlags = switchCount(wireLayout(size).wires);
  const wideFlags = rowFlags + size.rows * ROW_FLAGS.length;
  const groupUsed = wideFlags + size.wide * WIDE_FLAGS;
  const inputUsed = groupUsed + size.group;
  const recordInputUsed = inputUsed + size.inputs;
  const recordOutputUsed = recordInputUsed + size.recordInputs;
  const messageUsed = recordOutputUsed + size.recordOutputs;
  return {
    switches: 0,
    rowFlags,
    wideFlags,
    groupUsed,
    inputUsed,
    recordInputUsed,
    recordOutputUsed,
    messageUsed,
    total: messageUsed + 1,
  };
}

/**
 * Returns the size class whose bytecode has this many bits. Bits are packed without a length: decoding them as another size
 * would read other switches and flags.
 * @throws AVM_BYTECODE_LENGTH for a number that no size class has
 */
export function sizeOfBits(bits: number): AvmSize {
  const size = Object.values(AVM_SIZE).find((candidate) => bitLayout(candidate).total === bits);
  if (size !== undefined) return size;
  const known = Object.entries(AVM_SIZE).map(([name, each]) => `${bitLayout(each).total} (${name})`);
  throw new AzaleaError(
    'AVM_BYTECODE_LENGTH',
    `${bits} bits are the bytecode of no size class; expected ${known.join(' or ')}: assemble the function again`,
    { bits },
  );
}

/** The first wire that carries `source`. Zeros and ones have several wires; every other source has one. */
export function sourceWire(layout: WireLayout, source: Source): number {
  const base = layout.source[source.kind];
  switch (source.kind) {
    case 'zero':
    case 'one':
      return base;
    case 'record':
      return base + source.record * RECORD_WORDS + source.word;
    case 'context':
      return base + CONTEXT_NAMES.indexOf(source.name);
    case 'wide':
      return base + source.index * WIDE_OUTPUTS.length + WIDE_OUTPUTS.indexOf(source.output);
    case 'group':
      return base + source.index * GROUP_OUTPUTS.length + GROUP_OUTPUTS.indexOf(source.output);
    default:
      return base + source.index;
  }
}

/** A source wire's name for people, such as `row[3]`, `wide[0].topA`, `copy[5][2]`. */
export function sourceName(layout: WireLayout, wire: number): string {
  const names = Object.keys(layout.source) as (keyof WireLayout['source'])[];
  const kind = names.findLast((name) => layout.source[name] <= wire)!;
  const index = wire - layout.source[kind];
  switch (kind) {
    case 'record':
      return `record[${Math.floor(index / RECORD_WORDS)}][${index % RECORD_WORDS}]`;
    case 'context':
      return CONTEXT_NAMES[index];
    case 'wide':
      return `wide[${Math.floor(index / WIDE_OUTPUTS.length)}].${WIDE_OUTPUTS[index % WIDE_OUTPUTS.length]}`;
    case 'group':
      return `group[${Math.floor(index / GROUP_OUTPUTS.length)}].${GROUP_OUTPUTS[index % GROUP_OUTPUTS.length]}`;
    case 'copy':
      return `copy[${Math.floor(index / COPY_FANOUT)}][${index % COPY_FANOUT}]`;
    default:
      return `${kind}[${index}]`;
  }
}
