/** Makes proofs of state updates. */
import type { AppliedChunk } from '../../protocol/state/apply-chunk.ts';
import type { PublicInputs } from '../../protocol/transaction/statement.ts';

export interface StateUpdateProver {
  /** A proof in the order of specification section 1. Rejects with the signal's reason when aborted. */
  prove(chunk: AppliedChunk, inputs: PublicInputs, options: { signal: AbortSignal }): Promise<Uint8Array>;
  close(): Promise<void>;
}
