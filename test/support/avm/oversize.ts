/**
 * A size of the AVM core for tests alone, for functions that no circuit size holds. The compiler refuses them, but their
 * lowering and the template's constraints can be tested all the same.
 */
import { assemble } from '../../../avm/assemble.ts';
import type { Bytecode } from '../../../avm/function.ts';
import type { LoweredFunction } from '../../../avm/lowered-function.ts';
import { checkProgram } from '../../../program/check/checker.ts';
import { loweringOf } from '../../../program/lowering/versions.ts';
import { parseProgram } from '../../../program/syntax/parser.ts';
import type { AvmSize } from '../../../protocol/constants.ts';

/**
 * Just enough for `pow.w` of i128 by u32, the largest function of one instruction (rows, wide slots, advice, copies). Inputs are
 * for several smaller functions at once; record outputs are the cheapest way to as many sinks as sources.
 */
export const OVERSIZE: AvmSize = {
  rows: 687,
  wide: 157,
  hash: 0,
  inputs: 16,
  constants: 6,
  advice: 187,
  copies: 668,
  zeros: 3,
  ones: 5,
  recordInputs: 0,
  recordOutputs: 56,
  group: 0,
  calls: 0,
};

/** A function as lowered, and its bytecode for a size; no id, as there is no such circuit. */
export interface OversizeFunction {
  readonly lowered: LoweredFunction;
  readonly bytecode: Omit<Bytecode, 'sizeClass'>;
}

/**
 * Lowers the first function of a program and assembles it for OVERSIZE, as the compiler does for its own sizes.
 * @throws ProgramError but PROGRAM_CAPACITY; AVM_CAPACITY
 */
export function assembleOversize(text: string, fileName: string): OversizeFunction {
  const source = { name: fileName, text };
  const checked = checkProgram(source, parseProgram(source));
  const lowered = loweringOf()(checked, checked.functions[0]);
  const { sizeClass: _, ...bytecode } = assemble(lowered.fn, OVERSIZE);
  return { lowered, bytecode };
}
