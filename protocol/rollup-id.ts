import { keccak_256 } from '@noble/hashes/sha3.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { FIELD_MODULUS } from './constants.ts';
import { AzaleaError } from './errors.ts';
import { type Field, integerFromBytes, integerToBytes } from './field.ts';

/**
 * Twin of the constructor in contracts/Rollup.sol, which decides it; here it is for tests and vectors alone.
 * keccak256(abi.encode(chainId, rollup address, salt)) mod r: every transition is bound to one deployment. Throws ROLLUP_SALT.
 */
export function rollupIdOf(chainId: bigint, rollup: string, salt: Uint8Array): Field {
  if (salt.length !== 32) {
    throw new AzaleaError('ROLLUP_SALT', `The rollup's salt has 32 bytes, this one has ${salt.length}.`);
  }
  const digest = keccak_256(
    concatBytes(integerToBytes(chainId, 32), integerToBytes(BigInt(rollup), 32), salt),
  );
  return integerFromBytes(digest) % FIELD_MODULUS;
}
