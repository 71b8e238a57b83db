/**
 * Child process of the proving pool: computes witnesses and proofs, keeping keys and compiled generators in memory.
 * A process and not a worker thread because ffjavascript starts threads of its own and cannot be loaded in one; it also
 * makes cancelling a proof safe: a multi-exponentiation cannot be interrupted, a process can be killed.
 */
import { open, readFile } from 'node:fs/promises';
import { buildBn128, type Curve } from 'ffjavascript';
import { AzaleaError } from '../../protocol/errors.ts';
import { Groth16Prover } from '../groth16/prove.ts';
import { readProvingKey } from '../groth16/proving-key.ts';
import { bn254Blueprint } from '../keys/bn254-blueprint.ts';
import { Bn254Engine } from '../keys/bn254-engine.ts';
import { assertStatement } from '../statement.ts';
import {
  type CircuitInput,
  encodeWtns,
  WITNESS_ELEMENT_BYTES,
  WitnessCalculator,
  witnessToBigints,
} from '../witness-calculator.ts';

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

const calculators = new Map<string, Promise<WitnessCalculator>>();
const provers = new Map<string, Promise<Groth16Prover>>();

/** All cores for one proof, or one: each has its own threads, started on first use. */
const curves = new Map<string, Promise<Curve>>();

async function loadKey(file: string, singleThread: boolean): Promise<Groth16Prover> {
  const curve = await cached(curves, String(singleThread), () => buildBn128(singleThread));
  const handle = await open(file);
  try {
    const read = async (start: number, length: number): Promise<Uint8Array> => {
      const bytes = new Uint8Array(length);
      for (let at = 0; at < length; ) {
        const { bytesRead } = await handle.read(bytes, at, length - at, start + at);
        if (bytesRead === 0) throw new RangeError('the key is cut off');
        at += bytesRead;
      }
      return bytes;
    };
    const key = await readProvingKey(read, (await handle.stat()).size);
    return new Groth16Prover(curve, await Bn254Engine.create(await bn254Blueprint()), key);
  } finally {
    await handle.close();
  }
}

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
  const prover = await cached(provers, `${zkeyFile} ${singleThread}`, () => loadKey(zkeyFile, singleThread));
  const proof = await prover.prove(witness, (fraction) => report('proof', fraction));
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
// The parent is gone: nobody wants the result.
process.on('disconnect', () => process.exit(0));
