import { stat } from 'node:fs/promises';
import { challengeHash } from '../protocol/call/challenge.ts';
import { KEY_ID, type SizeClass } from '../protocol/constants.ts';
import { encodeTransaction } from '../protocol/transaction/transaction.ts';
import { transitionSignals } from '../protocol/transaction/transition.ts';
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

/**
 * A call of one size proven `runs` times after a first time that is not counted; medians; all cores. Small: a private transfer;
 * large: four records in, four out.
 */
export async function measureTransition(
  sizeClass: SizeClass,
  key: CircuitKey,
  calls: TokenCalls,
  runs: number,
): Promise<TransitionFigures> {
  const circuit = `transition-${sizeClass}` as const;
  const call = sizeClass === 'small' ? calls.transfer : calls.large;
  const prover = new SnarkjsProver({ keys: [key] });
  try {
    const rollupId = 1n;
    const { input, authorization } = call(0, rollupId);
    const { timings: first, proof } = await prover.prove(circuit, input);
    const witness: number[] = [];
    const proofs: number[] = [];
    for (let run = 1; run <= runs; run++) {
      const { timings } = await prover.prove(circuit, call(run, rollupId).input);
      witness.push(timings.witnessSeconds);
      proofs.push(timings.proofSeconds);
    }
    const signals = transitionSignals(authorization.signals);
    const statementHash = challengeHash(authorization);
    const transition = { keyId: KEY_ID[circuit], proof, statementHash, signals };
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
