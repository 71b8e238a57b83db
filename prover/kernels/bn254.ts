/** The WebAssembly of all kernels over BN254, and an instance of it with its memory. Isomorphic. */
import { FIELD_MODULUS } from '../../protocol/constants.ts';
import { BASE_FIELD_MODULUS } from '../../protocol/proof.ts';
import { addBatchAddition, INFINITY_LIMB, NEGATED } from './batch-addition.ts';
import { addBucketSort, addGroupSums } from './bucket-sort.ts';
import { addDomainKernels } from './domain.ts';
import { ELEMENT_BYTES, LIMBS, limbsOf, PrimeField } from './field.ts';
import { addFieldFunctions, addPrimeFieldFunctions, type Field } from './field-functions.ts';
import { addProjectiveAddition } from './projective-addition.ts';
import {
  addCalledProducts,
  CalledQuadraticField,
  QuadraticField,
  SPILL,
  SPILL_BYTES,
} from './quadratic-field.ts';
import { WasmModule } from './wasm.ts';
import { i64 } from './wasm-value.ts';

export type Group = 'g1' | 'g2';

export const FQ = new PrimeField(BASE_FIELD_MODULUS);
export const FR = new PrimeField(FIELD_MODULUS);
export const FQ2 = new QuadraticField(FQ);
export const FIELD_OF: Readonly<Record<Group, Field>> = { g1: FQ, g2: FQ2 };

/** Emits the module: about 0.1 s. The same bytes every time. */
export function emitBn254(): Uint8Array<ArrayBuffer> {
  const module = new WasmModule();
  addFieldFunctions(module, 'fq', FQ);
  addPrimeFieldFunctions(module, 'fq', FQ);
  addFieldFunctions(module, 'fq2', FQ2);
  addCalledProducts(module, FQ2);
  addFieldFunctions(module, 'fr', FR);
  addPrimeFieldFunctions(module, 'fr', FR);
  addBucketSort(module);
  for (const [group, prefix] of [
    ['g1', 'fq'],
    ['g2', 'fq2'],
  ] as const) {
    const field = FIELD_OF[group];
    addBatchAddition(module, group, group === 'g1' ? FQ : new CalledQuadraticField(FQ));
    addGroupSums(module, group, field);
    addProjectiveAddition(module, group, prefix, field);
    addPointForms(module, group, field);
  }
  addDomainKernels(module, FR);
  return module.bytes();
}

/**
 * Adds, per group:
 * - `_loadPoints` (to, from, count, wires, first, factor): affine points of 32-byte coordinates, each times `factor` / R; points of zeros
 *   (infinity) are left out; `wires` gets `first` plus the index of each other one. Returns how many.
 * - `_lift` (to, entry): an affine point by its address, negated with bit 0, as X, Y, Z.
 */
function addPointForms(module: WasmModule, group: Group, field: Field): void {
  const coordinates = (2 * field.bytes) / ELEMENT_BYTES;
  module.function(
    `${group}_loadPoints`,
    { to: 'i32', from: 'i32', count: 'i32', wires: 'i32', first: 'i32', factor: 'i32' },
    'i32',
    (f, { to, from, count, wires, first, factor }) => {
      const by = FQ.load(f, factor);
      const kept = f.local('i32');
      f.for(0, count, (index) => {
        let any = from.load64(0);
        for (let at = 8; at < 32 * coordinates; at += 8) any = any.or(from.load64(at));
        f.if(any.eqz().eqz(), () => {
          for (let k = 0; k < coordinates; k++) {
            const value = FQ.mul(f, FQ.unpack(f, from, 32 * k), by);
            FQ.store(f, to, FQ.settle(f, value), ELEMENT_BYTES * k);
          }
          f.store32(wires.add(kept.shl(2)), first.add(index));
          to.set(to.add(2 * field.bytes));
          kept.set(kept.add(1));
        });
        from.set(from.add(32 * coordinates));
      });
      f.return(kept);
    },
  );
  module.function(`${group}_lift`, { to: 'i32', entry: 'i32' }, undefined, (f, { to, entry }) => {
    const point = f.let(entry.and(-4));
    f.if(
      point.load32(4 * (LIMBS - 1)).eq(INFINITY_LIMB),
      () => {
        field.store(f, to, field.constant(0n));
        field.store(f, to, field.constant(1n), field.bytes);
        field.store(f, to, field.constant(0n), 2 * field.bytes);
      },
      () => {
        field.store(f, to, field.load(f, point));
        const mask = f.let(i64(0n).sub(entry.and(NEGATED).extendU()));
        const y = field.load(f, point, field.bytes).map((limb) => f.let(limb.xor(mask).sub(mask)));
        field.store(f, to, field.settle(f, y), field.bytes);
        field.store(f, to, field.constant(1n), 2 * field.bytes);
      },
    );
  });
}

let compiled: Promise<WebAssembly.Module> | undefined;

/** The compiled module, made once per thread; other threads can be sent it. */
export function bn254Module(): Promise<WebAssembly.Module> {
  return (compiled ??= WebAssembly.compile(emitBn254()));
}

type Functions = Readonly<Record<string, (...parameters: number[]) => number>>;

/** An instance with its own memory. Addresses are bytes; not for several threads. */
export class Bn254Kernels {
  readonly call: Functions;
  readonly memory: WebAssembly.Memory;
  /** Below stand the operands of called products; 0 is no address. */
  #top = SPILL + SPILL_BYTES;

  private constructor(call: Functions, memory: WebAssembly.Memory) {
    this.call = call;
    this.memory = memory;
  }

  static async create(module?: WebAssembly.Module): Promise<Bn254Kernels> {
    const memory = new WebAssembly.Memory({ initial: 16 });
    const instance = await WebAssembly.instantiate(module ?? (await bn254Module()), { env: { memory } });
    return new Bn254Kernels(instance.exports as Functions, memory);
  }

  /** A view of the whole memory; valid until the next `allocate`. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.memory.buffer as ArrayBuffer);
  }

  /** 32-bit words from an address; valid until the next `allocate`. */
  words(address: number, count: number): Uint32Array<ArrayBuffer> {
    return new Uint32Array(this.memory.buffer as ArrayBuffer, address, count);
  }

  /** Reserves bytes of any content, at a multiple of four. Freed by `release`. */
  allocate(length: number): number {
    const address = (this.#top + 3) & ~3;
    this.#top = address + length;
    const missing = this.#top + 64 - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / 0x10000));
    return address;
  }

  write(bytes: Uint8Array): number {
    const address = this.allocate(bytes.length);
    this.bytes.set(bytes, address);
    return address;
  }

  /** A copy of bytes. */
  read(address: number, length: number): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(address, address + length);
  }

  mark(): number {
    return this.#top;
  }

  /** Frees what was allocated since `mark`, and overwrites it: it may come from a witness. */
  release(mark: number): void {
    this.bytes.fill(0, mark, this.#top);
    this.#top = mark;
  }

  /** A number below 2^256 as limbs, as it is: not in Montgomery form. */
  writeRaw(value: bigint): number {
    const address = this.allocate(ELEMENT_BYTES);
    this.words(address, LIMBS).set(limbsOf(value).map(Number));
    return address;
  }
}
