/** Worker thread of `workerScanner`: filters batches of transitions, one after the other. */
import { parentPort } from 'node:worker_threads';
import type { PackedTransitions } from '../scan/pack-transitions.ts';
import { ScanFilter } from '../scan/scan-filter.ts';
import type { ScanKeys } from '../sync/account-search.ts';

export interface ScanRequest {
  readonly id: number;
  readonly keys: ScanKeys;
  readonly packed: PackedTransitions;
}

/** Verdicts, or that the batch failed; the reason may hold secrets and stays here. */
export interface ScanReply {
  readonly id: number;
  readonly verdicts: Uint8Array<ArrayBuffer> | undefined;
}

const filter = ScanFilter.create();
parentPort!.on('message', async ({ id, keys, packed }: ScanRequest) => {
  let verdicts: Uint8Array<ArrayBuffer> | undefined;
  try {
    verdicts = (await filter).filter(keys, packed);
  } catch {
    verdicts = undefined;
  }
  parentPort!.postMessage({ id, verdicts } satisfies ScanReply);
});
