/** Compares the time of a proof with the time of the multiplications that it needs. */
import { readFile } from 'node:fs/promises';
import { buildBn128 } from 'ffjavascript';
import { countPoints } from '../prover/groth16/partition.ts';
import { COEFFICIENT_BYTES, readProvingKey } from '../prover/groth16/proving-key.ts';
import { Bn254Kernels } from '../prover/kernels/bn254.ts';
import { ELEMENT_BYTES } from '../prover/kernels/field.ts';
import { planSum } from '../prover/kernels/multi-scalar.ts';
import { bn254Blueprint } from '../prover/keys/bn254-blueprint.ts';
import { Bn254Engine } from '../prover/keys/bn254-engine.ts';
import type { CircuitKey } from '../prover/node/dev-key-builder.ts';
import { openRange } from '../prover/node/shares/file-range.ts';
import { WitnessCalculator } from '../prover/witness-calculator.ts';
import type { TokenCalls } from './token-calls.ts';

/** Multiplications of an affine addition: in Fq2 one costs about 2.4, a square 2. */
const PER_ADDITION = { g1: 6, g2: 5 * 2.4 + 2 } as const;
const ROUNDS = 100;
const CALLS = 2000;

/** Nanoseconds of a field multiplication, least of many short runs: ours and the library's, alternating. */
export async function measureMultiplication(): Promise<{ readonly own: number; readonly library: number }> {
  const kernels = await Bn254Kernels.create();
  const engine = await Bn254Engine.create(await bn254Blueprint());
  const one = kernels.allocate(3 * ELEMENT_BYTES);
  kernels.words(one, (3 * ELEMENT_BYTES) / 4).fill(0x1234567);
  const other = engine.writeScalar(12345n);
  const own = kernels.call.fq_mul!;
  const library = engine.call.f1m_mul!;
  const run = {
    own: () => own(one, one + ELEMENT_BYTES, one + 2 * ELEMENT_BYTES),
    library: () => library(other, other, other),
  };
  const least = { own: Number.POSITIVE_INFINITY, library: Number.POSITIVE_INFINITY };
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of ['own', 'library'] as const) {
      const started = performance.now();
      for (let call = 0; call < CALLS; call++) run[name]();
      least[name] = Math.min(least[name], ((performance.now() - started) / CALLS) * 1e6);
    }
  }
  (await buildBn128(true)).terminate();
  return least;
}

/** Field multiplications of one proof of a private transfer: transforms, rows, and the additions of all five sums. */
export async function countMultiplications(key: CircuitKey, calls: TokenCalls): Promise<number> {
  const range = await openRange(key.zkeyFile);
  try {
    const proving = await readProvingKey(range.read, range.size);
    const points = await countPoints(range.read, proving);
    const calculator = await WitnessCalculator.create(new Uint8Array(await readFile(key.circuit.wasmFile)));
    const words = new Uint32Array(calculator.calculate(calls.transfer(0, 1n).input).buffer);
    let long = 0;
    for (let wire = 0; wire < proving.wires; wire++) if (words[8 * wire + 6] !== 0) long++;
    const share = long / proving.wires;
    const { domain } = proving;
    const transforms = 6 * (domain / 2) * Math.log2(domain) + 4 * domain;
    const rows = proving.sections.coefficients.length / COEFFICIENT_BYTES;
    const sum = (count: number, group: 'g1' | 'g2'): number => planSum(count).additions * PER_ADDITION[group];
    const sums =
      sum(points.h, 'g1') +
      sum(share * points.a, 'g1') +
      sum(share * points.b1, 'g1') +
      sum(share * points.c, 'g1') +
      sum(share * points.b2, 'g2');
    return transforms + rows + sums;
  } finally {
    await range.close();
  }
}
