/** Errors as people read them. */
import type { AzaleaError } from '../../protocol/errors.ts';
import { printable } from '../../protocol/printable.ts';
import { type Paint, renderDiagnostic } from './diagnostic.ts';
import { HaltError, ProgramError } from './errors.ts';

/** `CODE: message` on one line; for a place in a program, the text of a compiler. Safe to print: the message may be a sequencer's. */
export function errorText(error: AzaleaError, paint?: Paint): string {
  const diagnostic =
    error instanceof ProgramError || error instanceof HaltError ? error.diagnostic : undefined;
  if (diagnostic !== undefined) return renderDiagnostic(diagnostic, paint);
  return `${error.code}: ${printable(error.message)}`;
}
