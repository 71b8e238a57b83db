/**
 * Computes many multiples of one generator from a table of all digits of all windows. Each point is the sum of its digits'
 * entries, in trees of affine additions that share inversions. Isomorphic.
 */
import { BATCH, pairScratchBytes, pointBytes } from '../kernels/batch-addition.ts';
import { type Bn254Kernels, FIELD_OF, FQ, type Group } from '../kernels/bn254.ts';
import { RECODED_BYTES } from '../kernels/bucket-sort.ts';
import { ELEMENT_BYTES, LIMBS, limbsOf } from '../kernels/field.ts';
import { digitOffset, MultiScalar } from '../kernels/multi-scalar.ts';
import { FIELD_BYTES, G1_BYTES, G2_BYTES } from './bn254-engine.ts';

/** Window widths in bits: measured optimum of table size (cache) against additions per point. */
const WINDOW: Readonly<Record<Group, number>> = { g1: 13, g2: 12 };
/** Bits of a scalar and of a sign. */
const SCALAR_BITS = 255;
/** Points summed together: bounds the memory. */
const TOGETHER = 1024;
/** Snarkjs's Montgomery form: a product with this, divided by 2^261. */
const TO_SNARKJS = (1n << 256n) % FQ.modulus;

/** Affine coordinates of the generators (EIP-197): G1 (1, 2); G2 x.c0, x.c1, y.c0, y.c1. */
const GENERATOR: Readonly<Record<Group, readonly bigint[]>> = {
  g1: [1n, 2n],
  g2: [
    0x1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6edn,
    0x198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2n,
    0x12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daan,
    0x090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975bn,
  ],
};

export class FixedBase {
  readonly #kernels: Bn254Kernels;
  readonly #group: Group;
  readonly #sums: MultiScalar;
  readonly #width: number;
  readonly #windows: number;
  /** Window w, digit d > 0: d * 2^(width w) * G at place w * half + d - 1. */
  readonly #table: number;

