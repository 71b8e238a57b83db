/**
 * The default prover: Groth16 over snarkjs's keys on the project's kernels (prover/groth16/), in a pool of processes.
 */
import { AzaleaError } from '../../protocol/errors.ts';
import type { ProveOptions, ProveResult, Prover } from '../prover.ts';
import { verifyProof } from '../verify.ts';
import type { CircuitInput } from '../witness-calculator.ts';
import type { CircuitKey } from './dev-key-builder.ts';
import { ProvePool } from './prove-pool.ts';

/** The files of a provable circuit; `CircuitKey` has them. */
export type ProvingKey = Pick<CircuitKey, 'circuit' | 'zkeyFile' | 'verificationKey'>;

export interface SnarkjsProverOptions {
  readonly keys: readonly ProvingKey[];
  /**
   * Proofs at the same time, 1 by default: then one proof uses all cores (least latency). With more, each uses one core
   * (most throughput).
   */
  readonly processes?: number;
}

export class SnarkjsProver implements Prover {
  readonly #keys: ReadonlyMap<string, ProvingKey>;
  readonly #pool: ProvePool;
  readonly #singleThread: boolean;

  constructor(options: SnarkjsProverOptions) {
    this.#keys = new Map(options.keys.map((key) => [key.circuit.name, key]));
    this.#pool = new ProvePool(options.processes ?? 1);
    this.#singleThread = (options.processes ?? 1) > 1;
  }

  async prove(circuit: string, input: CircuitInput, options: ProveOptions = {}): Promise<ProveResult> {
    const key = findKey(this.#keys, circuit);
    const { wasmFile } = key.circuit;
    const { statement } = options;
    const singleThread = this.#singleThread;
    const request = { circuit, wasmFile, zkeyFile: key.zkeyFile, input, statement, singleThread };
    const outcome = await this.#pool.run(request, options);
    if (outcome.kind !== 'proof') throw new AzaleaError('PROVER_FAILED', `no proof of ${circuit} came back`);
    const { proof, publicSignals, queueSeconds, witnessSeconds, proofSeconds } = outcome;
    await checkOwnProof(key, publicSignals, proof);
    return { proof, publicSignals, timings: { queueSeconds, witnessSeconds, proofSeconds } };
  }

  async verify(circuit: string, publicSignals: readonly bigint[], proof: Uint8Array): Promise<boolean> {
    return verifyProof(findKey(this.#keys, circuit).verificationKey, publicSignals, proof);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}

/** @throws PROVER_UNKNOWN_CIRCUIT */
export function findKey(keys: ReadonlyMap<string, ProvingKey>, circuit: string): ProvingKey {
  const key = keys.get(circuit);
  if (key) return key;
  throw new AzaleaError(
    'PROVER_UNKNOWN_CIRCUIT',
    `no key for circuit ${circuit}; this prover has ${[...keys.keys()].join(', ') || 'none'}`,
    { circuit },
  );
}

/**
 * Never returns a proof that fails. A damaged key, or a witness generator that disagrees with its constraints, is found here
 * and not on L1.
 * @throws PROVER_BAD_PROOF
 */
export async function checkOwnProof(
  key: ProvingKey,
  publicSignals: readonly bigint[],
  proof: Uint8Array,
): Promise<void> {
  if (await verifyProof(key.verificationKey, publicSignals, proof)) return;
  throw new AzaleaError(
    'PROVER_BAD_PROOF',
    `the proof of ${key.circuit.name} does not verify; its key is damaged or of another circuit: build the keys again`,
    { circuit: key.circuit.name },
  );
}
