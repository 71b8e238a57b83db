/** Arithmetic on the few points that a proof is put together from, in the kernels' memory. Isomorphic. */

import { pointBytes } from '../kernels/batch-addition.ts';
import { type Bn254Kernels, FIELD_OF, FQ, type Group } from '../kernels/bn254.ts';
import { ELEMENT_BYTES } from '../kernels/field.ts';
import type { MultiScalar } from '../kernels/multi-scalar.ts';
import { FROM_SNARKJS, type KeyShare } from './key-share.ts';

/** Address of a point X, Y, Z. */
export type Sum = number & { readonly sum: unique symbol };

const SCALAR_BITS = 254;

export class PointSums {
  readonly #kernels: Bn254Kernels;
  readonly #share: KeyShare;
  readonly #mark: number;

  constructor(share: KeyShare) {
    this.#kernels = share.kernels;
    this.#share = share;
    this.#mark = share.kernels.mark();
  }

  /** Frees all points of this object. */
  release(): void {
    this.#kernels.release(this.#mark);
  }

  /** A sum from the bytes that `MultiScalar.sum` gave. */
  from(_group: Group, bytes: Uint8Array): Sum {
    return this.#kernels.write(bytes) as Sum;
  }

  /** A point of a proving key's header, infinity as zeros. */
  point(group: Group, bytes: Uint8Array): Sum {
    const kernels = this.#kernels;
    const result = this.#infinity(group);
    const mark = kernels.mark();
    const affine = kernels.allocate(pointBytes(FIELD_OF[group]));
    const [from, index, factor] = [kernels.write(bytes), kernels.allocate(4), kernels.writeRaw(FROM_SNARKJS)];
    const found = kernels.call[`${group}_loadPoints`]!(affine, from, 1, index, 0, factor);
    if (found === 1) this.#of(group).lift(result, affine);
    kernels.release(mark);
    return result;
  }

  add(group: Group, ...terms: readonly Sum[]): Sum {
    const result = this.#infinity(group);
    for (const term of terms) this.#of(group).add(result, result, term);
    return result;
  }

  /** Adds in every step, whatever the bit: the scalar is secret. */
  multiply(group: Group, point: Sum, scalar: bigint): Sum {
    const sums = this.#of(group);
    const result = this.#infinity(group);
    const other = this.#infinity(group);
    for (let bit = SCALAR_BITS - 1; bit >= 0; bit--) {
      sums.add(result, result, result);
      sums.add(other, result, point);
      const from = (scalar >> BigInt(bit)) & 1n ? other : result;
      this.#kernels.bytes.copyWithin(result, from, from + sums.sumBytes);
    }
    return result;
  }

  /** Affine coordinates, canonical: two, or four for G2; zeros at infinity. */
  affine(group: Group, point: Sum): bigint[] {
    const count = this.#of(group).sumBytes / ELEMENT_BYTES;
    const c = this.#integers(point, count);
    if (group === 'g1') {
      const inverse = inverseModP(c[2]!);
      return [c[0]!, c[1]!].map((coordinate) => (coordinate * inverse) % FQ.modulus);
    }
    const [z0, z1] = [c[4]!, c[5]!];
    const norm = inverseModP((z0 * z0 + z1 * z1) % FQ.modulus);
    const [i0, i1] = [(z0 * norm) % FQ.modulus, ((FQ.modulus - z1) * norm) % FQ.modulus];
    return [0, 2].flatMap((k) => {
      const [a, b] = [c[k]!, c[k + 1]!];
      const real = (a * i0 + (FQ.modulus - b) * i1) % FQ.modulus;
      return [real, (a * i1 + b * i0) % FQ.modulus];
    });
  }

  #integers(point: number, count: number): bigint[] {
    const kernels = this.#kernels;
    const mark = kernels.mark();
    const plain = kernels.allocate(32 * count);
    kernels.call.fq_toBytes!(plain, point, count);
    const words = kernels.words(plain, 8 * count);
    const values = Array.from({ length: count }, (_, k) =>
      words.subarray(8 * k, 8 * k + 8).reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n),
    );
    kernels.release(mark);
    return values;
  }

  #infinity(group: Group): Sum {
    const address = this.#kernels.allocate(this.#of(group).sumBytes) as Sum;
    this.#of(group).setInfinity(address);
    return address;
  }

  #of(group: Group): MultiScalar {
    return this.#share.sums(group);
  }
}

/** 1 / value modulo p, 0 for 0. */
function inverseModP(value: bigint): bigint {
  let [result, base] = [1n, value];
  for (let exponent = FQ.modulus - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % FQ.modulus;
    base = (base * base) % FQ.modulus;
  }
  return result;
}
