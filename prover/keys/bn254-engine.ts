/**
 * Direct access to ffjavascript's WebAssembly for BN254. It has its own instance and memory, without copies and tasks, so
 * calls have no overhead. Single-threaded; pointers are byte addresses in `memory`. This file does not import ffjavascript,
 * which cannot be loaded in a Node worker thread: its `web-worker` takes the thread over. The main thread makes a blueprint,
 * and any thread instantiates it.
 */
import type { Bn254Blueprint } from './bn254-blueprint.ts';

/** Bytes of a field element. */
export const FIELD_BYTES = 32;
export const G1_BYTES = 64;
export const G2_BYTES = 128;
/** Space that batch inversions take behind the allocated part without asking, per element. */
const SCRATCH_BYTES_PER_ELEMENT = 128;

type Functions = Record<string, (...parameters: number[]) => number>;

export class Bn254Engine {
  readonly blueprint: Bn254Blueprint;
  /** The exports `frm_*`, `g1m_*`, `g2m_*` of wasmcurves. */
  readonly call: Functions;
  readonly memory: WebAssembly.Memory;

  private constructor(blueprint: Bn254Blueprint, call: Functions, memory: WebAssembly.Memory) {
    this.blueprint = blueprint;
    this.call = call;
    this.memory = memory;
  }

  static async create(blueprint: Bn254Blueprint): Promise<Bn254Engine> {
    const memory = new WebAssembly.Memory({ initial: 64 });
    const instance = await WebAssembly.instantiate(blueprint.module, { env: { memory } });
    return new Bn254Engine(blueprint, instance.exports as Functions, memory);
  }

  /** A view of the whole memory; valid until the next `allocate`. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.memory.buffer as ArrayBuffer);
  }

  /** Reserves zeroed bytes. Freed by `release`. */
  allocate(length: number): number {
    const pointer = (this.#top + 7) & ~7;
    this.#grow(pointer + length);
    this.#top = pointer + length;
    new Uint8Array(this.memory.buffer, pointer, length).fill(0);
    return pointer;
  }

  /** Copies bytes in. */
  write(bytes: Uint8Array): number {
    const pointer = this.allocate(bytes.length);
    this.bytes.set(bytes, pointer);
    return pointer;
  }

  /** A copy of bytes. */
  read(pointer: number, length: number): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(pointer, pointer + length);
  }

  /** Marks the memory's current end for `release`. */
  mark(): number {
    return this.#top;
  }

  /** Frees everything allocated since `mark`. */
  release(mark: number): void {
    this.#top = mark;
  }

  /** Inverts n Montgomery elements in place. Zero stays zero. */
  batchInverse(pointer: number, n: number): void {
    this.#grow(this.#top + (n + 1) * SCRATCH_BYTES_PER_ELEMENT);
    this.call.frm_batchInverse!(pointer, FIELD_BYTES, n, pointer, FIELD_BYTES);
  }

  /** Writes a scalar in Montgomery form. */
  writeScalar(value: bigint): number {
    const pointer = this.write(scalarToBytes(value));
    this.call.frm_toMontgomery!(pointer, pointer);
    return pointer;
  }

  /** Base-field elements in Montgomery form, such as a point's coordinates, as integers. */
  decodeCoordinates(bytes: Uint8Array): bigint[] {
    const mark = this.mark();
    const pointer = this.write(bytes);
    const values: bigint[] = [];
    for (let at = 0; at < bytes.length; at += FIELD_BYTES) {
      this.call.f1m_fromMontgomery!(pointer + at, pointer + at);
      const limbs = new DataView(this.memory.buffer, pointer + at, FIELD_BYTES);
      let value = 0n;
      for (let limb = 3; limb >= 0; limb--) value = (value << 64n) | limbs.getBigUint64(8 * limb, true);
      values.push(value);
    }
    this.release(mark);
    return values;
  }

  // wasmcurves keeps the end of its allocated memory in the first word, as its own functions do.
  get #top(): number {
    return new Uint32Array(this.memory.buffer, 0, 1)[0]!;
  }

  set #top(value: number) {
    new Uint32Array(this.memory.buffer, 0, 1)[0] = value;
  }

  #grow(length: number): void {
    const missing = length - this.memory.buffer.byteLength;
    if (missing <= 0) return;
    this.memory.grow(Math.ceil(missing / 0x10000) + 16);
  }
}

/** 32 bytes little-endian, canonical: the form of scalars outside Montgomery arithmetic. */
export function scalarToBytes(value: bigint): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(FIELD_BYTES);
  for (let at = 0; at < FIELD_BYTES; at++) bytes[at] = Number((value >> BigInt(8 * at)) & 0xffn);
  return bytes;
}
