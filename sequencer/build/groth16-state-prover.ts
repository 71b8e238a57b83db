/** Proves state updates with the project's prover, which checks each proof against its own key before handing it out. */
import { proveStateUpdate } from '../../prover/prove-state-update.ts';
import type { AppliedChunk } from '../../protocol/state/apply-chunk.ts';
import type { PublicInputs } from '../../protocol/transaction/statement.ts';
import type { Prover } from '../../prover/prover.ts';
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

  prove(chunk: AppliedChunk, inputs: PublicInputs, options: { signal: AbortSignal }): Promise<Uint8Array> {
    return proveStateUpdate(this.#prover, chunk, inputs, options);
  }

  close(): Promise<void> {
    return this.#prover.close();
  }
}
