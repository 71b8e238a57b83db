import type { SetupEvent } from '../../prover/node/dev-key-builder.ts';
import type { StartStep } from '../start.ts';
import type { Board } from './board.ts';
import type { Steps } from './steps.ts';

/** The demo's first steps, from the devnet's reports: circuits and keys overlap, so each has its own clock. */
export class SetupSteps {
  readonly #steps: Steps;
  readonly #board: Board;
  readonly #circuits: number;
  readonly #startedAt = performance.now();
  readonly #compiled = new Map<string, number>();
  readonly #keyed = new Map<string, number>();
  #compiledAt: number | undefined;
  #stepAt = 0;

  constructor(steps: Steps, board: Board, circuits: number) {
    this.#steps = steps;
    this.#board = board;
    this.#circuits = circuits;
    board.start('circuits');
  }

  onSetup({ circuit, stage, fraction }: SetupEvent): void {
    const parts = stage === 'compile' ? this.#compiled : this.#keyed;
    parts.set(circuit, fraction);
    const mean = [...parts.values()].reduce((sum, each) => sum + each, 0) / this.#circuits;
    if (stage !== 'compile') this.#board.progress('keys', '', mean);
    else if (mean < 1) this.#board.progress('circuits', '', mean);
    else if (this.#compiledAt === undefined) {
      this.#compiledAt = performance.now();
      this.#steps.record('circuits', true, (this.#compiledAt - this.#startedAt) / 1000);
    }
  }

  onStep(step: StartStep, state: 'start' | 'done'): void {
    const now = performance.now();
    if (step === 'keys' && state === 'done') {
      this.#steps.record('keys', true, (now - (this.#compiledAt ?? this.#startedAt)) / 1000);
    }
    if (step !== 'contracts' && step !== 'deploy') return;
    if (state === 'start') {
      this.#stepAt = now;
      this.#board.start(step);
    } else this.#steps.record(step, true, (now - this.#stepAt) / 1000);
  }
}
