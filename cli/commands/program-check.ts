import { diagnoseProgram } from '../../program/compile/diagnose.ts';
import { type Diagnostic, renderDiagnostic } from '../../program/diagnostics/diagnostic.ts';
import type { CliContext } from '../context.ts';
import { readPrograms } from '../program-file.ts';
import { ExitStatus } from '../terminal/exit-status.ts';
import { paintFor } from '../terminal/paint.ts';

/** `azalea check`: every diagnostic on standard error, with --json on standard output. */
export function check(context: CliContext, files: readonly string[]): void {
  const found = readPrograms(files).map(({ path, text }) => ({
    file: path,
    diagnostics: diagnoseProgram(text, path),
  }));
  const all = found.flatMap(({ diagnostics }) => diagnostics);
  const count = (severity: Diagnostic['severity']): number =>
    all.filter((diagnostic) => diagnostic.severity === severity).length;
  const [errors, warnings] = [count('error'), count('warning')];
  if (!context.output.json) noticeDiagnostics(context, all);
  context.output.result({ errors, warnings, files: found }, [
    `${plural(found.length, 'program')} checked: ${plural(errors, 'error')}, ${plural(warnings, 'warning')}`,
  ]);
  if (errors > 0) throw new ExitStatus(1);
}

/** Writes diagnostics, with an empty line after each. */
export function noticeDiagnostics({ output }: CliContext, diagnostics: readonly Diagnostic[]): void {
  const paint = paintFor(process.stderr);
  for (const diagnostic of diagnostics) output.painted(`${renderDiagnostic(diagnostic, paint)}\n`);
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
