/** Assembler: a function of the AVM becomes its committed bytecode. docs/specification.md, section 8. */
import { AVM_SIZE, type AvmSize, FIELD_MODULUS, RECORD_WORDS, WIDE_WIDTHS } from '../protocol/constants.ts';
import { AzaleaError } from '../protocol/errors.ts';
import { bytecodeHash } from './bytecode.ts';
import type { AvmFunction, Bytecode, Row, Source, WideSlot } from './function.ts';
import {
  bitLayout,
  GROUP_SINKS,
  HASH_SINKS,
  MESSAGE_WORDS,
  RECORD_OUTPUT_SINKS,
  WIDE_FLAGS,
  type WireLayout,
  wireLayout,
} from './layout.ts';
import { routePermutation } from './waksman.ts';
import { type Read, wire } from './wiring.ts';

const ZERO: Source = { kind: 'zero' };

/**
 * Returns the bytecode of `fn`; the same function always gives the same bytecode.
 * Unused rows are free advice that nothing reads. Unused wide slots have no width. Missing hash inputs and record words read
 * zero. A sink whose value cannot matter takes any leftover wire.
 * @throws AVM_CAPACITY (names the exceeded resource and the excess), AVM_BAD_SOURCE, AVM_OPERAND_MISSING, AVM_BAD_FLAGS,
 *   AVM_BAD_CONSTANT
 */
export function assemble(fn: AvmFunction, size: AvmSize = AVM_SIZE.small): Bytecode {
  checkCapacity(fn, size);
  const layout = wireLayout(size);
  const reads = collectReads(fn, layout);
  for (const { source } of reads) checkSource(fn, source);
  const permutation = wire(fn, reads, size, layout);

  const at = bitLayout(size);
  const bits = new Uint8Array(at.total);
  bits.set(routePermutation(permutation), at.switches);
  for (let i = 0; i < size.rows; i++) bits.set(rowFlags(fn.rows[i]), at.rowFlags + 8 * i);
  fn.wide.forEach((slot, i) => {
    bits.set(wideFlags(slot, i), at.wideFlags + WIDE_FLAGS * i);
  });
  bits.fill(1, at.groupUsed, at.groupUsed + (fn.group?.length ?? 0));
  bits.fill(1, at.inputUsed, at.inputUsed + fn.inputCount);
  bits.fill(1, at.recordInputUsed, at.recordInputUsed + fn.recordInputs.length);
  bits.fill(1, at.recordOutputUsed, at.recordOutputUsed + fn.recordOutputs.length);
  bits[at.messageUsed] = fn.message === undefined ? 0 : 1;

  const parts = {
    bits,
    constants: pad(fn.constants, size.constants),
    recordInputNames: pad(
      fn.recordInputs.map(({ name }) => name),
      size.recordInputs,
    ),
    recordOutputNames: pad(
      fn.recordOutputs.map(({ name }) => name),
      size.recordOutputs,
    ),
  };
  return { sizeClass: size === AVM_SIZE.large ? 'large' : 'small', ...parts, hash: bytecodeHash(parts) };
}

function pad(values: readonly bigint[], length: number): bigint[] {
  return [...values, ...Array<bigint>(length - values.length).fill(0n)];
}

function checkCapacity(fn: AvmFunction, size: AvmSize): void {
  const limits: [string, number, number][] = [
    ['rows', fn.rows.length, size.rows],
    ['wide slots', fn.wide.length, size.wide],
    ['hash slots', fn.hash.length, size.hash],
    ['group slots', fn.group?.length ?? 0, size.group],
    ['constants', fn.constants.length, size.constants],
    ['inputs', fn.inputCount, size.inputs],
    ['advice values', fn.adviceCount, size.advice],
    ['record inputs', fn.recordInputs.length, size.recordInputs],
    ['record outputs', fn.recordOutputs.length, size.recordOutputs],
    ['record words', Math.max(0, ...fn.recordOutputs.map(({ data }) => data.length)), RECORD_WORDS],
    ['hash inputs', Math.max(0, ...fn.hash.map(({ inputs }) => inputs.length)), HASH_SINKS - 1],
  ];
  for (const [resource, needed, available] of limits) {
    if (needed > available) {
      throw new AzaleaError(
        'AVM_CAPACITY',
        `the function needs ${needed} ${resource}, ${needed - available} more than the ${available} there are: make it smaller or split it`,
        { resource, needed, available, excess: needed - available },
      );
    }
  }
  const named = [...fn.recordInputs, ...fn.recordOutputs].map(({ name }) => name);
  for (const value of [...fn.constants, ...named]) {
    if (value < 0n || value >= FIELD_MODULUS) {
      throw new AzaleaError('AVM_BAD_CONSTANT', `${value} is no field element: reduce it below the modulus`, {
        value: String(value),
      });
    }
  }
}

