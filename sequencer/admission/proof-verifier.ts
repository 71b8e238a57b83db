/** Checks proofs of submitted transitions. */
export interface ProofVerifier {
  /**
   * Whether L1 would accept the proof for these public signals under the key with this id: all points on their curves
   * and in their subgroups, the pairing equation holds.
   */
  verify(keyId: number, publicSignals: readonly bigint[], proof: Uint8Array): Promise<boolean>;
}
