/** Facts an error carries beside its message. Never a secret. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean>>;

/**
 * Every error Azalea raises on purpose. `code` is stable (docs/errors.md lists them all); `message` names the
 * offending value and the fix.
 */
export class AzaleaError extends Error {
  readonly code: string;
  readonly details: ErrorDetails;

  constructor(code: string, message: string, details: ErrorDetails = {}, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'AzaleaError';
    this.code = code;
    this.details = details;
  }

  toJSON(): { code: string; message: string; details: ErrorDetails } {
    return { code: this.code, message: this.message, details: this.details };
  }
}
