/** Proves state updates with the project's prover, which checks each proof against its own key before handing it out. */
import type { Prover } from '../../prover/prover.ts';
import type { CircuitInput } from '../../prover/witness/state-update.ts';
import type { ChunkSize } from './chunk-plan.ts';
import type { StateUpdateProver } from './state-update-prover.ts';

export interface Groth16StateProverDependencies {
  /** Closed together with this. */
  readonly prover: Prover;
}

export class Groth16StateProver implements StateUpdateProver {
  readonly #prover: Prover;

  constructor(dependencies: Groth16StateProverDependencies) {
    this.#prover = dependencies.prover;
  }

  async prove(size: ChunkSize, input: CircuitInput, options: { signal: AbortSignal }): Promise<Uint8Array> {
    const { proof } = await this.#prover.prove(`state-update-${size}`, input, options);
    return proof;
  }

  close(): Promise<void> {
    return this.#prover.close();
  }
}
