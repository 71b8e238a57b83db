import type { PublicCircuitKey } from '../prover/node/dev-key-builder.ts';
import { ensureDevKeys } from '../prover/node/dev-keys.ts';
import type { LaterCircuitKey } from './service.ts';

/** A development key whose proving part is built (or found in the cache) when a client asks for it. */
export function madeOnDemand(key: PublicCircuitKey): LaterCircuitKey {
  return {
    key,
    build: async ({ onProgress, signal }) => {
      const [made] = await ensureDevKeys([key.circuit.name], {
        signal,
        // The circuit is compiled already.
        onProgress: ({ stage, fraction }) => stage === 'key' && onProgress(fraction),
      });
      return made;
    },
  };
}
