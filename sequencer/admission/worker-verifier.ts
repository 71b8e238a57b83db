/** Verifies batches of claims in a worker thread. A thread that fails or hangs is replaced; its claims get no verdict. */
import { Worker } from 'node:worker_threads';
import type { VerificationKey } from '../../prover/keys/verification-key.ts';
import { keysById } from './groth16-verifier.ts';
import type { BatchVerifier, ProofClaim } from './proof-verifier.ts';
import type { VerifyReply, VerifyRequest, VerifyWorkerData } from './verify-worker.ts';

export interface WorkerVerifierOptions {
  /** Verification keys by circuit. */
  readonly keys: ReadonlyMap<string, VerificationKey>;
  /** Milliseconds after which a batch counts as hung. Default 60 000. */
  readonly timeoutMs?: number;
  /** Default `verify-worker.ts`. */
  readonly script?: URL;
}

interface Waiting {
  readonly resolve: (verdicts: readonly boolean[]) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

const WORKER = new URL('verify-worker.ts', import.meta.url);

export class WorkerVerifier implements BatchVerifier {
  readonly keyIds: ReadonlySet<number>;
  readonly #options: WorkerVerifierOptions;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #nextId = 0;

  constructor(options: WorkerVerifierOptions) {
    this.#options = options;
    this.keyIds = new Set(keysById(options.keys).keys());
  }

  verifyBatch(claims: readonly ProofClaim[]): Promise<readonly boolean[]> {
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      const hung = () => void this.#end(new Error('the verifier did not answer in time'));
      const timer = setTimeout(hung, this.#options.timeoutMs ?? 60_000);
      this.#waiting.set(id, { resolve, reject, timer });
      const request: VerifyRequest = { id, claims };
      this.#thread().postMessage(request);
    });
  }

  async close(): Promise<void> {
    await this.#end(new Error('the verifier was closed'));
  }

  #thread(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    // No environment: it may hold the proposer's key, which this thread does not need.
    const workerData: VerifyWorkerData = { keys: this.#options.keys, mod: 'data:,' };
    const worker = new Worker(this.#options.script ?? WORKER, { workerData, env: {} });
    const lost = (error: Error) => {
      if (this.#worker === worker) void this.#end(error);
    };
    worker.on('message', (reply: VerifyReply) => this.#settle(reply));
    worker.on('error', (error) => lost(error as Error));
    worker.on('exit', () => lost(new Error('the verifier thread has ended')));
    worker.unref();
    this.#worker = worker;
    return worker;
  }

  #settle({ id, verdicts }: VerifyReply): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    waiting.resolve(verdicts);
  }

  async #end(error: Error): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.#waiting.clear();
    await worker?.terminate();
  }
}
