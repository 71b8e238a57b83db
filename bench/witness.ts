import { readFile } from 'node:fs/promises';
import type { SizeClass } from '../protocol/constants.ts';
import type { CircuitKey } from '../prover/node/dev-key-builder.ts';
import { WitnessCalculator } from '../prover/witness-calculator.ts';
import { median } from './median.ts';
import type { TokenCalls } from './token-calls.ts';

/**
 * Returns the time of circom's own field arithmetic for a witness, divided by that of its replacement
 * (prover/witness/accelerate-generator.ts). Both run in turn, in this process, on one core.
 */
export async function measureWitnessRatio(
  sizeClass: SizeClass,
  key: CircuitKey,
  calls: TokenCalls,
  runs: number,
): Promise<number> {
  const wasm = new Uint8Array(await readFile(key.circuit.wasmFile));
  const own = await WitnessCalculator.create(await WebAssembly.compile(wasm));
  const ours = await WitnessCalculator.create(wasm);
  const call = sizeClass === 'small' ? calls.transfer : calls.large;
  const seconds = (calculator: WitnessCalculator, seed: number): number => {
    const { input } = call(seed, 1n);
    const started = performance.now();
    calculator.calculate(input);
    return (performance.now() - started) / 1000;
  };
  const ratios: number[] = [];
  for (let run = 0; run <= runs; run++) {
    const ratio = seconds(own, run) / seconds(ours, run);
    if (run > 0) ratios.push(ratio);
  }
  return median(ratios);
}
