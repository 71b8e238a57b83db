import { readFile } from 'node:fs/promises';
import { groth16 } from 'snarkjs';
import type { CircuitKey } from '../prover/node/dev-key-builder.ts';
import { encodeWtns, WitnessCalculator } from '../prover/witness-calculator.ts';
import { median } from './median.ts';
import type { TokenCalls } from './token-calls.ts';

/**
 * Returns the seconds that snarkjs's own prover takes for the proof of the same call, with the key already in memory. The
 * witness is not counted. snarkjs parses the key for each proof, the project's prover once.
 */
export async function measureSnarkjs(key: CircuitKey, calls: TokenCalls, runs: number): Promise<number> {
  const calculator = await WitnessCalculator.create(new Uint8Array(await readFile(key.circuit.wasmFile)));
  const wtns = encodeWtns(calculator.calculate(calls.transfer(0, 1n).input));
  const zkey = new Uint8Array(await readFile(key.zkeyFile));
  const seconds: number[] = [];
  for (let run = 0; run <= runs; run++) {
    const started = performance.now();
    await groth16.prove({ type: 'mem', data: zkey }, { type: 'mem', data: wtns });
    if (run > 0) seconds.push((performance.now() - started) / 1000);
  }
  return median(seconds);
}
