import { HASH_RATE, HASH_TO_SCALAR_BITS, initialState } from '../constants.ts';
import { AzaleaError } from '../errors.ts';
import { assertField, type Field } from '../field.ts';
import { compress } from './poseidon.ts';

/**
 * Domain-separated Poseidon of at least one field element (docs/specification.md, section 2).
 * Twin of circuits/hash/hash.circom.
 * Up to 16 inputs take one permutation of their own width. More are absorbed in zero-padded blocks of 16, chained through
 * the initial state; the first state holds their number.
 * Throws HASH_EMPTY for no inputs and FIELD_OUT_OF_RANGE for one that is not canonical: x and x + r would collide.
 */
export function hash(domain: bigint, inputs: readonly Field[]): Field {
  if (inputs.length === 0) throw new AzaleaError('HASH_EMPTY', 'A hash takes at least one field element.');
  for (const input of inputs) assertField(input, 'hash input');
  const first = initialState(domain, inputs.length);
  if (inputs.length <= HASH_RATE) return compress(first, inputs);
  let state = first;
  for (let start = 0; start < inputs.length; start += HASH_RATE) {
    const block = inputs.slice(start, start + HASH_RATE);
    while (block.length < HASH_RATE) block.push(0n);
    state = compress(state, block);
  }
  return state;
}

const SCALAR_MASK = (1n << BigInt(HASH_TO_SCALAR_BITS)) - 1n;

/** Low 250 bits of the hash's canonical integer: below 2^250 < l, so a canonical scalar. */
export function hashToScalar(domain: bigint, inputs: readonly Field[]): bigint {
  return hash(domain, inputs) & SCALAR_MASK;
}
