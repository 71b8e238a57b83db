/** Packing of bytecode bits and the bytecode hash: docs/specification.md, sections 7 and 8. Twin: circuits/avm/bytecode.circom. */
import { BYTECODE_WORD_BITS, DOMAIN } from '../../protocol/constants.ts';
import { hash } from '../../protocol/hash/hash.ts';

/** Little-endian words of BYTECODE_WORD_BITS bits, the last one shorter. `bits` are 0 or 1. */
export function packBits(bits: ArrayLike<number>): bigint[] {
  const words: bigint[] = [];
  for (let start = 0; start < bits.length; start += BYTECODE_WORD_BITS) {
    let word = 0n;
    for (let i = Math.min(bits.length, start + BYTECODE_WORD_BITS) - 1; i >= start; i--) {
      word = 2n * word + BigInt(bits[i]);
    }
    words.push(word);
  }
  return words;
}

/** hash(BYTECODE, [packed words, constants, record input names, record output names]), every list at the size's capacity. */
export function bytecodeHash(parts: {
  readonly bits: ArrayLike<number>;
  readonly constants: readonly bigint[];
  readonly recordInputNames: readonly bigint[];
  readonly recordOutputNames: readonly bigint[];
}): bigint {
  return hash(DOMAIN.BYTECODE, [
    ...packBits(parts.bits),
    ...parts.constants,
    ...parts.recordInputNames,
    ...parts.recordOutputNames,
  ]);
}
