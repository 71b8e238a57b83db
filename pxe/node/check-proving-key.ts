import { open } from 'node:fs/promises';
import { buildBn128 } from 'ffjavascript';
import { assertBlinding } from '../../prover/groth16/check-blinding.ts';
import { readProvingKey } from '../../prover/groth16/proving-key.ts';
import type { VerificationKey } from '../../prover/keys/verification-key.ts';

/**
 * Checks a proving key that came from a sequencer: proofs made with it will be blinded under this verification key.
 * @throws KEY_MALFORMED, KEY_NOT_BLINDING
 */
export async function checkProvingKey(file: string, verificationKey: VerificationKey): Promise<void> {
  const handle = await open(file);
  try {
    const read = async (start: number, length: number): Promise<Uint8Array> => {
      const bytes = new Uint8Array(length);
      for (let at = 0; at < length; ) {
        const { bytesRead } = await handle.read(bytes, at, length - at, start + at);
        if (bytesRead === 0) throw new RangeError('the key is cut off');
        at += bytesRead;
      }
      return bytes;
    };
    const key = await readProvingKey(read, (await handle.stat()).size);
    await assertBlinding(await buildBn128(true), key, verificationKey);
  } finally {
    await handle.close();
  }
}
