/** Errors of the program language: refused source text, halted execution, unsatisfiable traces. */
import { AzaleaError, type ErrorDetails } from '../../protocol/errors.ts';
import type { Position, SourceFile, Span } from '../syntax/source.ts';
import { type Diagnostic, diagnosticAt, renderDiagnostic } from './diagnostic.ts';

/** A program text that is refused. The message is the compiler's, over several lines: see `renderDiagnostic`. */
export class ProgramError extends AzaleaError {
  readonly diagnostic: Diagnostic;

  constructor(source: SourceFile, code: string, span: Span, problem: string, hint?: string) {
    const diagnostic = diagnosticAt(source, span, { severity: 'error', code, problem, hint });
    const { file, line, column } = diagnostic.position;
    super(code, renderDiagnostic(diagnostic), { file, line, column });
    this.name = 'ProgramError';
    this.diagnostic = diagnostic;
  }

  get position(): Position {
    return this.diagnostic.position;
  }
}

/** An execution that halts: no proof of this call exists. */
export class HaltError extends AzaleaError {
  /** The place, and the values. Undefined when only the bytecode was run. */
  readonly diagnostic: Diagnostic | undefined;

  constructor(code: string, message: string, details: ErrorDetails, diagnostic?: Diagnostic) {
    super(code, message, details);
    this.name = 'HaltError';
    this.diagnostic = diagnostic;
  }

  get position(): Position | undefined {
    return this.diagnostic?.position;
  }
}
