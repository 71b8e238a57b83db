import { LADDER_BITS, ROOT_OF_A } from '../../protocol/curve/x-ladder.ts';
import { type Field, fieldInv } from '../../protocol/field.ts';
import { ELEMENT_BYTES } from '../../prover/wasm/prime-field.ts';
import { type ScanExports, type ScanModule, writeScanModule } from './scan-module.ts';

/** An address of a field element in the machine's memory. */
export type Place = number;

const BYTES = 32;
/** Room for constants, points and temporaries; ScanFilter takes less than a thousand. */
const ELEMENTS = 2048;
const WIDEST = 9;

let written: ScanModule | undefined;

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
  readonly #one: Place;
  readonly #root: Place;

  private constructor(wasm: ScanExports, module: ScanModule) {
    this.wasm = wasm;
    this.#module = module;
    this.#bytes = new Uint8Array(wasm.memory.buffer);
    this.#view = new DataView(wasm.memory.buffer);
    this.#next = module.free;
    this.#end = module.free + ELEMENTS * ELEMENT_BYTES;
    this.#one = this.constant(1n);
    this.#root = this.constant(ROOT_OF_A);
    this.#io = this.element();
    this.#scalar = this.element();
    this.#state = this.elements(WIDEST)[0];
  }

  static async create(): Promise<ScanMachine> {
    written ??= writeScanModule(ELEMENTS * ELEMENT_BYTES);
    const { instance } = await WebAssembly.instantiate(written.bytes);
    return new ScanMachine(instance.exports as unknown as ScanExports, written);
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
    this.wasm.enter(place, this.#io);
  }

  set(place: Place, value: Field): void {
    this.#bytes.set(this.#module.constant(value), place);
  }

  valueOf(place: Place): Field {
    this.wasm.leave(this.#io, place);
    let value = 0n;
    for (let k = 3; k >= 0; k--) value = (value << 64n) | this.#view.getBigUint64(this.#io + 8 * k, true);
    return value;
  }

  /** Returns whether an element equals 32 bytes. Looks at all of them. */
  equals(place: Place, words: Uint8Array, offset: number): boolean {
    this.wasm.leave(this.#io, place);
    let difference = 0;
    for (let k = 0; k < BYTES; k++) difference |= this.#bytes[this.#io + k] ^ words[offset + k];
    return difference === 0;
  }

  isZero(place: Place): boolean {
    return this.equals(place, ZERO, 0);
  }

  /** Returns whether it is a square, 0 included. */
  isSquare(place: Place): boolean {
    const { wasm } = this;
    wasm.character(this.#state, place);
    wasm.difference(this.#state, this.#state, this.#one);
    return this.isZero(this.#state) || this.isZero(place);
  }

  /** result = hash of one or two elements; `initial` holds the hash's initial state. */
  hash(result: Place, initial: Place, first: Place, second?: Place): void {
    const { wasm } = this;
    const state = this.#state;
    wasm.copy(state, initial);
    wasm.copy(state + ELEMENT_BYTES, first);
    if (second === undefined) {
      wasm.permute2(state);
      wasm.output2(result, state, this.#module.columns[2][0]);
      return;
    }
    wasm.copy(state + 2 * ELEMENT_BYTES, second);
    wasm.permute3(state);
    wasm.output3(result, state, this.#module.columns[3][0]);
  }

  /** Elements `from`, `from` + 1, .. of the state after the permutation of up to nine elements, filled up with zeros. */
  permute(results: readonly Place[], state: readonly Place[], from: number): void {
    const { wasm } = this;
    for (let k = 0; k < WIDEST; k++) {
      const place = this.#state + k * ELEMENT_BYTES;
      if (k < state.length) wasm.copy(place, state[k]);
      else this.#bytes.fill(0, place, place + ELEMENT_BYTES);
    }
    wasm.permute9(this.#state);
    results.forEach((result, k) => {
      wasm.output9(result, this.#state, this.#module.columns[9][from + k]);
    });
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
      wasm.mul(x, x, this.#root);
      wasm.difference(upper(k), this.#one, x);
      wasm.sum(lower(k), this.#one, x);
    });
    this.#invert(points.map((_, k) => lower(k)));
    points.forEach((x, k) => {
      wasm.mul(x, upper(k), lower(k));
      if (k < scalars.length) this.#setScalar(scalars[k]);
      wasm.ladder(upper(k), x, this.#scalar);
      wasm.difference(x, lower(k), upper(k));
      wasm.sum(lower(k), lower(k), upper(k));
      wasm.mul(lower(k), lower(k), this.#root);
    });
    this.#invert(points.map((_, k) => lower(k)));
    points.forEach((x, k) => {
      wasm.mul(x, x, lower(k));
    });
  }

  /** Inverts elements with one division; 0 becomes 1, which only an x without a point of the subgroup brings about. */
  #invert(places: readonly Place[]): void {
    const { wasm } = this;
    const before = this.#next;
    const products = this.elements(places.length + 1);
    wasm.copy(products[0], this.#one);
    places.forEach((place, k) => {
      if (this.isZero(place)) wasm.copy(place, this.#one);
      wasm.mul(products[k + 1], products[k], place);
    });
    const rest = products[places.length];
    const inverse = fieldInv(this.valueOf(rest));
    this.set(rest, inverse);
    for (let k = places.length - 1; k >= 0; k--) {
      wasm.mul(products[k], products[k], rest);
      wasm.mul(rest, rest, places[k]);
      wasm.copy(places[k], products[k]);
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

const ZERO = new Uint8Array(BYTES);
