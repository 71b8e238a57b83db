/** Makes proofs of state updates. */
import type { CircuitInput } from '../../prover/witness/state-update.ts';
import type { ChunkSize } from './chunk-plan.ts';

export interface StateUpdateProver {
  /** A proof in the order of specification section 1. Rejects with the signal's reason when aborted. */
  prove(size: ChunkSize, input: CircuitInput, options: { signal: AbortSignal }): Promise<Uint8Array>;
  close(): Promise<void>;
}
