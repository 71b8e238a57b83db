/** Packing of bytecode bits and the bytecode hash: docs/specification.md, sections 7 and 8. Twin: circuits/avm/bytecode.circom. */
import { BYTECODE_WORD_BITS, DOMAIN } from '../protocol/constants.ts';
import { hash } from '../protocol/hash/hash.ts';
import { RecentResults } from './recent-results.ts';

/** So many bits are put together as a number before they join a word. */
const CHUNK_BITS = 28;

/** Little-endian words of BYTECODE_WORD_BITS bits, the last one shorter. `bits` are 0 or 1. */
export function packBits(bits: ArrayLike<number>): bigint[] {
  const words: bigint[] = [];
  for (let start = 0; start < bits.length; start += BYTECODE_WORD_BITS) {
    const end = Math.min(bits.length, start + BYTECODE_WORD_BITS);
    let word = 0n;
    for (let low = start; low < end; low += CHUNK_BITS) {
      let chunk = 0;
      for (let i = Math.min(end, low + CHUNK_BITS) - 1; i >= low; i--) chunk = 2 * chunk + bits[i];
      word += BigInt(chunk) << BigInt(low - start);
    }
    words.push(word);
  }
  return words;
}

/** Checks hash the bytecode of one function again and again. */
const recent = new RecentResults<bigint>();

/** hash(BYTECODE, [packed words, constants, record input names, record output names]), every list at the size's capacity. */
export function bytecodeHash(parts: {
  readonly bits: ArrayLike<number>;
  readonly constants: readonly bigint[];
  readonly recordInputNames: readonly bigint[];
  readonly recordOutputNames: readonly bigint[];
}): bigint {
  const elements = [
    ...packBits(parts.bits),
    ...parts.constants,
    ...parts.recordInputNames,
    ...parts.recordOutputNames,
  ];
  return recent.of(elements, () => hash(DOMAIN.BYTECODE, elements));
}
