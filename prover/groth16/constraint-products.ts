/** A*w, B*w and their products on the evaluation domain, from a proving key's coefficients kept in WebAssembly memory. */
import { type Bn254Engine, FIELD_BYTES } from '../keys/bn254-engine.ts';
import { COEFFICIENT_BYTES, type ProvingKey } from './proving-key.ts';

export class ConstraintProducts {
  readonly #engine: Bn254Engine;
  readonly #domain: number;
  readonly #wires: number;
  /** Per coefficient: where its term is added, relative to the first output, and which wire it multiplies. */
  readonly #targets: Uint32Array;
  readonly #sources: Uint32Array;
  readonly #coefficients: number;

  /** Copies the coefficients; the key's own bytes are no longer needed then. */
  constructor(engine: Bn254Engine, key: ProvingKey) {
    this.#engine = engine;
    this.#domain = key.domain;
    this.#wires = key.wires;
    const { coefficients } = key;
    const view = new DataView(coefficients.buffer, coefficients.byteOffset, coefficients.byteLength);
    const count = view.getUint32(0, true);
    this.#targets = new Uint32Array(count);
    this.#sources = new Uint32Array(count);
    this.#coefficients = engine.allocate(count * FIELD_BYTES);
    const memory = engine.bytes;
    for (let index = 0; index < count; index++) {
      const at = 4 + index * COEFFICIENT_BYTES;
      const [matrix, row, wire] = [0, 4, 8].map((o) => view.getUint32(at + o, true)) as [
        number,
        number,
        number,
      ];
      if (matrix > 1 || row >= key.domain || wire >= key.wires) throw new RangeError(`coefficient ${index}`);
      this.#targets[index] = (matrix * key.domain + row) * FIELD_BYTES;
      this.#sources[index] = wire * FIELD_BYTES;
      const start = at + 12;
      memory.set(coefficients.subarray(start, start + FIELD_BYTES), this.#coefficients + index * FIELD_BYTES);
    }
  }

  /**
   * @param witness canonical, 32 bytes little-endian per wire
   * @returns A*w, B*w and (A*w)(B*w) per row of the domain, Montgomery form
   */
  evaluate(
    witness: Uint8Array,
  ): readonly [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>] {
    const engine = this.#engine;
    const mark = engine.mark();
    const { frm_add: add, frm_mul: mul } = engine.call;
    const size = this.#domain * FIELD_BYTES;
    const values = engine.write(witness.subarray(0, this.#wires * FIELD_BYTES));
    const rows = engine.allocate(3 * size);
    const term = engine.allocate(FIELD_BYTES);
    const targets = this.#targets;
    const sources = this.#sources;
    // A coefficient is stored times R^2, the witness is plain: their Montgomery product is a Montgomery element.
    for (let index = 0, at = this.#coefficients; index < targets.length; index++, at += FIELD_BYTES) {
      mul!(at, values + sources[index]!, term);
      const target = rows + targets[index]!;
      add!(target, term, target);
    }
    for (let at = 0; at < size; at += FIELD_BYTES) mul!(rows + at, rows + size + at, rows + 2 * size + at);
    const products = [0, 1, 2].map((index) => engine.read(rows + index * size, size));
    engine.release(mark);
    return products as unknown as readonly [
      Uint8Array<ArrayBuffer>,
      Uint8Array<ArrayBuffer>,
      Uint8Array<ArrayBuffer>,
    ];
  }

  /** a*b - c per element, canonical: the scalars of the H points. */
  combine(a: Uint8Array, b: Uint8Array, c: Uint8Array): Uint8Array<ArrayBuffer> {
    const engine = this.#engine;
    const mark = engine.mark();
    const { frm_mul: mul, frm_sub: sub, frm_fromMontgomery: fromMontgomery } = engine.call;
    const [pa, pb, pc] = [a, b, c].map((elements) => engine.write(elements)) as [number, number, number];
    for (let at = 0; at < a.length; at += FIELD_BYTES) {
      mul!(pa + at, pb + at, pa + at);
      sub!(pa + at, pc + at, pa + at);
      fromMontgomery!(pa + at, pa + at);
    }
    const result = engine.read(pa, a.length);
    engine.release(mark);
    return result;
  }
}
