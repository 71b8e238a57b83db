import { AzaleaError } from './errors.ts';
import { integerFromBytes } from './field.ts';

/** Order q of BN254's base field: coordinates of proof points lie below it (EIP-196). */
export const BASE_FIELD_MODULUS =
  21888242871839275222246405745257275088696311157297823662689037894645226208583n;

/** Bytes of a Groth16 proof: A, B, C in EIP-197 order. */
export const PROOF_BYTES = 256;

/**
 * Checks the encoding of a proof: length and canonical coordinates. Whether the points lie on their curves is the
 * verifier's part. Throws PROOF_ENCODING.
 */
export function assertProofEncoding(proof: Uint8Array): void {
  if (proof.length !== PROOF_BYTES) {
    throw new AzaleaError(
      'PROOF_ENCODING',
      `A proof has ${PROOF_BYTES} bytes, this one has ${proof.length}.`,
    );
  }
  for (let start = 0; start < PROOF_BYTES; start += 32) {
    if (integerFromBytes(proof.subarray(start, start + 32)) >= BASE_FIELD_MODULUS) {
      throw new AzaleaError('PROOF_ENCODING', `Coordinate ${start / 32} of the proof is not below q.`);
    }
  }
}
