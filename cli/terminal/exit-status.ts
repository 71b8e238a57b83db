/**
 * Exit statuses of `npx azalea`:
 * - 0: done;
 * - 1: a wrong command line, a refused program or any other error;
 * - 3: a call that halts;
 * - 128 plus a signal's number: interrupted.
 */
export const HALTED = 3;

/** Ends the process with a status when everything has been said already. */
export class ExitStatus extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`exit status ${status}`);
    this.name = 'ExitStatus';
    this.status = status;
  }
}
