import { buildPoseidon } from 'circomlibjs';
import type { Field } from '../field.ts';

/**
 * The Poseidon permutation over F with circomlib's constants, 2 <= t <= 17, as `PoseidonEx` of circomlib computes it:
 * circomlibjs's WebAssembly build, the fastest of the implementations in bench/poseidon.ts.
 */
const poseidon = await buildPoseidon();

/** All t elements of the state after the permutation. */
export function permute(state: readonly Field[]): Field[] {
  const out = poseidon(state.slice(1), state[0], state.length);
  return out.map((element: Uint8Array) => poseidon.F.toObject(element));
}

/** state[0] after the permutation of [initial, ...inputs]. */
export function compress(initial: Field, inputs: readonly Field[]): Field {
  return poseidon.F.toObject(poseidon(inputs, initial, 1));
}
