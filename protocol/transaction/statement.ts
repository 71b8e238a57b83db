import { keccak_256 } from '@noble/hashes/sha3.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { FIELD_MODULUS, KEY_ID, type SizeClass } from '../constants.ts';
import { type Field, integerFromBytes, integerToBytes, toField } from '../field.ts';

/** The public inputs of every circuit, in its order: x, y, c. */
export type PublicInputs = readonly [x: Field, y: Field, c: Field];

/**
 * The public inputs that stand for the words of a statement: docs/specification.md, section 6; twin of
 * circuits/statement.circom and contracts/Statement.sol.
 * @param bound what x binds the proof to beside the statement: at least the key id
 * @param words the statement, S
 * @param c the statement's hash: made in the circuit, it determines every word
 */
export function publicInputs(bound: readonly bigint[], words: readonly Field[], c: Field): PublicInputs {
  const hashed = [...bound, ...words, c].map((word) => integerToBytes(word, 32));
  const x = integerFromBytes(keccak_256(concatBytes(...hashed))) % FIELD_MODULUS;
  return [x, evaluateStatement(words, x), c];
}

/** y = S_0 x + S_1 x^2 + ... */
export function evaluateStatement(words: readonly Field[], x: Field): Field {
  let y = 0n;
  for (let j = words.length - 1; j >= 0; j--) y = toField((y + words[j]) * x);
  return y;
}

/** Public inputs of a transition's proof. `words`: section 6, in order; `c`: the full hash of the challenge. */
export function transitionPublicInputs(keyId: number, words: readonly Field[], c: Field): PublicInputs {
  return publicInputs([BigInt(keyId)], words, c);
}

/** Key id of the circuit that proves transitions of a size. */
export function transitionKeyId(sizeClass: SizeClass): number {
  return KEY_ID[`transition-${sizeClass}`];
}
