import { Worker } from 'node:worker_threads';
import { AzaleaError } from '../../protocol/errors.ts';
import { chosen } from '../scan/direct-scanner.ts';
import { packTransitions } from '../scan/pack-transitions.ts';
import type { ScanKeys, Scanner } from '../sync/account-search.ts';
import type { ScanReply, ScanRequest } from './scan-worker.ts';

interface Waiting {
  readonly resolve: (verdicts: Uint8Array) => void;
  readonly reject: (error: AzaleaError) => void;
}

/** A scanner in a worker thread, started at the first batch: the app stays responsive while a wallet catches up. */
export function workerScanner(): Scanner {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let next = 0;

  const failAll = (): void => {
    for (const { reject } of waiting.values()) reject(stopped());
    waiting.clear();
    worker = undefined;
  };
  const start = (): Worker => {
    const started = new Worker(new URL('scan-worker.ts', import.meta.url), { env: {} });
    // No environment: it may hold a passphrase, which this thread does not need. A wallet that has nothing else to do may end.
    started.unref();
    started.on('message', ({ id, verdicts }: ScanReply) => {
      const one = waiting.get(id);
      waiting.delete(id);
      if (waiting.size === 0) started.unref();
      if (verdicts === undefined) one?.reject(stopped());
      else one?.resolve(verdicts);
    });
    started.on('error', failAll);
    started.on('exit', failAll);
    return started;
  };
  const post = (keys: ScanKeys, transitions: Parameters<Scanner['candidates']>[1]): Promise<Uint8Array> => {
    const packed = packTransitions(transitions);
    worker ??= start();
    const id = next++;
    worker.ref();
    worker.postMessage({ id, keys, packed } satisfies ScanRequest, [packed.words.buffer]);
    return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
  };
  return {
    candidates: async (keys, transitions) => {
      if (transitions.length === 0) return new Set();
      return chosen(transitions, await post(keys, transitions));
    },
    close: async () => {
      await worker?.terminate();
    },
  };
}

function stopped(): AzaleaError {
  return new AzaleaError(
    'SCANNER_STOPPED',
    'The scanning thread ended while it searched blocks. Nothing is lost: synchronise again.',
  );
}
