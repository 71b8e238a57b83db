import { LADDER_BITS, ROOT_OF_A } from '../../protocol/curve/x-ladder.ts';
import type { Field } from '../../protocol/field.ts';
import { ELEMENT_BYTES } from '../../prover/kernels/field.ts';
import { POWER_SCRATCH_BYTES } from '../../prover/kernels/field-functions.ts';
import { elementBytes } from './module-memory.ts';
import { type ScanExports, type ScanModule, type Width, writeScanModule } from './scan-module.ts';

/** An address of a field element in the machine's memory. */
export type Place = number;

const BYTES = 32;
/** Room for constants, points and temporaries; ScanFilter takes less than a thousand. */
const ELEMENTS = 2048;
const WIDEST = 9;

/** The module, and where the elements of a machine begin. */
let written: { readonly module: ScanModule; readonly free: number } | undefined;

/** The scanning module with its memory: field elements by their places, and computations with several of them. */
export class ScanMachine {
  readonly wasm: ScanExports;
  readonly #module: ScanModule;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #end: number;
  #next: number;
  readonly #io: number;
  readonly #scalar: number;
  readonly #state: Place;
  readonly #scratch: Place;
  readonly #one: Place;
  readonly #root: Place;

  private constructor(wasm: ScanExports, module: ScanModule, memory: WebAssembly.Memory, free: number) {
    this.wasm = wasm;
    this.#module = module;
    this.#bytes = new Uint8Array(memory.buffer);
    this.#view = new DataView(memory.buffer);
    this.#next = free;
    this.#end = free + ELEMENTS * ELEMENT_BYTES;
    this.#one = this.constant(1n);
    this.#root = this.constant(ROOT_OF_A);
    this.#io = this.element();
    this.#scalar = this.element();
    this.#state = this.elements(WIDEST)[0];
    this.#scratch = this.elements(POWER_SCRATCH_BYTES / ELEMENT_BYTES)[0];
  }

  static async create(): Promise<ScanMachine> {
    if (written === undefined) {
      const module = writeScanModule();
      written = { module, free: module.memory.reserve(ELEMENTS * ELEMENT_BYTES) };
    }
    const { module, free } = written;
    const memory = module.memory.create();
    const { instance } = await WebAssembly.instantiate(module.bytes, { env: { memory } });
    return new ScanMachine(instance.exports as unknown as ScanExports, module, memory, free);
  }

  element(): Place {
    return this.elements(1)[0];
  }

