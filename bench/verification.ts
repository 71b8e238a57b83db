import { groth16 } from 'snarkjs';
import { FIELD_MODULUS } from '../protocol/constants.ts';
import { decodeProof } from '../prover/proof.ts';
import { verifyProofs } from '../prover/verify.ts';
import { syntheticKey } from '../test/support/circuit/synthetic-groth16.ts';
import { median } from './median.ts';

export interface VerificationFigures {
  /** Proofs a second in one batch, on one core. */
  readonly proofsPerSecond: number;
  /** Processor time that snarkjs, which uses all cores, takes for a proof, over ours. */
  readonly ratio: number;
}

const BATCH = 64;
/** Public signals of a small transition. */
const SIGNALS = 30;

/** Valid proofs under a key with known secrets, checked in one batch and by snarkjs, in turn in one run. */
export async function measureVerification(runs: number): Promise<VerificationFigures> {
  const { key, prove } = await syntheticKey(SIGNALS);
  const proofs = Array.from({ length: BATCH }, (_, k) => {
    const signals = Array.from(
      { length: SIGNALS },
      (_, j) => BigInt(k + 1) ** BigInt(20 + j) % FIELD_MODULUS,
    );
    return { signals, proof: prove(signals, BigInt(k)) };
  });
  const rates: number[] = [];
  const ratios: number[] = [];
  for (let run = 0; run <= runs; run++) {
    const started = process.cpuUsage();
    const verdicts = await verifyProofs(key, proofs);
    const each = milliseconds(started) / BATCH;
    if (!verdicts.every((valid) => valid)) throw new Error('a valid proof was refused');
    const before = process.cpuUsage();
    const some = proofs.slice(0, BATCH / 8);
    for (const { signals, proof } of some) {
      if (!(await groth16.verify(key, signals.map(String), decodeProof(proof)))) throw new Error('refused');
    }
    const bySnarkjs = milliseconds(before) / some.length;
    // The first run warms up.
    if (run > 0) {
      rates.push(1000 / each);
      ratios.push(bySnarkjs / each);
    }
  }
  return { proofsPerSecond: median(rates), ratio: median(ratios) };
}

/** Processor time of all threads since then. */
function milliseconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}
