/** Proving keys that are made when the first client asks for them: a development sequencer starts without the large ones. */
import { inspect } from 'node:util';
import type { Logger } from 'pino';
import { AzaleaError } from '../../protocol/errors.ts';
import type { CircuitKey } from '../../prover/node/dev-key-builder.ts';
import type { ProvingKeyStatus } from '../../rpc/schema/info.ts';

/** A circuit whose proving key is not made yet. */
export interface LaterKey {
  readonly circuit: string;
  /** Makes it; takes minutes. The verification key in it is the one that the rollup was deployed with. */
  readonly build: (options: {
    readonly onProgress: (fraction: number) => void;
    readonly signal: AbortSignal;
  }) => Promise<CircuitKey>;
}

export interface ProvingKeysOptions {
  /** Circuits whose proving keys are there. */
  readonly ready: readonly string[];
  readonly later: readonly LaterKey[];
}

export interface ProvingKeysDependencies {
  readonly log: Logger;
  /** Told of a key that was made, before it counts as ready. */
  readonly onMade: (key: CircuitKey) => Promise<void>;
}

export class ProvingKeys {
  readonly #deps: ProvingKeysDependencies;
  readonly #later: ReadonlyMap<string, LaterKey>;
  readonly #ready: Set<string>;
  readonly #fractions = new Map<string, number>();
  readonly #failures = new Map<string, AzaleaError>();
  readonly #stop = new AbortController();
  /** One key at a time: each takes all cores. */
  #building: Promise<void> = Promise.resolve();

  constructor(options: ProvingKeysOptions, dependencies: ProvingKeysDependencies) {
    this.#deps = dependencies;
    this.#ready = new Set(options.ready);
    this.#later = new Map(options.later.map((key) => [key.circuit, key]));
  }

  /**
   * Returns the progress of a circuit's proving key. The first question starts making it, and so does the first after a
   * failure.
   * @throws AzaleaError PROVING_KEY_UNKNOWN, PROVING_KEY_FAILED
   */
  request(circuit: string): ProvingKeyStatus {
    if (this.#ready.has(circuit)) return { circuit, state: 'ready', fraction: 1 };
    const failure = this.#failures.get(circuit);
    if (failure !== undefined) {
      this.#failures.delete(circuit);
      throw failure;
    }
    const later = this.#later.get(circuit);
    if (later === undefined) {
      throw new AzaleaError(
        'PROVING_KEY_UNKNOWN',
        `This sequencer has no proving key of ${circuit}; /info lists the keys of the rollup`,
        { circuit },
      );
    }
    if (!this.#fractions.has(circuit)) {
      this.#fractions.set(circuit, 0);
      this.#building = this.#building.then(() => this.#make(later));
    }
    return { circuit, state: 'building', fraction: this.#fractions.get(circuit)! };
  }

  /** Ends all running key builds. */
  async close(): Promise<void> {
    this.#stop.abort(new AzaleaError('SEQUENCER_STOPPING', 'The sequencer is shutting down'));
    await this.#building;
  }

  async #make({ circuit, build }: LaterKey): Promise<void> {
    const { log, onMade } = this.#deps;
    if (this.#stop.signal.aborted) return;
    log.info({ circuit }, 'making a proving key');
    try {
      const key = await build({
        signal: this.#stop.signal,
        onProgress: (fraction) => this.#fractions.set(circuit, fraction),
      });
      await onMade(key);
      this.#ready.add(circuit);
      log.info({ circuit }, 'proving key made');
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      const why = error instanceof AzaleaError ? `${error.code}: ${error.message}` : 'see the log';
      log.error({ circuit, error: inspect(error) }, 'proving key failed');
      this.#failures.set(
        circuit,
        new AzaleaError('PROVING_KEY_FAILED', `The proving key of ${circuit} could not be made (${why})`, {
          circuit,
        }),
      );
    } finally {
      this.#fractions.delete(circuit);
    }
  }
}
