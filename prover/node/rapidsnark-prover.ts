/// <reference path="../snarkjs.d.ts" />
/**
 * Proves with an external binary in rapidsnark's convention: `prover <zkey> <wtns> <proof.json> <public.json>`. The
 * witness still comes from the circuit's own generator.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SnarkjsProof } from 'snarkjs';
import { AzaleaError } from '../../protocol/errors.ts';
import { encodeProof } from '../proof.ts';
import type { ProveOptions, ProveResult, Prover } from '../prover.ts';
import { verifyProof } from '../verify.ts';
import type { CircuitInput } from '../witness-calculator.ts';
import { ProvePool } from './prove-pool.ts';
import { checkOwnProof, findKey, type ProvingKey } from './snarkjs-prover.ts';

export interface RapidsnarkProverOptions {
  readonly keys: readonly ProvingKey[];
  /** The binary, and arguments before the four file names. */
  readonly command: readonly [string, ...string[]];
}

export class RapidsnarkProver implements Prover {
  readonly #keys: ReadonlyMap<string, ProvingKey>;
  readonly #command: readonly [string, ...string[]];
  readonly #witnesses = new ProvePool(1);
  readonly #closing = new AbortController();

  constructor(options: RapidsnarkProverOptions) {
    this.#keys = new Map(options.keys.map((key) => [key.circuit.name, key]));
    this.#command = options.command;
  }

  async prove(circuit: string, input: CircuitInput, options: ProveOptions = {}): Promise<ProveResult> {
    const key = findKey(this.#keys, circuit);
    const { wasmFile } = key.circuit;
    const outcome = await this.#witnesses.run(
      { circuit, wasmFile, input, statement: options.statement, singleThread: true },
      {
        signal: options.signal,
        onProgress: (event) => event.stage !== 'done' && options.onProgress?.(event),
      },
    );
    if (outcome.kind !== 'witness')
      throw new AzaleaError('PROVER_FAILED', `no witness of ${circuit} came back`);
    options.onProgress?.({ circuit, stage: 'proof', fraction: 0.1 });
    const started = performance.now();
    // The witness is secret: mkdtemp makes the directory readable by this user only.
    const directory = await mkdtemp(join(tmpdir(), 'azalea-proof-'));
    try {
      const [wtns, proofFile, publicFile] = ['witness.wtns', 'proof.json', 'public.json'].map((f) =>
        join(directory, f),
      );
      await writeFile(wtns!, outcome.wtns, { mode: 0o600 });
      await this.#run([key.zkeyFile, wtns!, proofFile!, publicFile!], options.signal);
      const proof = encodeProof(JSON.parse(await readFile(proofFile!, 'utf8')) as SnarkjsProof);
      const publicSignals = (JSON.parse(await readFile(publicFile!, 'utf8')) as string[]).map(BigInt);
      await checkOwnProof(key, publicSignals, proof);
      options.onProgress?.({ circuit, stage: 'done', fraction: 1 });
      const { queueSeconds, witnessSeconds } = outcome;
      const proofSeconds = (performance.now() - started) / 1000;
      return { proof, publicSignals, timings: { queueSeconds, witnessSeconds, proofSeconds } };
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  async verify(circuit: string, publicSignals: readonly bigint[], proof: Uint8Array): Promise<boolean> {
    return verifyProof(findKey(this.#keys, circuit).verificationKey, publicSignals, proof);
  }

  async close(): Promise<void> {
    this.#closing.abort(new AzaleaError('PROVER_CLOSED', 'the prover was closed; create a new one'));
    await this.#witnesses.close();
  }

  async #run(files: readonly string[], signal?: AbortSignal): Promise<void> {
    const [binary, ...first] = this.#command;
    const stop = signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal;
    stop.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const child = spawn(binary, [...first, ...files], {
        stdio: 'ignore',
        signal: stop,
        killSignal: 'SIGKILL',
      });
      child.on('error', (cause) =>
        reject(stop.aborted ? stop.reason : failed(`cannot run ${binary}`, cause)),
      );
      child.on('close', (code) =>
        code === 0 ? resolve() : reject(failed(`${binary} ended with status ${code}`)),
      );
    });
  }
}

const failed = (what: string, cause?: unknown): AzaleaError =>
  new AzaleaError('PROVER_FAILED', `${what}; check the configured proving binary`, {}, { cause });
