/** Compares the keys on disk with the ones the rollup verifies with. */
import { contractKey, type KeyName, verificationKeyHash } from '../../l1/verification-key.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import type { VerificationKey } from '../../prover/keys/verification-key.ts';
import type { RollupInfo } from '../l1/port.ts';

/** @throws AzaleaError KEY_MISMATCH for a key of the rollup that is missing here or is another. */
export function checkKeys(
  info: RollupInfo,
  keys: ReadonlyMap<string, VerificationKey>,
  names: ReadonlyMap<number, KeyName>,
): void {
  for (const { id, hash } of info.keys) {
    const name = names.get(id);
    const key = name === undefined ? undefined : keys.get(name);
    const own =
      name === undefined || key === undefined ? 'none' : verificationKeyHash(contractKey(name, key));
    if (own.toLowerCase() === hash.toLowerCase()) continue;
    throw new AzaleaError(
      'KEY_MISMATCH',
      `The rollup verifies ${name ?? id} with key ${hash}, this sequencer has ${own}; use the keys that the rollup was deployed with`,
      { circuit: name ?? String(id), expected: hash, actual: own },
    );
  }
}
