import { stat } from 'node:fs/promises';
import { KEY_ID } from '../protocol/constants.ts';
import { encodeTransaction } from '../protocol/transaction.ts';
import { transitionSignals } from '../protocol/transition.ts';
import type { CircuitKey } from '../prover/node/dev-key-builder.ts';
import { SnarkjsProver } from '../prover/node/snarkjs-prover.ts';
import { median } from './median.ts';
import { provingPeakMiB } from './peak-memory.ts';
import type { TokenCalls } from './token-calls.ts';

export interface TransitionFigures {
  readonly constraints: number;
  readonly witnessSeconds: number;
  readonly proofSeconds: number;
  readonly peakMemoryMiB: number | null;
  /** Seconds of the first proof, in which the key is read. */
  readonly firstSeconds: number;
  readonly bytes: { readonly provingKey: number; readonly proof: number; readonly transaction: number };
}

/** A private transfer proven `runs` times after a first time that is not counted; medians; all cores. */
export async function measureTransition(
  key: CircuitKey,
  calls: TokenCalls,
  runs: number,
): Promise<TransitionFigures> {
  const prover = new SnarkjsProver({ keys: [key] });
  try {
    const rollupId = 1n;
    const { input, authorization } = calls.transfer(0, rollupId);
    const { timings: first, proof } = await prover.prove('transition-small', input);
    const witness: number[] = [];
    const proofs: number[] = [];
    for (let run = 1; run <= runs; run++) {
      const { timings } = await prover.prove('transition-small', calls.transfer(run, rollupId).input);
      witness.push(timings.witnessSeconds);
      proofs.push(timings.proofSeconds);
    }
    const signals = transitionSignals(authorization.signals);
    const transition = { keyId: KEY_ID['transition-small'], proof, signals };
    return {
      constraints: key.info.constraints,
      witnessSeconds: median(witness),
      proofSeconds: median(proofs),
      peakMemoryMiB: (await provingPeakMiB()) ?? null,
      firstSeconds: first.witnessSeconds + first.proofSeconds,
      bytes: {
        provingKey: (await stat(key.zkeyFile)).size,
        proof: proof.length,
        transaction: encodeTransaction({ transitions: [transition] }).length,
      },
    };
  } finally {
    await prover.close();
  }
}
