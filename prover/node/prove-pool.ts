/** Child processes that prove, one job at a time each, started on demand and kept warm. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { AzaleaError } from '../../protocol/errors.ts';
import type { ProveOptions } from '../prover.ts';
import type { ProveReply, ProveRequest } from './prove-child.ts';

const CHILD = fileURLToPath(new URL('prove-child.ts', import.meta.url));

export type ProveOutcome = Extract<ProveReply, { readonly kind: 'proof' | 'witness' }> & {
  readonly queueSeconds: number;
};

interface Job {
  readonly request: ProveRequest;
  readonly options: ProveOptions;
  readonly queuedAt: number;
  startedAt: number;
  readonly resolve: (outcome: ProveOutcome) => void;
  readonly reject: (error: unknown) => void;
}

export class ProvePool {
  readonly #size: number;
  readonly #children = new Map<ChildProcess, Job | undefined>();
  readonly #queue: Job[] = [];
  #nextId = 0;
  #closed = false;

  constructor(size: number) {
    this.#size = size;
  }

  /**
   * @throws PROVER_CLOSED, PROVER_FAILED (the process died), the child's own codes, or the signal's reason
   */
  run(request: Omit<ProveRequest, 'id'>, options: ProveOptions = {}): Promise<ProveOutcome> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(closed());
      if (options.signal?.aborted) return reject(options.signal.reason);
      const job: Job = {
        request: { ...request, id: this.#nextId++ },
        options,
        queuedAt: performance.now(),
        startedAt: 0,
        resolve: (outcome) => {
          options.signal?.removeEventListener('abort', abort);
          resolve(outcome);
        },
        reject: (error) => {
          options.signal?.removeEventListener('abort', abort);
          reject(error);
        },
      };
      const abort = (): void => this.#cancel(job);
      options.signal?.addEventListener('abort', abort);
      options.onProgress?.({ circuit: request.circuit, stage: 'queued', fraction: 0 });
      this.#queue.push(job);
      this.#dispatch();
    });
  }

  /** Rejects all jobs and ends all children. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const job of this.#queue.splice(0)) job.reject(closed());
    const ended = [...this.#children].map(([child, job]) => {
      job?.reject(closed());
      this.#children.set(child, undefined);
      return new Promise<void>((resolve) => {
        child.once('exit', () => resolve());
        child.ref();
        child.kill('SIGKILL');
      });
    });
    await Promise.all(ended);
  }

  #dispatch(): void {
    while (this.#queue.length > 0 && !this.#closed) {
      let child = [...this.#children].find(([, job]) => job === undefined)?.[0];
      if (!child) {
        if (this.#children.size >= this.#size) return;
        child = this.#start();
      }
      const job = this.#queue.shift()!;
      job.startedAt = performance.now();
      this.#children.set(child, job);
      // A waiting child does not keep the program alive, a working one does.
      child.ref();
      child.channel?.ref();
      child.send(job.request);
    }
  }

  #start(): ChildProcess {
    // Only what the child needs: no inherited flags such as --test or --inspect.
    const child = fork(CHILD, {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#children.set(child, undefined);
    child.on('message', (reply: ProveReply) => this.#receive(child, reply));
    child.on('error', () => this.#lost(child));
    child.on('exit', () => this.#lost(child));
    return child;
  }

  #receive(child: ChildProcess, reply: ProveReply): void {
    const job = this.#children.get(child);
    if (!job || job.request.id !== reply.id) return;
    const { circuit } = job.request;
    if (reply.kind === 'progress') {
      // The witness takes about a tenth of the whole.
      const fraction = reply.stage === 'witness' ? 0 : 0.1 + 0.9 * reply.fraction;
      job.options.onProgress?.({ circuit, stage: reply.stage, fraction });
      return;
    }
    this.#children.set(child, undefined);
    child.unref();
    child.channel?.unref();
    if (reply.kind === 'error') job.reject(new AzaleaError(reply.code, reply.message, { circuit }));
    else {
      job.options.onProgress?.({ circuit, stage: 'done', fraction: 1 });
      job.resolve({ ...reply, queueSeconds: (job.startedAt - job.queuedAt) / 1000 });
    }
    this.#dispatch();
  }

  #cancel(job: Job): void {
    const waiting = this.#queue.indexOf(job);
    if (waiting >= 0) this.#queue.splice(waiting, 1);
    for (const [child, running] of this.#children) {
      if (running !== job) continue;
      this.#children.delete(child);
      child.kill('SIGKILL');
    }
    job.reject(job.options.signal!.reason);
    this.#dispatch();
  }

  #lost(child: ChildProcess): void {
    if (!this.#children.has(child)) return;
    const job = this.#children.get(child);
    this.#children.delete(child);
    job?.reject(
      new AzaleaError(
        'PROVER_FAILED',
        `the process that proved ${job.request.circuit} ended; out of memory?`,
        {
          circuit: job.request.circuit,
        },
      ),
    );
    this.#dispatch();
  }
}

const closed = (): AzaleaError => new AzaleaError('PROVER_CLOSED', 'the prover was closed; create a new one');