  /** Consecutive elements. */
  elements(count: number): Place[] {
    const places = Array.from({ length: count }, (_, k) => this.#next + k * ELEMENT_BYTES);
    this.#next += count * ELEMENT_BYTES;
    if (this.#next > this.#end) throw new RangeError('the scanning memory is too small');
    return places;
  }

  constant(value: Field): Place {
    const place = this.element();
    this.set(place, value);
    return place;
  }

  /** Sets an element from 32 bytes, little-endian and canonical. */
  read(place: Place, words: Uint8Array, offset: number): void {
    this.#bytes.set(words.subarray(offset, offset + BYTES), this.#io);
    this.wasm.fr_fromBytes(place, this.#io, 1);
  }

  set(place: Place, value: Field): void {
    this.#bytes.set(elementBytes(this.#module.field, value), place);
  }

  valueOf(place: Place): Field {
    this.wasm.fr_toBytes(this.#io, place, 1);
    let value = 0n;
    for (let k = 3; k >= 0; k--) value = (value << 64n) | this.#view.getBigUint64(this.#io + 8 * k, true);
    return value;
  }

  /** Returns whether an element equals 32 bytes. Looks at all of them. */
  equals(place: Place, words: Uint8Array, offset: number): boolean {
    this.wasm.fr_toBytes(this.#io, place, 1);
    let difference = 0;
    for (let k = 0; k < BYTES; k++) difference |= this.#bytes[this.#io + k] ^ words[offset + k];
    return difference === 0;
  }

  isZero(place: Place): boolean {
    return this.wasm.fr_isZero(place) === 1;
  }

  /** Returns whether it is a square, 0 included. */
  isSquare(place: Place): boolean {
    const { wasm } = this;
    wasm.character(this.#state, place);
    wasm.fr_sub(this.#state, this.#state, this.#one);
    return this.isZero(this.#state) || this.isZero(place);
  }

  copy(to: Place, from: Place): void {
    this.#bytes.copyWithin(to, from, from + ELEMENT_BYTES);
  }

  /** result = hash of one or two elements; `initial` holds the hash's initial state. */
  hash(result: Place, initial: Place, first: Place, second?: Place): void {
    this.#permute(second === undefined ? 2 : 3, [initial, first, ...(second === undefined ? [] : [second])]);
    this.#output(result, second === undefined ? 2 : 3, 0);
  }

  /** Elements `from`, `from` + 1, .. of the state after the permutation of up to nine elements, filled up with zeros. */
  permute(results: readonly Place[], state: readonly Place[], from: number): void {
    this.#permute(WIDEST, state);
    results.forEach((result, k) => {
      this.#output(result, WIDEST, from + k);
    });
  }

  #permute(width: Width, state: readonly Place[]): void {
    state.forEach((element, k) => {
      this.copy(this.#state + k * ELEMENT_BYTES, element);
    });
    this.#bytes.fill(0, this.#state + state.length * ELEMENT_BYTES, this.#state + width * ELEMENT_BYTES);
    this.wasm[`permute${width}`](this.#state);
  }

  #output(result: Place, width: Width, at: number): void {
    this.wasm.settledDot(result, this.#state, this.#module.columns[width][at], width);
  }

  /**
   * Replaces the x of each point by that of its multiple, as `multiplyX` does (protocol/curve/x-ladder.ts).
   * @param scalars of `ladderScalar`: one for all points, or one for each
   * @param pairs two elements for each point, overwritten
   */
  multiply(points: readonly Place[], scalars: readonly bigint[], pairs: readonly Place[]): void {
    const { wasm } = this;
    const upper = (k: number): Place => pairs[2 * k];
    const lower = (k: number): Place => pairs[2 * k + 1];
    points.forEach((x, k) => {
      wasm.fr_mul(x, x, this.#root);
      wasm.fr_sub(upper(k), this.#one, x);
      wasm.fr_add(lower(k), this.#one, x);
    });
    this.#invert(points.map((_, k) => lower(k)));
    points.forEach((x, k) => {
      wasm.fr_mul(x, upper(k), lower(k));
      if (k < scalars.length) this.#setScalar(scalars[k]);
      wasm.ladder(upper(k), x, this.#scalar);
      wasm.fr_sub(x, lower(k), upper(k));
      wasm.fr_add(lower(k), lower(k), upper(k));
      wasm.fr_mul(lower(k), lower(k), this.#root);
    });
    this.#invert(points.map((_, k) => lower(k)));
    points.forEach((x, k) => {
      wasm.fr_mul(x, x, lower(k));
    });
  }

  /** Inverts elements with one division; 0 becomes 1, which only an x without a point of the subgroup brings about. */
  #invert(places: readonly Place[]): void {
    const { wasm } = this;
    const before = this.#next;
    const products = this.elements(places.length + 1);
    this.copy(products[0], this.#one);
    places.forEach((place, k) => {
      if (this.isZero(place)) this.copy(place, this.#one);
      wasm.fr_mul(products[k + 1], products[k], place);
    });
    const rest = products[places.length];
    wasm.fr_inverse(rest, rest, this.#scratch);
    for (let k = places.length - 1; k >= 0; k--) {
      wasm.fr_mul(products[k], products[k], rest);
      wasm.fr_mul(rest, rest, places[k]);
      this.copy(places[k], products[k]);
    }
    this.#next = before;
  }

  #setScalar(scalar: bigint): void {
    if (scalar < 0n || scalar >> BigInt(LADDER_BITS) !== 0n) throw new RangeError('not a ladder scalar');
    for (let k = 0; k < 4; k++) {
      const word = BigInt.asUintN(64, scalar >> BigInt(64 * k));
      this.#view.setBigUint64(this.#scalar + 8 * k, word, true);
    }
  }
}
