import type { RollupInfo } from '../../l1/rollup-info.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import { SnarkjsProver } from '../../prover/node/snarkjs-prover.ts';
import type { ProveOptions, ProveResult, Prover } from '../../prover/prover.ts';
import type { CircuitInput } from '../../prover/witness-calculator.ts';
import type { SequencerClient } from '../../rpc/client.ts';
import { type FetchKeysOptions, fetchProvingKey } from './proving-keys.ts';

export interface FetchingProverOptions {
  /** Keys as L1 holds them. */
  readonly keys: RollupInfo['keys'];
  /** Proofs made at the same time; default 1: one proof uses all cores. */
  readonly processes?: number;
  readonly fetch?: Omit<FetchKeysOptions, 'signal'>;
}

export interface FetchingProverDependencies {
  readonly sequencer: SequencerClient;
}

/** Proves with keys that are fetched from the sequencer on first use: a client that only reads downloads nothing. */
export class FetchingProver implements Prover {
  readonly #options: FetchingProverOptions;
  readonly #sequencer: SequencerClient;
  readonly #provers = new Map<string, Promise<SnarkjsProver>>();
  readonly #closing = new AbortController();

  constructor(options: FetchingProverOptions, dependencies: FetchingProverDependencies) {
    this.#options = options;
    this.#sequencer = dependencies.sequencer;
  }

  /** Errors: those of `fetchProvingKey`, PROVER_UNKNOWN_CIRCUIT (L1 has no such key) and of `SnarkjsProver.prove`. */
  async prove(circuit: string, input: CircuitInput, options: ProveOptions = {}): Promise<ProveResult> {
    const prover = await untilAborted(this.#proverOf(circuit), options.signal);
    return await prover.prove(circuit, input, options);
  }

  async verify(circuit: string, publicSignals: readonly bigint[], proof: Uint8Array): Promise<boolean> {
    return (await this.#proverOf(circuit)).verify(circuit, publicSignals, proof);
  }

  async close(): Promise<void> {
    this.#closing.abort(new AzaleaError('PROVER_CLOSED', 'the prover was closed; create a new one'));
    for (const prover of await Promise.allSettled(this.#provers.values())) {
      if (prover.status === 'fulfilled') await prover.value.close();
    }
  }

  #proverOf(circuit: string): Promise<SnarkjsProver> {
    let prover = this.#provers.get(circuit);
    if (prover === undefined) {
      prover = this.#fetch(circuit);
      this.#provers.set(circuit, prover);
      // A failure is not kept: the next call tries again.
      prover.catch(() => this.#provers.delete(circuit));
    }
    return prover;
  }

  async #fetch(circuit: string): Promise<SnarkjsProver> {
    this.#closing.signal.throwIfAborted();
    const { keys, fetch, processes } = this.#options;
    const wanted = keys.find(({ name }) => name === circuit);
    if (wanted === undefined) {
      throw new AzaleaError('PROVER_UNKNOWN_CIRCUIT', `the rollup has no key of circuit ${circuit}`, {
        circuit,
      });
    }
    const key = await fetchProvingKey(
      this.#sequencer,
      { circuit: wanted.name, hash: wanted.hash },
      { ...fetch, signal: this.#closing.signal },
    );
    return new SnarkjsProver({ keys: [key], processes });
  }
}

/** A caller that gives up stops waiting; the download continues for the next one. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await work;
  signal.throwIfAborted();
  const stop = Promise.withResolvers<never>();
  const abort = (): void => stop.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, stop.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
