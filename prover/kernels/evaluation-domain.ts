/** Transforms over the domain of 2^power roots of unity and its odd coset; tables stay in memory. Isomorphic. */
import { type Bn254Kernels, FR } from './bn254.ts';
import { ELEMENT_BYTES, LIMBS, limbsOf } from './field.ts';

/** The largest power of two that divides r - 1. */
const TWO_ADICITY = 28;
/** What snarkjs takes its roots of unity from. */
const NON_RESIDUE = 5n;
/** Butterflies per call: V8 optimises a function between calls. */
const CHUNK = 1024;

export class EvaluationDomain {
  readonly power: number;
  readonly size: number;
  readonly #kernels: Bn254Kernels;
  /** Inverses of the twiddle factors; the same for every layer. */
  readonly #inverse: number;
  /** Twiddle factors of the odd coset, layer after layer, the one with one block first. */
  readonly #coset: number;

  constructor(kernels: Bn254Kernels, power: number) {
    this.#kernels = kernels;
    this.power = power;
    this.size = 2 ** power;
    const half = Math.max(1, this.size / 2);
    this.#inverse = kernels.allocate(half * ELEMENT_BYTES);
    this.#coset = kernels.allocate(this.size * ELEMENT_BYTES);
    // Exponents of a primitive 2n-th root: block k + 2^i has the factor of block k times root^(n / 2^(i + 1)).
    const root = rootOfUnity(power + 1);
    const mark = kernels.mark();
    const factors = kernels.allocate(half * ELEMENT_BYTES);
    this.#build(factors, half, root);
    this.#build(this.#inverse, half, powerModR(root, 2n * BigInt(this.size) - 1n));
    for (let layer = 0, at = this.#coset; layer < power; layer++) {
      const shift = this.#element(powerModR(root, BigInt(this.size) >> BigInt(layer + 1)));
      this.#multiplyAll(at, factors, 2 ** layer, shift);
      at += ELEMENT_BYTES * 2 ** layer;
    }
    kernels.release(mark);
  }

  /** Values in bit-reversed order become coefficients times the size, in place. */
  inverse(data: number): void {
    for (let half = 1; half < this.size; half *= 2) this.#layer('inverseLayer', data, half, this.#inverse);
  }

  /** Coefficients become values on the odd coset, in bit-reversed order, in place. */
  toCoset(data: number): void {
    let twiddles = this.#coset;
    for (let half = this.size / 2; half >= 1; half /= 2) {
      this.#layer('forwardLayer', data, half, twiddles);
      twiddles += ELEMENT_BYTES * (this.size / 2 / half);
    }
  }

  #layer(name: 'inverseLayer' | 'forwardLayer', data: number, half: number, twiddles: number): void {
    const call = this.#kernels.call[name]!;
    const blocks = this.size / 2 / half;
    const count = Math.min(half, CHUNK);
    const together = Math.min(blocks, CHUNK / count);
    for (let block = 0; block < blocks; block += together) {
      const start = data + block * 2 * half * ELEMENT_BYTES;
      for (let first = 0; first < half; first += count) {
        const z = twiddles + block * ELEMENT_BYTES;
        call(start + first * ELEMENT_BYTES, half, count, together, z);
      }
    }
  }

  #build(to: number, count: number, root: bigint): void {
    this.#kernels.words(to, LIMBS).set(montgomery(1n));
    for (let known = 1, bit = 0; known < count; known *= 2, bit++) {
      const step = this.#element(powerModR(root, BigInt(this.size) >> BigInt(bit + 1)));
      this.#multiplyAll(to + known * ELEMENT_BYTES, to, known, step);
    }
  }

  #multiplyAll(to: number, from: number, count: number, factor: number): void {
    for (let first = 0; first < count; first += CHUNK) {
      const at = first * ELEMENT_BYTES;
      this.#kernels.call.multiplyAll!(to + at, from + at, Math.min(CHUNK, count - first), factor);
    }
  }

  #element(value: bigint): number {
    const address = this.#kernels.allocate(ELEMENT_BYTES);
    this.#kernels.words(address, LIMBS).set(montgomery(value));
    return address;
  }
}

/** Position of value i of a domain: its bits reversed. */
export function bitReversal(power: number): Uint32Array<ArrayBuffer> {
  const reversed = new Uint32Array(2 ** power);
  for (let i = 1; i < reversed.length; i++)
    reversed[i] = (reversed[i >>> 1]! >>> 1) | ((i & 1) << (power - 1));
  return reversed;
}

/** Primitive 2^power-th root of unity of Fr, the one snarkjs uses. */
export function rootOfUnity(power: number): bigint {
  const last = powerModR(NON_RESIDUE, (FR.modulus - 1n) >> BigInt(TWO_ADICITY));
  return powerModR(last, 1n << BigInt(TWO_ADICITY - power));
}

/** base^exponent modulo r. */
export function powerModR(base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, base];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % FR.modulus;
    square = (square * square) % FR.modulus;
  }
  return result;
}

function montgomery(value: bigint): number[] {
  return limbsOf((value * FR.one) % FR.modulus).map(Number);
}
