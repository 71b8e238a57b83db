/// <reference path="./snarkjs.d.ts" />
/** Groth16 proofs as bytes (docs/specification.md, section 1; EIP-197 order) and in snarkjs's form. */
import type { SnarkjsProof } from 'snarkjs';
import { assertProofEncoding, PROOF_BYTES } from '../protocol/proof.ts';

/** A.x A.y B.x.c1 B.x.c0 B.y.c1 B.y.c0 C.x C.y, 32 bytes big-endian each. */
export function encodeProof({ pi_a, pi_b, pi_c }: SnarkjsProof): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(PROOF_BYTES);
  const [bx, by] = pi_b;
  [pi_a[0], pi_a[1], bx[1], bx[0], by[1], by[0], pi_c[0], pi_c[1]].forEach((coordinate, index) => {
    let value = BigInt(coordinate);
    for (let at = 32 * index + 31; at >= 32 * index; at--, value >>= 8n) bytes[at] = Number(value & 0xffn);
  });
  return bytes;
}

/**
 * The inverse. Checks form only, not that points are on the curve (`verifyProof` does).
 * @throws PROOF_ENCODING when the length is not 256 or a coordinate is not below the base field's order
 */
export function decodeProof(bytes: Uint8Array): SnarkjsProof {
  assertProofEncoding(bytes);
  const c: string[] = [];
  for (let index = 0; index < 8; index++) {
    let value = 0n;
    for (let at = 32 * index; at < 32 * index + 32; at++) value = (value << 8n) | BigInt(bytes[at]!);
    c.push(value.toString());
  }
  return {
    pi_a: [c[0]!, c[1]!, '1'],
    pi_b: [
      [c[3]!, c[2]!],
      [c[5]!, c[4]!],
      ['1', '0'],
    ],
    pi_c: [c[6]!, c[7]!, '1'],
    protocol: 'groth16',
    curve: 'bn128',
  };
}
