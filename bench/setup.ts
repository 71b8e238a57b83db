import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SetupEvent } from '../prover/node/dev-key-builder.ts';
import { ensureDevKeys } from '../prover/node/dev-keys.ts';

/** Seconds to compile these circuits and to build their development keys, with an empty cache. */
export async function measureSetup(
  circuits: readonly string[],
  onProgress: (event: SetupEvent) => void,
): Promise<number> {
  const cache = await mkdtemp(join(tmpdir(), 'azalea-bench-'));
  try {
    const started = performance.now();
    await ensureDevKeys(circuits, { cache, onProgress });
    return (performance.now() - started) / 1000;
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
}
