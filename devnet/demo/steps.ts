import { AzaleaError } from '../../protocol/errors.ts';
import type { Board } from './board.ts';
import { STEP_NAMES, type StepName } from './step-names.ts';

export interface StepResult {
  readonly name: StepName;
  readonly ok: boolean;
  readonly seconds: number;
}

/** Runs steps, times them and keeps going to the end of the table when one fails. */
export class Steps {
  readonly #results = new Map<StepName, StepResult>();
  readonly #board: Board;
  readonly errors: unknown[] = [];

  constructor(board: Board) {
    this.#board = board;
  }

  /** Times `work`; a failure is recorded and thrown on. */
  async run<T>(name: StepName, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    this.#board.start(name);
    try {
      const result = await work();
      this.record(name, true, (performance.now() - start) / 1000);
      return result;
    } catch (error) {
      this.record(name, false, (performance.now() - start) / 1000);
      this.errors.push(error);
      throw error;
    }
  }

  record(name: StepName, ok: boolean, seconds: number): void {
    this.#results.set(name, { name, ok, seconds: Math.round(seconds * 100) / 100 });
    this.#board.end(name, ok, seconds);
  }

  /** Returns whether a step ended, well or not. */
  ended(name: StepName): boolean {
    return this.#results.has(name);
  }

  /** All steps in order; those that were not reached have not succeeded. */
  results(): StepResult[] {
    return STEP_NAMES.map((name) => this.#results.get(name) ?? { name, ok: false, seconds: 0 });
  }
}

/** Requires a refusal with this code (or, from L1, this contract error). Throws DEMO_NOT_REFUSED. */
export async function expectRefusal(
  what: string,
  expected: string,
  work: () => Promise<unknown>,
): Promise<string> {
  let got = 'accepted';
  try {
    await work();
  } catch (error) {
    if (!(error instanceof AzaleaError)) throw error;
    got = error.code === 'L1_REVERTED' ? String(error.details.error) : error.code;
  }
  if (got === expected) return got;
  throw new AzaleaError('DEMO_NOT_REFUSED', `${what} must be refused with ${expected}; it was: ${got}.`, {
    expected,
    got,
  });
}
