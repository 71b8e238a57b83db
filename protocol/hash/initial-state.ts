import { DOMAIN_SHIFT } from '../constants.ts';
import type { Field } from '../field.ts';

/** Initial state of a hash of `length` inputs under `domain`: domain * 2^64 + length. */
export function initialState(domain: bigint, length: number): Field {
  return (domain << DOMAIN_SHIFT) + BigInt(length);
}
