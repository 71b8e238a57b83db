/** Verifies transitions in batches by key, in the thread that calls it, with the verification keys of the circuits. */
import { KEY_ID } from '../../protocol/constants.ts';
import type { VerificationKey } from '../../prover/keys/verification-key.ts';
import { verifyProofs } from '../../prover/verify.ts';
import type { BatchVerifier, ProofClaim } from './proof-verifier.ts';

export interface Groth16VerifierOptions {
  /** Verification keys by circuit. */
  readonly keys: ReadonlyMap<string, VerificationKey>;
}

export class Groth16Verifier implements BatchVerifier {
  readonly #keys: ReadonlyMap<number, VerificationKey>;

  constructor(options: Groth16VerifierOptions) {
    this.#keys = keysById(options.keys);
  }

  get keyIds(): ReadonlySet<number> {
    return new Set(this.#keys.keys());
  }

  async verifyBatch(claims: readonly ProofClaim[]): Promise<readonly boolean[]> {
    const verdicts = claims.map(() => false);
    for (const [keyId, key] of this.#keys) {
      const places = claims.flatMap((claim, place) => (claim.keyId === keyId ? [place] : []));
      const proofs = places.map((place) => ({
        signals: claims[place].publicSignals,
        proof: claims[place].proof,
      }));
      const valid = proofs.length === 0 ? [] : await verifyProofs(key, proofs);
      for (const [k, place] of places.entries()) verdicts[place] = valid[k];
    }
    return verdicts;
  }

  async close(): Promise<void> {}
}

/** The keys that have an id on L1, under that id. */
export function keysById(keys: ReadonlyMap<string, VerificationKey>): Map<number, VerificationKey> {
  const byId = new Map<number, VerificationKey>();
  for (const [circuit, id] of Object.entries(KEY_ID)) {
    const key = keys.get(circuit);
    if (key !== undefined) byId.set(id, key);
  }
  return byId;
}
