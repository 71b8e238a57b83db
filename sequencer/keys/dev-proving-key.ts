import { isDeepStrictEqual } from 'node:util';
import { AzaleaError } from '../../protocol/errors.ts';
import type { PublicCircuitKey } from '../../prover/node/dev-key-builder.ts';
import { ensureDevKeyInChild } from '../../prover/node/key-process.ts';
import type { LaterCircuitKey } from '../process/service.ts';

/**
 * A development key whose proving part is built (or found in the cache) when a client asks for it, in a process of its own.
 * `build` throws what `ensureDevKeyInChild` throws, and KEY_MISMATCH when circuits or secrets on disk have changed since `key`
 * was made.
 * @param options.cache default: the software's cache directory
 * @param options.source the circuit to compile, as `compileCircuit` takes it; default: the circuit's name
 */
export function madeOnDemand(
  key: PublicCircuitKey,
  options: { readonly cache?: string; readonly source?: string } = {},
): LaterCircuitKey {
  const { name } = key.circuit;
  return {
    key,
    build: async ({ onProgress, signal }) => {
      const made = await ensureDevKeyInChild(options.source ?? name, {
        cache: options.cache,
        signal,
        // The circuit is compiled already.
        onProgress: ({ stage, fraction }) => stage === 'key' && onProgress(fraction),
      });
      if (!isDeepStrictEqual(made.verificationKey, key.verificationKey)) {
        throw new AzaleaError(
          'KEY_MISMATCH',
          `the rebuilt key of ${name} is not the one that this process started with; restart it`,
          { circuit: name },
        );
      }
      return made;
    },
  };
}
