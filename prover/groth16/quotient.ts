/**
 * The scalars of the H points: A*w and B*w over the evaluation domain, and (A*w)(B*w) - C*w on its odd coset, from a proving key's
 * coefficients that stay in memory. Isomorphic.
 */
import type { Bn254Kernels } from '../kernels/bn254.ts';
import { FR } from '../kernels/bn254.ts';
import { TERM_BYTES } from '../kernels/domain.ts';
import { bitReversal, EvaluationDomain, powerModR } from '../kernels/evaluation-domain.ts';
import { ELEMENT_BYTES } from '../kernels/field.ts';
import { FIELD_BYTES } from '../keys/bn254-engine.ts';
import { COEFFICIENT_BYTES, keyMalformed, type ProvingKey, type ReadRange } from './proving-key.ts';

/** Rows or elements per call: V8 optimises a function between calls. */
const CHUNK = 1024;
const CHUNK_COEFFICIENTS = 8192;
/** From coefficient * 2^512 to coefficient * 2^522: a product with this, divided by 2^261. */
const FROM_SNARKJS = (1n << 271n) % FR.modulus;

export class Quotient {
  readonly #kernels: Bn254Kernels;
  readonly #domain: EvaluationDomain;
  /** Of row k of A, then of B: place of its first term; and one more. */
  readonly #starts: number;
  readonly #terms: number;
  /** Of each row: its element, bit-reversed. */
  readonly #targets: number;
  readonly #reversed: Uint32Array;

