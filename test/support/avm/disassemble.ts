/** Reads bytecode back as text: what every sink reads and which flags are set. For people and for tests. */

import type { Bytecode } from '../../../avm/function.ts';
import {
  bitLayout,
  GROUP_SINKS,
  HASH_SINKS,
  RECORD_OUTPUT_SINKS,
  sizeOfBits,
  sourceName,
  WIDE_FLAGS,
  wireLayout,
} from '../../../avm/layout.ts';
import { routing } from '../../../avm/witness.ts';
import {
  type AvmSize,
  COPY_FANOUT,
  RECORD_WORDS,
  ROW_FLAGS,
  WIDE_WIDTHS,
} from '../../../protocol/constants.ts';

/**
 * One line for each row, wide slot and hash slot that does something, and for each record output and message in use. Operands
 * are named by their first source: copies are followed back to the value they copy.
 */
export function disassemble(
  bytecode: Pick<Bytecode, 'bits'>,
  size: AvmSize = sizeOfBits(bytecode.bits.length),
): string[] {
  const { bits } = bytecode;
  const layout = wireLayout(size);
  const at = bitLayout(size);
  const reads = routing(bits, size);
  const operand = (sink: number): string => {
    let wire = reads[sink];
    for (let hops = 0; wire >= layout.source.copy; hops++) {
      if (hops > size.copies) return 'cycle';
      wire = reads[layout.sink.copy + Math.floor((wire - layout.source.copy) / COPY_FANOUT)];
    }
    return sourceName(layout, wire);
  };
  const operands = (sink: number, count: number): string =>
    Array.from({ length: count }, (_, k) => operand(sink + k)).join(' ');
  const group = (start: number, index: number, count: number): number[] =>
    Array.from(bits.subarray(start + index * count, start + (index + 1) * count));

  const lines: string[] = [];
  for (let i = 0; i < size.rows; i++) {
    const flags = ROW_FLAGS.filter((_, k) => group(at.rowFlags, i, ROW_FLAGS.length)[k] === 1);
    if (flags.length === 1 && flags[0] === 'advice') continue; // an unused row
    lines.push(`row[${i}] ${operands(layout.sink.row + 3 * i, 3)}; ${flags.join(' ')}`.trimEnd());
  }
  for (let i = 0; i < size.wide; i++) {
    const flags = group(at.wideFlags, i, WIDE_FLAGS);
    if (!flags.includes(1)) continue;
    const widths = (start: number): string =>
      WIDE_WIDTHS.filter((_, k) => flags[start + k] === 1).join('+') || '-';
    const named = ['compare', 'checkA', 'checkB'].filter((_, k) => flags[12 + k] === 1);
    lines.push(
      `wide[${i}] ${operands(layout.sink.wide + 2 * i, 2)}; a:${widths(0)} b:${widths(6)} ${named.join(' ')}`.trimEnd(),
    );
  }
  for (let i = 0; i < size.hash; i++)
    lines.push(`hash[${i}] ${operands(layout.sink.hash + HASH_SINKS * i, HASH_SINKS)}`);
  for (let i = 0; i < size.group; i++) {
    if (bits[at.groupUsed + i] === 0) continue;
    lines.push(`group[${i}] ${operands(layout.sink.group + GROUP_SINKS * i, GROUP_SINKS)}`);
  }
  for (let i = 0; i < size.recordOutputs; i++) {
    if (bits[at.recordOutputUsed + i] === 0) continue;
    const sink = layout.sink.recordOutput + RECORD_OUTPUT_SINKS * i;
    lines.push(`output[${i}] owner ${operand(sink)} data ${operands(sink + 1, RECORD_WORDS)}`);
  }
  if (bits[at.messageUsed] === 1) lines.push(`message ${operands(layout.sink.message, 3)}`);
  return lines;
}
