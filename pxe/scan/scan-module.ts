/**
 * The WebAssembly that a wallet scans with: x ladders, quadratic characters and the widths of Poseidon that trial decryption takes.
 * Scalars choose by masks only: no branch and no address depends on them. Proofs: docs/proofs/x-ladder.md and scan-kernels.md.
 */
import { FIELD_MODULUS } from '../../protocol/constants.ts';
import { HALF_FIELD } from '../../protocol/field.ts';
import { ELEMENT_BYTES, PrimeField } from '../../prover/kernels/field.ts';
import { addFieldFunctions, addPrimeFieldFunctions } from '../../prover/kernels/field-functions.ts';
import { WasmModule } from '../../prover/kernels/wasm.ts';
import { i32 } from '../../prover/kernels/wasm-value.ts';
import { addLadder } from './ladder-module.ts';
import { ModuleMemory } from './module-memory.ts';
import { addPermutation, addPermutationParts } from './poseidon-module.ts';

/** The module's exports. Parameters are addresses of settled elements unless stated otherwise; so are results. */
export interface ScanExports {
  fr_mul(to: number, a: number, b: number): void;
  fr_square(to: number, a: number): void;
  fr_add(to: number, a: number, b: number): void;
  fr_sub(to: number, a: number, b: number): void;
  fr_isZero(a: number): number;
  /** `scratch` has room for POWER_SCRATCH_BYTES. */
  fr_inverse(to: number, a: number, scratch: number): void;
  /** From and to 32 bytes little-endian each, canonical. */
  fr_fromBytes(to: number, bytes: number, count: number): void;
  fr_toBytes(bytes: number, a: number, count: number): void;
  /** u of the multiple, as result over the element behind it, of the point with u = `base`; the scalar has 32 bytes. */
  ladder(result: number, base: number, scalar: number): void;
  /** a^((r - 1) / 2): 1 for squares, 0 for 0, else -1. */
  character(to: number, a: number): void;
  /** The state becomes one for `settledDot` only. */
  permute9(state: number): void;
  permute3(state: number): void;
  permute2(state: number): void;
  /** Sum of the products of `count` consecutive elements. */
  settledDot(to: number, a: number, b: number, count: number): void;
}

/** Widths of Poseidon that there are. */
export type Width = 9 | 3 | 2;

export interface ScanModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly field: PrimeField;
  readonly memory: ModuleMemory;
  /** Addresses of the last linear layer's columns, by width. */
  readonly columns: Readonly<Record<Width, readonly number[]>>;
}

/** The module, with the memory that it uses; the caller reserves more. */
export function writeScanModule(): ScanModule {
  const module = new WasmModule();
  const field = new PrimeField(FIELD_MODULUS);
  const memory = new ModuleMemory(field);
  addFieldFunctions(module, 'fr', field);
  addPrimeFieldFunctions(module, 'fr', field);
  addLadder(module, field, memory);
  addCharacter(module, field, memory);
  addPermutationParts(module, field);
  const columns = {
    9: addPermutation(module, memory, 9),
    3: addPermutation(module, memory, 3),
    2: addPermutation(module, memory, 2),
  };
  return { bytes: module.bytes(), field, memory, columns };
}

const WINDOW_BITS = 4;

/** A power with a fixed exponent, in windows: reads and multiplications depend on the exponent alone. */
function addCharacter(module: WasmModule, field: PrimeField, memory: ModuleMemory): void {
  const table = memory.reserve((1 << WINDOW_BITS) * ELEMENT_BYTES);
  const power = (k: number) => i32(table + k * ELEMENT_BYTES);
  const digits: number[] = [];
  for (let rest = HALF_FIELD; rest > 0n; rest >>= BigInt(WINDOW_BITS)) {
    digits.unshift(Number(rest & BigInt((1 << WINDOW_BITS) - 1)));
  }
  module.function('characterStep', { to: 'i32', factor: 'i32' }, undefined, (f, { to, factor }) => {
    let x = field.load(f, to);
    for (let bit = 0; bit < WINDOW_BITS; bit++) x = field.square(f, x);
    field.store(f, to, field.mul(f, x, field.load(f, factor)));
  });
  module.function('character', { to: 'i32', a: 'i32' }, undefined, (f, { to, a }) => {
    field.store(f, power(0), field.constant(1n));
    for (let k = 1; k < 1 << WINDOW_BITS; k++) f.call('fr_mul', power(k), power(k - 1), a);
    field.store(f, to, field.load(f, power(digits[0])));
    for (const digit of digits.slice(1)) f.call('characterStep', to, power(digit));
    field.store(f, to, field.settle(f, field.load(f, to)));
  });
}
