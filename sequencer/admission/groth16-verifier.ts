/** Verifies transitions with the verification keys of the circuits. */
import { KEY_ID } from '../../protocol/constants.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import type { VerificationKey } from '../../prover/keys/verification-key.ts';
import { verifyProof } from '../../prover/verify.ts';
import type { ProofVerifier } from './proof-verifier.ts';

export interface Groth16VerifierOptions {
  /** Verification keys by circuit. */
  readonly keys: ReadonlyMap<string, VerificationKey>;
}

export class Groth16Verifier implements ProofVerifier {
  readonly #keys: ReadonlyMap<number, VerificationKey>;

  constructor(options: Groth16VerifierOptions) {
    const keys = new Map<number, VerificationKey>();
    for (const [circuit, id] of Object.entries(KEY_ID)) {
      const key = options.keys.get(circuit);
      if (key !== undefined) keys.set(id, key);
    }
    this.#keys = keys;
  }

  async verify(keyId: number, publicSignals: readonly bigint[], proof: Uint8Array): Promise<boolean> {
    const key = this.#keys.get(keyId);
    if (key === undefined) {
      throw new AzaleaError('TRANSACTION_KEY_UNKNOWN', `This sequencer has no verification key ${keyId}`, {
        keyId,
      });
    }
    return await verifyProof(key, publicSignals, proof);
  }
}
