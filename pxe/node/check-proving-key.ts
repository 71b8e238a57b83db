/// <reference path="../../prover/ffjavascript.d.ts" />
import { buildBn128 } from 'ffjavascript';
import { assertBlinding } from '../../prover/groth16/check-blinding.ts';
import { readProvingKey } from '../../prover/groth16/proving-key.ts';
import type { VerificationKey } from '../../prover/keys/verification-key.ts';
import { openRange } from '../../prover/node/shares/file-range.ts';

/**
 * Checks a proving key that came from a sequencer: proofs made with it will be blinded under this verification key.
 * @throws KEY_MALFORMED, KEY_NOT_BLINDING
 */
export async function checkProvingKey(file: string, verificationKey: VerificationKey): Promise<void> {
  const range = await openRange(file);
  try {
    const key = await readProvingKey(range.read, range.size);
    await assertBlinding(await buildBn128(true), key, verificationKey);
  } finally {
    await range.close();
  }
}
