/** Reads a proving key into this thread and into worker threads, each its own share. */
import { Worker } from 'node:worker_threads';
import { KeyShare } from '../../groth16/key-share.ts';
import { countPoints, partition } from '../../groth16/partition.ts';
import { Groth16Prover, type RemoteShare } from '../../groth16/prove.ts';
import { readProvingKey } from '../../groth16/proving-key.ts';
import { Quotient } from '../../groth16/quotient.ts';
import { Bn254Kernels, bn254Module } from '../../kernels/bn254.ts';
import { openRange } from './file-range.ts';
import type { ShareWorkerData, SumRequest } from './share-worker.ts';

export interface LoadedProver {
  readonly prover: Groth16Prover;
  /** Ends its worker threads. */
  close(): Promise<void>;
}

/**
 * @param threads this one included
 * @throws KEY_MALFORMED
 */
export async function loadProver(file: string, threads: number): Promise<LoadedProver> {
  const range = await openRange(file);
  const workers: ShareThread[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(workers.map((worker) => worker.close()));
  };
  try {
    const key = await readProvingKey(range.read, range.size);
    const module = await bn254Module();
    const parts = partition(key, await countPoints(range.read, key), threads);
    for (const slices of parts.slice(1))
      if (slices.length > 0)
        workers.push(new ShareThread({ module, file, key: { sections: key.sections }, slices }));
    const kernels = await Bn254Kernels.create(module);
    const quotient = await Quotient.load(kernels, range.read, key);
    const share = await KeyShare.load(kernels, range.read, key, parts[0]!);
    await Promise.all(workers.map((worker) => worker.ready));
    return { prover: new Groth16Prover(key, quotient, share, workers), close };
  } catch (error) {
    await close();
    throw error;
  } finally {
    await range.close();
  }
}

class ShareThread implements RemoteShare {
  readonly slices: ShareWorkerData['slices'];
  readonly ready: Promise<void>;
  readonly #worker: Worker;
  readonly #waiting: PromiseWithResolvers<Uint8Array>[] = [];
  #failure: Error | undefined;

  constructor(data: ShareWorkerData) {
    this.slices = data.slices;
    this.#worker = new Worker(new URL('share-worker.ts', import.meta.url), {
      workerData: data,
      // Its points are in WebAssembly memory, which these do not limit.
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    });
    const ready = Promise.withResolvers<void>();
    this.ready = ready.promise;
    // A failure reaches the caller that awaits `ready`. Until then it is no unhandled rejection.
    this.ready.catch(() => {});
    this.#worker.on('message', (message: 'ready' | Uint8Array) => {
      if (message === 'ready') ready.resolve();
      else this.#waiting.shift()?.resolve(message);
    });
    const fail = (error: Error): void => {
      this.#failure ??= error;
      ready.reject(error);
      for (const each of this.#waiting.splice(0)) each.reject(error);
    };
    this.#worker.on('error', (error) => fail(error as Error));
    this.#worker.on('exit', () => fail(new RangeError('a proving thread has ended')));
  }

  sum(slice: number, scalars: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
    const result = Promise.withResolvers<Uint8Array>();
    if (this.#failure) return Promise.reject(this.#failure);
    this.#waiting.push(result);
    this.#worker.postMessage({ slice, scalars } satisfies SumRequest, [scalars.buffer]);
    return result.promise;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
