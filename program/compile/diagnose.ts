/** Collects all diagnostics of a program's text, as far as one fault does not hide another. */

import { checkProgram, type OnFault } from '../check/checker.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { ProgramError } from '../diagnostics/errors.ts';
import { loweringOf } from '../lowering/versions.ts';
import { parseProgram } from '../syntax/parser.ts';
import type { SourceFile } from '../syntax/source.ts';
import { type CompileOptions, compileFunction } from './artifact.ts';

/**
 * Returns errors and warnings in order of their places.
 * - Each instruction, input or output has one error at most, and none that only follows from another.
 * - A read of a value of unknown type is accepted as it is.
 * - Faults of grammar come alone, and so do faults of structs and records.
 * - A check of the whole function, such as its size, runs when the function has no other fault.
 * @throws AzaleaError LOWERING_UNKNOWN
 */
export function diagnoseProgram(text: string, fileName?: string, options?: CompileOptions): Diagnostic[] {
  const source: SourceFile = { name: fileName ?? 'program.aleo', text };
  const found: Diagnostic[] = [];
  const onFault = (fault: ProgramError): void => {
    found.push(fault.diagnostic);
  };
  const lowering = loweringOf(options?.lowering);
  attempt(() => {
    const node = parseProgram(source, onFault);
    if (found.length > 0) return;
    const checked = checkProgram(source, node, onFault);
    found.push(...checked.warnings);
    for (const fn of checked.functions) attempt(() => compileFunction(checked, fn, lowering), onFault);
  }, onFault);
  return found.sort((a, b) => a.position.line - b.position.line || a.position.column - b.position.column);
}

function attempt(work: () => void, onFault: OnFault): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    onFault(error);
  }
}
