/** Proofs of test fixtures, made once per verification key and public signals and then kept in the cache directory. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheDirectory } from '../../../prover/node/cache-directory.ts';

/** A proof as snarkjs returns it: decimal, projective, G2 coordinates `[c0, c1]`. */
export interface SnarkjsProof {
  readonly pi_a: readonly string[];
  readonly pi_b: readonly (readonly string[])[];
  readonly pi_c: readonly string[];
}

/** A B C in EIP-197 order, 256 bytes (docs/specification.md, section 1). */
export function toProofBytes(proof: SnarkjsProof): Uint8Array {
  const words = [
    proof.pi_a[0],
    proof.pi_a[1],
    proof.pi_b[0][1],
    proof.pi_b[0][0],
    proof.pi_b[1][1],
    proof.pi_b[1][0],
    proof.pi_c[0],
    proof.pi_c[1],
  ];
  return Uint8Array.from(
    words.flatMap((word) => [...Buffer.from(BigInt(word).toString(16).padStart(64, '0'), 'hex')]),
  );
}

export type ProofCache = (
  name: string,
  signals: readonly bigint[],
  prove: () => Promise<Uint8Array>,
) => Promise<Uint8Array>;

/** A cache for the proofs of one set of verification keys. */
export function proofCache(keys: unknown): ProofCache {
  const base = createHash('sha256').update(JSON.stringify(keys)).digest('hex');
  return async (name, signals, prove) => {
    const id = createHash('sha256')
      .update(JSON.stringify([base, name, signals.map(String)]))
      .digest('hex');
    const file = join(cacheDirectory(), 'fixtures', 'proofs', id.slice(0, 2), id);
    const known = await readFile(file).catch(() => undefined);
    if (known?.length === 256) return new Uint8Array(known);
    const proof = await prove();
    await mkdir(dirname(file), { recursive: true });
    const temporary = `${file}.${process.pid}`;
    await writeFile(temporary, proof);
    await rename(temporary, file);
    return proof;
  };
}
