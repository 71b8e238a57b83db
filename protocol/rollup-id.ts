import { keccak_256 } from '@noble/hashes/sha3.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { FIELD_MODULUS } from './constants.ts';
import { type Field, integerFromBytes, integerToBytes } from './field.ts';

/** keccak256(abi.encode(chainId, rollup address, salt)) mod r: every transition is bound to one deployment. */
export function rollupIdOf(chainId: bigint, rollup: string, salt: Uint8Array): Field {
  const digest = keccak_256(
    concatBytes(integerToBytes(chainId, 32), integerToBytes(BigInt(rollup), 32), salt),
  );
  return integerFromBytes(digest) % FIELD_MODULUS;
}
