/**
 * Child process of the proving pool: computes witnesses and snarkjs proofs, keeping keys and compiled generators in memory.
 * A process and not a worker thread because ffjavascript starts threads of its own and cannot be loaded in one; it also
 * makes cancelling a proof safe: snarkjs cannot be interrupted, a process can be killed.
 */
import { readFile } from 'node:fs/promises';
import { groth16, type Logger } from 'snarkjs';
import { AzaleaError } from '../../protocol/errors.ts';
import { encodeProof } from '../proof.ts';
import { type CircuitInput, encodeWtns, WitnessCalculator } from '../witness-calculator.ts';

export interface ProveRequest {
  readonly id: number;
  readonly circuit: string;
  readonly wasmFile: string;
  /** Absent: only the witness is wanted. */
  readonly zkeyFile?: string;
  readonly input: CircuitInput;
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

const calculators = new Map<string, Promise<WitnessCalculator>>();
const keys = new Map<string, Promise<Uint8Array>>();

/** snarkjs tells its progress only through its log: these lines mark the parts of a proof, with their share of the time. */
const MILESTONES: readonly (readonly [RegExp, number])[] = [
  [/^Reading Coeffs/, 0.05],
  [/^Building ABC/, 0.1],
  [/^IFFT_A/, 0.25],
  [/^Join ABC/, 0.4],
  [/^Reading A Points/, 0.45],
  [/^Reading B1 Points/, 0.55],
  [/^Reading B2 Points/, 0.65],
  [/^Reading C Points/, 0.8],
  [/^Reading H Points/, 0.9],
];

async function handle(request: ProveRequest): Promise<void> {
  const { id, wasmFile, zkeyFile } = request;
  const started = performance.now();
  const report = (stage: 'witness' | 'proof', fraction: number): void =>
    send({ id, kind: 'progress', stage, fraction });
  report('witness', 0);
  const calculator = await cached(calculators, wasmFile, async () =>
    WitnessCalculator.create(new Uint8Array(await readFile(wasmFile))),
  );
  const wtns = encodeWtns(calculator.calculate(request.input));
  const witnessSeconds = (performance.now() - started) / 1000;
  if (!zkeyFile) {
    send({ id, kind: 'witness', wtns, witnessSeconds });
    return;
  }
  report('proof', 0);
  const zkey = await cached(keys, zkeyFile, async () => new Uint8Array(await readFile(zkeyFile)));
  let reached = 0;
  const debug = (message: string): void => {
    for (const [pattern, fraction] of MILESTONES) {
      if (fraction > reached && pattern.test(message)) report('proof', (reached = fraction));
    }
  };
  const logger: Logger = { debug, info() {}, warn() {}, error() {} };
  const { proof, publicSignals } = await groth16.prove(
    { type: 'mem', data: zkey },
    { type: 'mem', data: wtns },
    logger,
    { singleThread: request.singleThread },
  );
  send({
    id,
    kind: 'proof',
    proof: encodeProof(proof),
    publicSignals: publicSignals.map(BigInt),
    witnessSeconds,
    proofSeconds: (performance.now() - started) / 1000 - witnessSeconds,
  });
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
// The parent is gone: nobody wants the result.
process.on('disconnect', () => process.exit(0));