  private constructor(kernels: Bn254Kernels, domain: EvaluationDomain, starts: number, terms: number) {
    this.#kernels = kernels;
    this.#domain = domain;
    this.#starts = starts;
    this.#terms = terms;
    this.#reversed = bitReversal(domain.power);
    this.#targets = kernels.allocate(8 * domain.size);
    const targets = kernels.words(this.#targets, 2 * domain.size);
    targets.set(this.#reversed);
    for (const [row, element] of this.#reversed.entries()) targets[domain.size + row] = domain.size + element;
  }

  /** @throws KEY_MALFORMED */
  static async load(kernels: Bn254Kernels, read: ReadRange, key: ProvingKey): Promise<Quotient> {
    const { start, length } = key.sections.coefficients;
    const count = (length - 4) / COEFFICIENT_BYTES;
    const first = await read(start, 4);
    const stated = new DataView(first.buffer, first.byteOffset, 4).getUint32(0, true);
    if (stated !== count) keyMalformed(`section 4 has ${count} coefficients, not ${stated}`);
    const rows = 2 * key.domain;

    const forEach = async (visit: (words: Uint32Array, at: number) => void): Promise<void> => {
      for (let done = 0; done < count; done += CHUNK_COEFFICIENTS) {
        const now = Math.min(CHUNK_COEFFICIENTS, count - done);
        const from = start + 4 + done * COEFFICIENT_BYTES;
        const words = new Uint32Array((await read(from, now * COEFFICIENT_BYTES)).slice().buffer);
        for (let k = 0; k < now; k++) visit(words, (k * COEFFICIENT_BYTES) / 4);
      }
    };
    // Coefficients repeat: each is kept once.
    const distinct = new Distinct();
    const ends = new Uint32Array(rows + 1);
    const identities = new Uint32Array(count);
    let index = 0;
    await forEach((words, at) => {
      const [matrix, row, wire] = [words[at]!, words[at + 1]!, words[at + 2]!];
      if (matrix > 1 || row >= key.domain || wire >= key.wires)
        keyMalformed(`coefficient ${index} is of row ${row}, wire ${wire}`);
      ends[matrix * key.domain + row + 1]!++;
      identities[index++] = distinct.place(words, at + 3);
    });
    for (let row = 0; row < rows; row++) ends[row + 1]! += ends[row]!;

    const starts = kernels.allocate(4 * (rows + 1));
    kernels.words(starts, rows + 1).set(ends);
    const coefficients = kernels.allocate(distinct.count * ELEMENT_BYTES);
    const terms = kernels.allocate(count * TERM_BYTES);
    const mark = kernels.mark();
    const factor = kernels.writeRaw(FROM_SNARKJS);
    const raw = kernels.write(distinct.bytes());
    for (let done = 0; done < distinct.count; done += CHUNK) {
      const now = Math.min(CHUNK, distinct.count - done);
      kernels.call.fr_convert!(coefficients + done * ELEMENT_BYTES, raw + done * FIELD_BYTES, now, factor);
    }
    kernels.release(mark);
    index = 0;
    const next = ends;
    await forEach((words, at) => {
      const place = next[words[at]! * key.domain + words[at + 1]!]!++;
      const term = kernels.words(terms + place * TERM_BYTES, 2);
      term[0] = words[at + 2]!;
      term[1] = coefficients + identities[index++]! * ELEMENT_BYTES;
    });
    const domain = new EvaluationDomain(kernels, Math.log2(key.domain));
    return new Quotient(kernels, domain, starts, terms);
  }

  /**
   * @param witness canonical, 32 bytes little-endian per wire
   * @returns canonical scalars in the order of the H points
   */
  scalars(witness: Uint8Array): Uint8Array<ArrayBuffer> {
    const kernels = this.#kernels;
    const { call } = kernels;
    const { size } = this.#domain;
    const mark = kernels.mark();
    const from = kernels.write(witness);
    const [a, b, c] = [0, 1, 2].map(() => kernels.allocate(size * ELEMENT_BYTES)) as [number, number, number];
    for (let row = 0; row < 2 * size; row += CHUNK) {
      const end = Math.min(row + CHUNK, 2 * size);
      call.rows!(row, end, this.#starts, this.#terms, this.#targets, from, a);
    }
    const chunks = Array.from({ length: Math.ceil(size / CHUNK) }, (_, k) => k * CHUNK);
    const count = Math.min(CHUNK, size);
    for (const chunk of chunks) {
      const at = chunk * ELEMENT_BYTES;
      call.products!(c + at, a + at, b + at, count);
    }
    for (const values of [a, b, c]) {
      this.#domain.inverse(values);
      this.#domain.toCoset(values);
    }
    // Transforms there and back multiply by the size.
    const inverse = powerModR(BigInt(size), FR.modulus - 2n);
    const once = kernels.writeRaw(inverse);
    const twice = kernels.writeRaw((inverse * inverse) % FR.modulus);
    const quotient = kernels.allocate(size * FIELD_BYTES);
    for (const chunk of chunks) {
      const at = chunk * ELEMENT_BYTES;
      call.quotient!(quotient + chunk * FIELD_BYTES, a + at, b + at, c + at, count, twice, once);
    }
    const ordered = new Uint8Array(size * FIELD_BYTES);
    const [to, values] = [new Uint32Array(ordered.buffer), kernels.words(quotient, (size * FIELD_BYTES) / 4)];
    for (const [i, element] of this.#reversed.entries())
      for (let word = 0; word < 8; word++) to[8 * i + word] = values[8 * element + word]!;
    kernels.release(mark);
    return ordered;
  }
}

/** Values of 32 bytes, each once. */
class Distinct {
  count = 0;
  #words = new Uint32Array(8 * 1024);
  readonly #places = new Map<number, number>();

  /** Its place in order of appearance. */
  place(words: Uint32Array, at: number): number {
    let hash = 0;
    for (let k = 0; k < 8; k++) hash = (Math.imul(hash, 0x9e3779b1) + words[at + k]!) | 0;
    const found = this.#places.get(hash);
    if (found !== undefined) {
      let same = true;
      for (let k = 0; k < 8; k++) same &&= this.#words[8 * found + k] === words[at + k];
      if (same) return found;
    }
    if (8 * this.count === this.#words.length) {
      const larger = new Uint32Array(2 * this.#words.length);
      larger.set(this.#words);
      this.#words = larger;
    }
    this.#words.set(words.subarray(at, at + 8), 8 * this.count);
    this.#places.set(hash, this.count);
    return this.count++;
  }

  bytes(): Uint8Array {
    return new Uint8Array(this.#words.buffer, 0, this.count * FIELD_BYTES);
  }
}