/** Every sink whose value matters, with the source it must read. */
function collectReads(fn: AvmFunction, layout: WireLayout): Read[] {
  const reads: Read[] = [];
  const read = (sink: number, source: Source | undefined, needed: boolean, what: string): void => {
    if (source !== undefined) reads.push({ sink, source });
    else if (needed) {
      throw new AzaleaError(
        'AVM_OPERAND_MISSING',
        `${what} is read by its flags but has no source: give it one, for example zero`,
        { operand: what },
      );
    }
  };
  fn.rows.forEach((row, i) => {
    const needs = operandsRead(row);
    const sink = layout.sink.row + 3 * i;
    read(sink, row.operands.a, needs.a, `row ${i} operand a`);
    read(sink + 1, row.operands.b, needs.b, `row ${i} operand b`);
    read(sink + 2, row.operands.c, needs.c, `row ${i} operand c`);
  });
  fn.wide.forEach((slot, i) => {
    const { widthA, widthB, compare, operands } = slot;
    const sink = layout.sink.wide + 2 * i;
    read(sink, operands.a, widthA !== undefined, `wide slot ${i} operand a`);
    read(sink + 1, operands.b, widthB !== undefined || compare === true, `wide slot ${i} operand b`);
  });
  fn.hash.forEach((slot, i) => {
    const sink = layout.sink.hash + HASH_SINKS * i;
    read(sink, slot.cap, true, `hash slot ${i} cap`);
    for (let k = 0; k < HASH_SINKS - 1; k++) read(sink + 1 + k, slot.inputs[k] ?? ZERO, true, '');
  });
  fn.group?.forEach(({ x, scalar }, i) => {
    [x, scalar].forEach((source, k) => {
      read(layout.sink.group + GROUP_SINKS * i + k, source, true, `group slot ${i} operand ${k}`);
    });
  });
  fn.recordOutputs.forEach((record, i) => {
    const sink = layout.sink.recordOutput + RECORD_OUTPUT_SINKS * i;
    read(sink, record.owner, true, `record output ${i} owner`);
    for (let k = 0; k < RECORD_WORDS; k++) read(sink + 1 + k, record.data[k] ?? ZERO, true, '');
  });
  if (fn.message !== undefined) {
    for (let k = 0; k < MESSAGE_WORDS; k++) {
      read(layout.sink.message + k, fn.message[k], true, `message word ${k}`);
    }
  }
  return reads;
}

/** Lists the operands that a row's value or assertions depend on. An advice row without `assert` ignores its linear form. */
function operandsRead(row: Row): { a: boolean; b: boolean; c: boolean } {
  const linear = row.advice !== true || row.assert === true;
  return {
    a: linear || row.boolean === true,
    b: linear && row.one !== true,
    c: linear && (row.c ?? 0) !== 0,
  };
}

function checkSource(fn: AvmFunction, source: Source): void {
  const [index, count] = ((): [number, number] => {
    switch (source.kind) {
      case 'zero':
      case 'one':
      case 'context':
        return [0, 1];
      case 'input':
        return [source.index, fn.inputCount];
      case 'constant':
        return [source.index, fn.constants.length];
      case 'advice':
        return [source.index, fn.adviceCount];
      case 'row':
        return [source.index, fn.rows.length];
      case 'wide':
        return [source.index, fn.wide.length];
      case 'hash':
        return [source.index, fn.hash.length];
      case 'group':
        return [source.index, fn.group?.length ?? 0];
      case 'record':
        return source.word >= 0 && source.word < RECORD_WORDS
          ? [source.record, fn.recordInputs.length]
          : [source.word, RECORD_WORDS];
    }
  })();
  if (!Number.isInteger(index) || index < 0 || index >= count) {
    throw new AzaleaError(
      'AVM_BAD_SOURCE',
      `the function reads ${source.kind} ${index} but has ${count} of them: declare it or read another`,
      { kind: source.kind, index, count },
    );
  }
}

/** Bits of one row in the order of ROW_FLAGS. A row that the function does not have is free advice. */
function rowFlags(row: Row | undefined): number[] {
  if (row === undefined) return [0, 0, 0, 0, 0, 1, 0, 0];
  if (row.equal === true && row.advice === true) {
    throw new AzaleaError('AVM_BAD_FLAGS', 'a row is either equal or advice: drop one flag', {
      flags: 'equal, advice',
    });
  }
  const bit = (flag: boolean | undefined): number => (flag === true ? 1 : 0);
  return [
    bit(row.one),
    bit(row.c === 1),
    bit(row.c === -1),
    bit(row.select),
    bit(row.equal),
    bit(row.advice),
    bit(row.assert),
    bit(row.boolean),
  ];
}

function wideFlags(slot: WideSlot, index: number): number[] {
  if (slot.compare === true && slot.widthA === undefined) {
    throw new AzaleaError('AVM_BAD_FLAGS', `wide slot ${index} compares without a width: give half A one`, {
      flags: 'compare',
    });
  }
  const oneHot = (width: number | undefined): number[] => WIDE_WIDTHS.map((w) => (w === width ? 1 : 0));
  return [
    ...oneHot(slot.widthA),
    ...oneHot(slot.widthB),
    slot.compare === true ? 1 : 0,
    slot.checkA === true ? 1 : 0,
    slot.checkB === true ? 1 : 0,
  ];
}
