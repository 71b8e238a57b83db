/** Ports for checking the proofs of submitted transitions: one proof at a time, and many at once. */

/** A proof and its claimed statement. */
export interface ProofClaim {
  readonly keyId: number;
  readonly publicSignals: readonly bigint[];
  readonly proof: Uint8Array;
}

/** The verifier that admission uses. `VerificationQueue` implements it over a `BatchVerifier`. */
export interface ProofVerifier {
  /**
   * Returns whether L1 would accept the proof for these public inputs under the key with this id. All points must lie on
   * their curves and in their subgroups, and the pairing equation must hold.
   * @param sender network of the client; one sender gets a part of the places only
   * @throws AzaleaError SEQUENCER_BUSY, TRANSACTION_KEY_UNKNOWN
   */
  verify(claim: ProofClaim, sender?: string): Promise<boolean>;
  /** Refuses at once what `verify` would refuse now. @throws AzaleaError SEQUENCER_BUSY */
  assertRoom(sender?: string): void;
  /** Ends threads; claims still waiting are rejected with SEQUENCER_STOPPING. */
  close(): Promise<void>;
}

/** Checks several claims in one go; each implementation chooses its method. */
export interface BatchVerifier {
  /** Keys that it knows. */
  readonly keyIds: ReadonlySet<number>;
  /**
   * A verdict for each claim, in order. One bad claim never changes the verdict of another.
   * @throws when the verifier itself fails, never for a bad proof; then no claim has a verdict
   */
  verifyBatch(claims: readonly ProofClaim[]): Promise<readonly boolean[]>;
  close(): Promise<void>;
}
