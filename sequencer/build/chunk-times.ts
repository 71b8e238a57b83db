/** Estimates the time of state-update proofs: it starts from the settings and follows the measurements. */
import type { ChunkSize } from '../../protocol/state/chunk.ts';

/** Weight of the newest measurement. */
const WEIGHT = 0.3;

export class ChunkTimes {
  readonly #seconds: Record<ChunkSize, number>;

  constructor(options: { readonly seconds: Readonly<Record<ChunkSize, number>> }) {
    this.#seconds = { ...options.seconds };
  }

  get seconds(): Readonly<Record<ChunkSize, number>> {
    return { ...this.#seconds };
  }

  observe(size: ChunkSize, seconds: number): void {
    this.#seconds[size] = (1 - WEIGHT) * this.#seconds[size] + WEIGHT * seconds;
  }
}
