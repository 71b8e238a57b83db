/** Makes proofs of state updates. */
import type { AppliedChunk } from '../../protocol/state/apply-chunk.ts';
import type { ChunkBinding } from '../../protocol/state/binding.ts';

export interface StateUpdateProver {
  /** A proof in the order of specification section 1. Rejects with the signal's reason when aborted. */
  prove(chunk: AppliedChunk, binding: ChunkBinding, options: { signal: AbortSignal }): Promise<Uint8Array>;
  close(): Promise<void>;
}
