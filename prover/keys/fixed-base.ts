/**
 * Computes many multiples of one generator. It uses a windowed table of all digits, with one mixed addition per window and
 * point.
 * One batch inversion then gives affine form.
 */
import { type Bn254Engine, FIELD_BYTES, G1_BYTES, G2_BYTES } from './bn254-engine.ts';

export type Group = 'g1' | 'g2';

/** Window widths in bits: measured optimum of table size (cache) against additions per point. */
const WINDOW: Readonly<Record<Group, number>> = { g1: 13, g2: 12 };
const SCALAR_BITS = 254;
/** Points per batch: bounds the scratch memory. */
const BATCH = 4096;

export class FixedBase {
  readonly #engine: Bn254Engine;
  readonly #prefix: 'g1m' | 'g2m';
  readonly #pointBytes: number;
  readonly #window: number;
  readonly #windows: number;
  readonly #table: number;

  /** Builds the table of the group's generator: window j, digit d > 0 holds d * 2^(window * j) * G, affine. */
  constructor(engine: Bn254Engine, group: Group, window = WINDOW[group]) {
    this.#engine = engine;
    this.#prefix = group === 'g1' ? 'g1m' : 'g2m';
    this.#pointBytes = group === 'g1' ? G1_BYTES : G2_BYTES;
    this.#window = window;
    this.#windows = Math.ceil(SCALAR_BITS / window);
    const digits = 1 << window;
    const jacobian = (this.#pointBytes / 2) * 3;
    const add = engine.call[`${this.#prefix}_add`]!;
    const copy = engine.call[`${this.#prefix}_copy`]!;
    const zero = engine.call[`${this.#prefix}_zero`]!;
    this.#table = engine.allocate(this.#windows * digits * this.#pointBytes);
    const mark = engine.mark();
    const generator = group === 'g1' ? engine.blueprint.g1 : engine.blueprint.g2;
    const base = engine.write(generator);
    const row = engine.allocate((digits + 1) * jacobian);
    for (let j = 0; j < this.#windows; j++) {
      zero(row);
      for (let digit = 1; digit <= digits; digit++) {
        add(row + (digit - 1) * jacobian, base, row + digit * jacobian);
      }
      // The next window's base is digits * base.
      copy(row + digits * jacobian, base);
      engine.batchToAffine(this.#prefix, row, digits, row);
      engine.bytes.copyWithin(
        this.#table + j * digits * this.#pointBytes,
        row,
        row + digits * this.#pointBytes,
      );
    }
    engine.release(mark);
  }

  /**
   * @param scalars 32 bytes little-endian each, canonical
   * @returns affine points in Montgomery form as in a `.zkey` (G1: x, y; G2: x.c0, x.c1, y.c0, y.c1); zeros for infinity
   */
  multiply(scalars: Uint8Array, onProgress?: (points: number) => void): Uint8Array<ArrayBuffer> {
    const engine = this.#engine;
    const count = scalars.length / FIELD_BYTES;
    const jacobian = (this.#pointBytes / 2) * 3;
    const result = new Uint8Array(count * this.#pointBytes);
    const mark = engine.mark();
    const points = engine.allocate(Math.min(BATCH, count) * jacobian);
    const addMixed = engine.call[`${this.#prefix}_addMixed`]!;
    const zero = engine.call[`${this.#prefix}_zero`]!;
    const window = this.#window;
    const mask = (1 << window) - 1;
    const rowBytes = this.#pointBytes << window;
    const view = new DataView(scalars.buffer, scalars.byteOffset, scalars.byteLength);
    for (let first = 0; first < count; first += BATCH) {
      const batch = Math.min(BATCH, count - first);
      for (let index = 0; index < batch; index++) {
        const point = points + index * jacobian;
        const scalar = (first + index) * FIELD_BYTES;
        zero(point);
        for (let j = 0, bit = 0; j < this.#windows; j++, bit += window) {
          // A digit spans at most two of the eight 32-bit limbs.
          const limb = bit >>> 5;
          const shift = bit & 31;
          let digit = view.getUint32(scalar + 4 * limb, true) >>> shift;
          if (shift + window > 32 && limb < 7)
            digit |= view.getUint32(scalar + 4 * limb + 4, true) << (32 - shift);
          digit &= mask;
          if (digit !== 0) addMixed(point, this.#table + j * rowBytes + digit * this.#pointBytes, point);
        }
      }
      engine.batchToAffine(this.#prefix, points, batch, points);
      result.set(engine.bytes.subarray(points, points + batch * this.#pointBytes), first * this.#pointBytes);
      onProgress?.(first + batch);
    }
    engine.release(mark);
    return result;
  }
}
