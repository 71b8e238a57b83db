/** The reason that an instruction cannot be executed on its operands. The interpreter adds program, function and line. */
export class Halt extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'Halt';
    this.code = code;
  }
}
