/** Field elements in four 64-bit words, cut into limbs in the locals of a WebAssembly function. */
import { type Code, get, i64, type Locals, set } from './code.ts';

/** Limbs of a field element. */
export const LIMBS = 9;
export const WORDS = 4;
const WORD_BITS = 64;

/** Limbs of so many bits, lowest first. */
export const limbsOf = (value: bigint, bits: number): bigint[] =>
  Array.from({ length: LIMBS }, (_, k) => (value >> BigInt(bits * k)) & ((1n << BigInt(bits)) - 1n));

/** 1/value mod 2^bits by Newton's iteration, each step doubling the bits that are right. */
export function inverseOfOdd(value: bigint, bits: bigint): bigint {
  let inverse = 1n;
  for (let right = 1n; right < bits; right *= 2n) inverse *= 2n - value * inverse;
  return inverse & ((1n << bits) - 1n);
}

/** Limb k of `bits` bits of 2^shift times the number in four words. */
function limb(words: readonly number[], k: number, bits: number, shift: number): Code {
  const low = bits * k - shift;
  const mask = i64.const((1n << BigInt(bits)) - 1n);
  if (low < 0) return i64.and(i64.shl(get(words[0]), i64.const(-low)), mask);
  const word = Math.floor(low / WORD_BITS);
  const offset = low % WORD_BITS;
  const part = offset === 0 ? get(words[word]) : i64.shr(get(words[word]), i64.const(offset));
  if (offset + bits <= WORD_BITS || word + 1 === WORDS) return i64.and(part, mask);
  return i64.and(i64.or(part, i64.shl(get(words[word + 1]), i64.const(WORD_BITS - offset))), mask);
}

/** Loads four words and cuts them into limbs. */
export function loadLimbs(
  locals: Locals,
  address: number,
  bits: number,
  shift: number,
): { code: Code; limbs: number[] } {
  const words = locals.many(WORDS);
  const limbs = locals.many(LIMBS);
  const code = [
    ...words.map((local, k) => set(local, i64.load(get(address), 8 * k))),
    ...limbs.map((local, k) => set(local, limb(words, k, bits, shift))),
  ].flat();
  return { code, limbs };
}

/** Stores non-negative limbs of `bits` bits, less than 2^256 together, as four words. */
export function storeLimbs(address: number, limbs: readonly number[], bits: number): Code {
  return Array.from({ length: WORDS }, (_, word) => {
    const parts: Code[] = [];
    for (let k = 0; k < LIMBS; k++) {
      const offset = bits * k - WORD_BITS * word;
      if (offset <= -bits || offset >= WORD_BITS) continue;
      const value = get(limbs[k]);
      parts.push(
        offset < 0
          ? i64.shr(value, i64.const(-offset))
          : offset === 0
            ? value
            : i64.shl(value, i64.const(offset)),
      );
    }
    return i64.store(get(address), 8 * word, parts.reduce(i64.or));
  }).flat();
}
