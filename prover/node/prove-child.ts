/**
 * Child process of the proving pool: computes witnesses and proofs, keeping keys and compiled generators in memory.
 * A process and not a worker thread so that cancelling a proof is safe and frees all memory: it is killed, with its threads.
 */
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { AzaleaError } from '../../protocol/errors.ts';
import { assertStatement } from '../statement.ts';
import {
  type CircuitInput,
  encodeWtns,
  WITNESS_ELEMENT_BYTES,
  WitnessCalculator,
  witnessToBigints,
} from '../witness-calculator.ts';
import { type LoadedProver, loadProver } from './shares/load-prover.ts';

export interface ProveRequest {
  readonly id: number;
  readonly circuit: string;
  readonly wasmFile: string;
  /** Absent: only the witness is wanted. */
  readonly zkeyFile?: string;
  readonly input: CircuitInput;
  /** Public signals that the witness must have. */
  readonly statement?: readonly bigint[];
  /** One thread per proof instead of one per core. */
  readonly singleThread: boolean;
}

export type ProveReply = { readonly id: number } & (
  | { readonly kind: 'progress'; readonly stage: 'witness' | 'proof'; readonly fraction: number }
  | { readonly kind: 'witness'; readonly wtns: Uint8Array; readonly witnessSeconds: number }
  | {
      readonly kind: 'proof';
      readonly proof: Uint8Array;
      readonly publicSignals: readonly bigint[];
      readonly witnessSeconds: number;
      readonly proofSeconds: number;
    }
  | { readonly kind: 'error'; readonly code: string; readonly message: string }
);

/** More would wait for the one that has the transforms. */
const MOST_THREADS = 8;

const calculators = new Map<string, Promise<WitnessCalculator>>();
const provers = new Map<string, Promise<LoadedProver>>();

async function handle(request: ProveRequest): Promise<void> {
  const { id, circuit, wasmFile, zkeyFile, singleThread, statement } = request;
  const started = performance.now();
  const report = (stage: 'witness' | 'proof', fraction: number): void =>
    send({ id, kind: 'progress', stage, fraction });
  report('witness', 0);
  const calculator = await cached(calculators, wasmFile, async () =>
    WitnessCalculator.create(new Uint8Array(await readFile(wasmFile))),
  );
  const witness = calculator.calculate(request.input);
  const witnessSeconds = (performance.now() - started) / 1000;
  if (statement !== undefined) {
    assertStatement(circuit, statement, publicPart(witness, statement.length));
  }
  if (!zkeyFile) {
    send({ id, kind: 'witness', wtns: encodeWtns(witness), witnessSeconds });
    return;
  }
  report('proof', 0);
  const threads = singleThread ? 1 : Math.min(MOST_THREADS, availableParallelism());
  const name = `${zkeyFile} ${threads}`;
  const { prover, close } = await cached(provers, name, () => loadProver(zkeyFile, threads));
  const proof = await prover
    .prove(witness, (fraction) => report('proof', fraction))
    .catch(async (error: unknown) => {
      // One of its threads may have ended: the next proof reads the key again.
      provers.delete(name);
      await close();
      throw error;
    });
  send({
    id,
    kind: 'proof',
    proof,
    publicSignals: publicPart(witness, prover.publicSignals),
    witnessSeconds,
    proofSeconds: (performance.now() - started) / 1000 - witnessSeconds,
  });
}

/** The public signals of a witness: they follow the constant 1. */
function publicPart(witness: Uint8Array, count: number): bigint[] {
  return witnessToBigints(witness.subarray(0, (1 + count) * WITNESS_ELEMENT_BYTES)).slice(1);
}

/** A value made once; a failure is not kept. */
async function cached<T>(map: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  let value = map.get(key);
  if (!value) {
    value = make();
    map.set(key, value);
    value.catch(() => map.delete(key));
  }
  return value;
}

const send = (reply: ProveReply): void => void process.send!(reply);

process.on('message', (request: ProveRequest) => {
  handle(request).catch((error: unknown) => {
    const known = error instanceof AzaleaError;
    // Other errors' text could carry witness values: only their kind is passed on.
    const message = known
      ? error.message
      : `${(error as Error)?.name ?? 'error'} while proving ${request.circuit}`;
    send({ id: request.id, kind: 'error', code: known ? error.code : 'PROVER_FAILED', message });
  });
});
// The parent is gone: the result is useless.
process.on('disconnect', () => process.exit(0));