  constructor(kernels: Bn254Kernels, group: Group, width = WINDOW[group]) {
    this.#kernels = kernels;
    this.#group = group;
    this.#sums = new MultiScalar(kernels, group);
    this.#width = width;
    this.#windows = Math.ceil(SCALAR_BITS / width);
    const half = 1 << (width - 1);
    const size = pointBytes(FIELD_OF[group]);
    this.#table = kernels.allocate(this.#windows * half * size);
    const mark = kernels.mark();
    const pairs = kernels.allocate(8 * BATCH);
    const scratch = kernels.allocate(pairScratchBytes(FIELD_OF[group]));
    const addPairs = kernels.call[`${group}_addPairs`]!;
    const montgomery = GENERATOR[group].flatMap((c) => limbsOf((c * FQ.one) % FQ.modulus).map(Number));
    kernels.words(this.#table, montgomery.length).set(montgomery);
    const entry = (place: number): number => this.#table + place * size;
    for (let window = 0; window < this.#windows; window++) {
      const row = window * half;
      // Digits 1 to known, plus digit known.
      for (let known = 1; known < half; known *= 2) {
        for (let first = 0; first < known; first += BATCH) {
          const count = Math.min(BATCH, known - first);
          const words = kernels.words(pairs, 2 * count);
          for (let k = 0; k < count; k++) words.set([entry(row + first + k), entry(row + known - 1)], 2 * k);
          addPairs(pairs, count, entry(row + known + first), scratch);
        }
      }
      if (window === this.#windows - 1) break;
      kernels.words(pairs, 2).fill(entry(row + half - 1));
      addPairs(pairs, 1, entry(row + half), scratch);
    }
    kernels.release(mark);
  }

  /**
   * @param scalars 32 bytes little-endian each, canonical
   * @returns affine points in Montgomery form as in a `.zkey` (G1: x, y; G2: x.c0, x.c1, y.c0, y.c1); zeros for infinity
   */
  multiply(scalars: Uint8Array): Uint8Array<ArrayBuffer> {
    const bytes = this.#group === 'g1' ? G1_BYTES : G2_BYTES;
    const count = scalars.length / FIELD_BYTES;
    const result = new Uint8Array(count * bytes);
    for (let first = 0; first < count; first += TOGETHER) {
      const batch = scalars.subarray(first * FIELD_BYTES, (first + TOGETHER) * FIELD_BYTES);
      this.#multiply(batch, result.subarray(first * bytes, (first + TOGETHER) * bytes));
    }
    return result;
  }

  #multiply(scalars: Uint8Array, result: Uint8Array): void {
    const kernels = this.#kernels;
    const mark = kernels.mark();
    const count = scalars.length / FIELD_BYTES;
    const size = pointBytes(FIELD_OF[this.#group]);
    const most = count * this.#windows;
    const entries = kernels.allocate(4 * most + 8);
    const groups = kernels.allocate(4 * most + 8);
    const pairs = kernels.allocate(8 * BATCH);
    const scratch = kernels.allocate(pairScratchBytes(FIELD_OF[this.#group]));
    const sums = kernels.allocate(most * size);
    const recoded = this.#recode(scalars);
    const list = { entries, groups, count: this.#list(recoded, count, entries, groups) };
    const { count: left } = this.#sums.sumGroups(list, sums, pairs, scratch);
    const [found, owners] = [kernels.words(entries, left).slice(), kernels.words(groups, left).slice()];
    const factor = kernels.writeRaw(TO_SNARKJS);
    const coordinates = size / ELEMENT_BYTES;
    const plain = kernels.allocate(FIELD_BYTES * coordinates);
    const positive = kernels.allocate(this.#sums.sumBytes);
    for (let k = 0; k < left; k++) {
      // A single table entry may stand for its negative; `lift` resolves that, and infinity, Z = 0.
      this.#sums.lift(positive, found[k]!);
      const z = kernels.words(positive + size, LIMBS);
      if (z.every((limb) => limb === 0)) continue;
      kernels.call.fq_revert!(plain, positive, coordinates, factor);
      const bytes = kernels.bytes.subarray(plain, plain + FIELD_BYTES * coordinates);
      result.set(bytes, owners[k]! * FIELD_BYTES * coordinates);
    }
    kernels.release(mark);
  }

  #recode(scalars: Uint8Array): number {
    const kernels = this.#kernels;
    const count = scalars.length / FIELD_BYTES;
    const recoded = kernels.allocate(count * RECODED_BYTES + 8);
    const from = kernels.write(scalars);
    const order = kernels.allocate(4 * count);
    kernels.words(order, count).set(Uint32Array.from({ length: count }, (_, k) => k));
    const offset = kernels.allocate(40);
    kernels.words(offset, 10).set(digitOffset(this.#width, this.#windows));
    kernels.call.recode!(recoded, from, order, count, offset);
    return recoded;
  }

  /** Lists the table's entries of all digits, point after point. */
  #list(recoded: number, count: number, entries: number, groups: number): number {
    const kernels = this.#kernels;
    const half = 1 << (this.#width - 1);
    const size = pointBytes(FIELD_OF[this.#group]);
    const view = new DataView(kernels.memory.buffer);
    const most = count * this.#windows;
    const [toEntries, toGroups] = [kernels.words(entries, most), kernels.words(groups, most)];
    let listed = 0;
    for (let point = 0; point < count; point++) {
      for (let window = 0; window < this.#windows; window++) {
        const bit = window * this.#width;
        const word = view.getUint32(recoded + point * RECODED_BYTES + (bit >>> 3), true) >>> (bit & 7);
        const digit = (word & (2 * half - 1)) - half;
        if (digit === 0) continue;
        const place = window * half + Math.abs(digit) - 1;
        toEntries[listed] = (this.#table + place * size) | (digit < 0 ? 1 : 0);
        toGroups[listed++] = point;
      }
    }
    return listed;
  }
}
