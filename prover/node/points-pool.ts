/** A few worker threads that multiply generators, fed batch by batch. */
import { Worker } from 'node:worker_threads';
import type { Group } from '../kernels/bn254.ts';
import { FIELD_BYTES, G1_BYTES, G2_BYTES } from '../keys/bn254-engine.ts';
import type { PointsReply, PointsRequest } from './points-worker.ts';

/** Points per message: about 0.2 s of work. */
const BATCH: Readonly<Record<Group, number>> = { g1: 8192, g2: 2048 };
/** Cost of one point relative to a G1 point, for progress. */
export const POINT_COST: Readonly<Record<Group, number>> = { g1: 1, g2: 3.8 };

interface Job {
  readonly request: PointsRequest;
  readonly resolve: (points: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

export class PointsPool {
  readonly #workers: Worker[] = [];
  readonly #idle: Worker[] = [];
  readonly #queue: Job[] = [];
  readonly #running = new Map<number, { job: Job; worker: Worker }>();
  #nextId = 0;
  #failure: Error | undefined;

  constructor(threads: number, module: WebAssembly.Module) {
    for (let index = 0; index < threads; index++) {
      const worker = new Worker(new URL('points-worker.ts', import.meta.url), { workerData: module });
      worker.on('message', (reply: PointsReply) => this.#settle(worker, reply));
      worker.on('error', (error) => this.#fail(error as Error));
      worker.on('exit', () => this.#fail(new Error('a key-building thread has ended')));
      this.#workers.push(worker);
      this.#idle.push(worker);
    }
  }

  /**
   * Multiples of the group's generator, see `FixedBase.multiply`. Zero scalars cost nothing.
   * @param onPoints called with the cost (in G1 points) of each finished batch
   */
  async multiply(
    group: Group,
    scalars: Uint8Array<ArrayBuffer>,
    onPoints?: (cost: number) => void,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const pointBytes = group === 'g1' ? G1_BYTES : G2_BYTES;
    const count = scalars.length / FIELD_BYTES;
    const result = new Uint8Array(count * pointBytes);
    const batches: Promise<void>[] = [];
    for (let first = 0; first < count; first += BATCH[group]) {
      const batch = scalars.slice(first * FIELD_BYTES, (first + BATCH[group]) * FIELD_BYTES);
      // Before it is sent: then the batch is the thread's, and empty here.
      const cost = (batch.length / FIELD_BYTES) * POINT_COST[group];
      batches.push(
        this.#run(group, batch).then((points) => {
          result.set(points, first * pointBytes);
          onPoints?.(cost);
        }),
      );
    }
    await Promise.all(batches);
    return result;
  }

  async close(): Promise<void> {
    this.#fail(new Error('key building was stopped'));
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #run(group: Group, scalars: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      if (this.#failure) {
        reject(this.#failure);
        return;
      }
      this.#queue.push({ request: { id: this.#nextId++, group, scalars }, resolve, reject });
      this.#dispatch();
    });
  }

  #dispatch(): void {
    while (this.#queue.length > 0 && this.#idle.length > 0) {
      const job = this.#queue.shift()!;
      const worker = this.#idle.pop()!;
      this.#running.set(job.request.id, { job, worker });
      worker.postMessage(job.request, [job.request.scalars.buffer]);
    }
  }

  #settle(worker: Worker, reply: PointsReply): void {
    const running = this.#running.get(reply.id);
    if (!running) return;
    this.#running.delete(reply.id);
    this.#idle.push(worker);
    if ('points' in reply) running.job.resolve(reply.points);
    else running.job.reject(new Error(reply.error));
    this.#dispatch();
  }

  #fail(error: Error): void {
    if (this.#failure) return;
    this.#failure = error;
    for (const { job } of this.#running.values()) job.reject(error);
    for (const job of this.#queue) job.reject(error);
    this.#running.clear();
    this.#queue.length = 0;
  }
}
