/** Thrown where an instruction exists for other operands only; the caller adds the place. */
export class Unsupported extends Error {
  readonly hint: string;

  constructor(problem: string, hint: string) {
    super(problem);
    this.hint = hint;
  }
}
