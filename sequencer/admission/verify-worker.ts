/** Worker thread that verifies batches of claims, so that the sequencer's own thread stays responsive. */
import { parentPort, workerData } from 'node:worker_threads';
import type { VerificationKey } from '../../prover/keys/verification-key.ts';
import { Groth16Verifier } from './groth16-verifier.ts';
import type { ProofClaim } from './proof-verifier.ts';

export interface VerifyRequest {
  readonly id: number;
  readonly claims: readonly ProofClaim[];
}

export interface VerifyReply {
  readonly id: number;
  readonly verdicts: readonly boolean[];
}

/** The start data of the thread. */
export interface VerifyWorkerData {
  readonly keys: ReadonlyMap<string, VerificationKey>;
  /**
   * An empty script. ffjavascript loads `web-worker`, which takes every thread for one of its own and runs the script that is
   * named here.
   */
  readonly mod: 'data:,';
}

const verifier = new Groth16Verifier({ keys: (workerData as VerifyWorkerData).keys });

// A failure ends the thread; `WorkerVerifier` starts another.
parentPort?.on('message', async ({ id, claims }: VerifyRequest) => {
  const reply: VerifyReply = { id, verdicts: await verifier.verifyBatch(claims) };
  parentPort?.postMessage(reply);
});
