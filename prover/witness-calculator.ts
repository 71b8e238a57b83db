/**
 * Runs the witness generator (WebAssembly) that circom makes of a circuit. Isomorphic: needs only `WebAssembly`.
 * The calling convention is that of circom 2 (code_producers/src/wasm_elements of the circom compiler).
 */

import { FIELD_MODULUS } from '../protocol/constants.ts';
import { AzaleaError } from '../protocol/errors.ts';
import { accelerateGenerator } from './witness/accelerate-generator.ts';

/** A value of one circom input: a field element or nested arrays of them, in circom's row-major order. */
export type InputValue = bigint | number | string | readonly InputValue[];
/** All inputs of a circuit by signal name, without `main.`. */
export type CircuitInput = Readonly<Record<string, InputValue>>;

/** Bytes of one field element in a witness (little-endian, canonical). */
export const WITNESS_ELEMENT_BYTES = 32;
const LIMBS = 8;

interface CircomExports {
  readonly memory: WebAssembly.Memory;
  init(sanityCheck: number): void;
  getRawPrime(): void;
  getWitnessSize(): number;
  getInputSize(): number;
  getInputSignalSize(msb: number, lsb: number): number;
  setInputSignal(msb: number, lsb: number, index: number): void;
  getSharedRWMemoryStart(): number;
  getWitness(index: number): void;
  getMessageChar(): number;
}

export interface WitnessHooks {
  /** Called by a patched generator after each stored signal; see test/support/circuit/forge-wasm.ts. */
  onStore?(address: number, memory: WebAssembly.Memory): void;
  /** Called for each failing `===` of a patched generator instead of stopping. */
  onFailedAssert?(message: string): void;
}

/** Codes below this are circom's exceptions; from here on they are addresses given to `onStore`. */
const FIRST_ADDRESS = 64;
const EXCEPTIONS: Readonly<Record<number, string>> = {
  1: 'signal not found',
  2: 'too many signals set',
  3: 'signal already set',
  4: 'constraint not satisfied',
  5: 'not enough memory',
  6: 'input array index out of range',
};

/**
 * One instance of a witness generator. Reusable for any number of inputs, one at a time (it is synchronous).
 */
export class WitnessCalculator {
  /** Number of wires, the constant 1 included. */
  readonly size: number;
  readonly #exports: CircomExports;
  readonly #inputSize: number;
  #messages: string[];

  private constructor(exports: CircomExports, messages: string[]) {
    this.#exports = exports;
    this.#messages = messages;
    this.size = exports.getWitnessSize();
    this.#inputSize = exports.getInputSize();
  }

  /**
   * @param wasm the bytes of the generator, whose field arithmetic is replaced by a faster one. A compiled module runs as it
   *   is.
   * @throws WITNESS_WRONG_FIELD when the circuit was compiled for another prime
   */
  static async create(
    wasm: Uint8Array<ArrayBuffer> | WebAssembly.Module,
    hooks: WitnessHooks = {},
  ): Promise<WitnessCalculator> {
    const module =
      wasm instanceof WebAssembly.Module ? wasm : await WebAssembly.compile(accelerateGenerator(wasm));
    const messages: string[] = [];
    let exports: CircomExports;
    const readMessage = (): string => {
      let text = '';
      for (let char = exports.getMessageChar(); char !== 0; char = exports.getMessageChar()) {
        text += String.fromCharCode(char);
      }
      return text.trim();
    };
    const instance = await WebAssembly.instantiate(module, {
      runtime: {
        exceptionHandler(code: number): void {
          if (code >= FIRST_ADDRESS) {
            hooks.onStore?.(code, exports.memory);
            return;
          }
          throw new AzaleaError(
            code === 4 ? 'WITNESS_UNSATISFIED' : 'WITNESS_FAILED',
            `witness generator: ${EXCEPTIONS[code] ?? `exception ${code}`}${messages.length > 0 ? ` at ${messages.join(' < ')}` : ''}`,
          );
        },
        printErrorMessage(): void {
          const message = readMessage();
          if (hooks.onFailedAssert) hooks.onFailedAssert(message);
          else messages.push(message);
        },
        // `log()` in a circuit may print secrets: read and dropped.
        writeBufferMessage(): void {
          readMessage();
        },
        showSharedRWMemory(): void {},
      },
    });
    exports = instance.exports as unknown as CircomExports;
    const calculator = new WitnessCalculator(exports, messages);
    exports.getRawPrime();
    const prime = calculator.#readShared();
    if (prime !== FIELD_MODULUS) {
      throw new AzaleaError(
        'WITNESS_WRONG_FIELD',
        `the circuit was compiled for the prime ${prime}; compile it for bn128`,
      );
    }
    return calculator;
  }

  /**
   * Computes all wires. Values are reduced modulo r.
   * @returns `size` field elements, 32 bytes little-endian each
   * @throws WITNESS_INPUT when an input is missing, unknown or of the wrong length; WITNESS_UNSATISFIED when a `===`
   * fails (message: templates and lines, never values)
   */
  calculate(input: CircuitInput): Uint8Array<ArrayBuffer> {
    const exports = this.#exports;
    this.#messages.length = 0;
    const flat = this.#flatten(input);
    exports.init(0);
    for (const { msb, lsb, values } of flat) {
      for (let index = 0; index < values.length; index++) {
        this.#writeShared(values[index]!);
        exports.setInputSignal(msb, lsb, index);
      }
    }
    const witness = new Uint32Array(this.size * LIMBS);
    const shared = exports.getSharedRWMemoryStart() >> 2;
    const memory = new Uint32Array(exports.memory.buffer);
    for (let wire = 0; wire < this.size; wire++) {
      exports.getWitness(wire);
      for (let limb = 0; limb < LIMBS; limb++) witness[wire * LIMBS + limb] = memory[shared + limb]!;
    }
    return new Uint8Array(witness.buffer);
  }

  #flatten(input: CircuitInput): { msb: number; lsb: number; values: bigint[] }[] {
    let count = 0;
    const flat = Object.entries(input).map(([name, value]) => {
      const { msb, lsb } = fnv1a(name);
      const values: bigint[] = [];
      flattenInput(name, value, values);
      const expected = this.#exports.getInputSignalSize(msb, lsb);
      if (expected !== values.length) {
        throw new AzaleaError(
          'WITNESS_INPUT',
          expected <= 0
            ? `the circuit has no input "${name}"; remove it`
            : `input "${name}" needs ${expected} field elements, got ${values.length}`,
          { input: name, expected, got: values.length },
        );
      }
      count += values.length;
      return { msb, lsb, values };
    });
    if (count !== this.#inputSize) {
      throw new AzaleaError(
        'WITNESS_INPUT',
        `the circuit needs ${this.#inputSize} input elements, got ${count}; given: ${Object.keys(input).join(', ')}`,
        { expected: this.#inputSize, got: count },
      );
    }
    return flat;
  }

  #writeShared(value: bigint): void {
    const view = this.#shared();
    for (let limb = 0; limb < 4; limb++) {
      view.setBigUint64(8 * limb, (value >> BigInt(64 * limb)) & 0xffffffffffffffffn, true);
    }
  }

  #readShared(): bigint {
    const view = this.#shared();
    let value = 0n;
    for (let limb = 3; limb >= 0; limb--) value = (value << 64n) | view.getBigUint64(8 * limb, true);
    return value;
  }

  #shared(): DataView {
    return new DataView(this.#exports.memory.buffer, this.#exports.getSharedRWMemoryStart(), 32);
  }
}

/** Flattens nested arrays in row-major order and reduces modulo r. */
function flattenInput(name: string, value: InputValue, into: bigint[]): void {
  if (Array.isArray(value)) {
    for (const element of value) flattenInput(name, element, into);
    return;
  }
  let element: bigint;
  try {
    element = BigInt(value as bigint | number | string) % FIELD_MODULUS;
  } catch {
    throw new AzaleaError('WITNESS_INPUT', `input "${name}" is not a field element; give a bigint`, {
      input: name,
    });
  }
  into.push(element < 0n ? element + FIELD_MODULUS : element);
}

/** FNV-1a, 64 bits, of an input's name: how circom finds it. */
function fnv1a(text: string): { msb: number; lsb: number } {
  let hash = 0xcbf29ce484222325n;
  for (let index = 0; index < text.length; index++) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(index))) * 0x100000001b3n);
  }
  return { msb: Number(hash >> 32n), lsb: Number(hash & 0xffffffffn) };
}

/** A witness as field elements. */
export function witnessToBigints(witness: Uint8Array): bigint[] {
  const limbs = new DataView(witness.buffer, witness.byteOffset, witness.byteLength);
  const values = new Array<bigint>(witness.byteLength / WITNESS_ELEMENT_BYTES);
  for (let wire = 0; wire < values.length; wire++) {
    const at = wire * WITNESS_ELEMENT_BYTES;
    const low = limbs.getBigUint64(at, true);
    const high = limbs.getBigUint64(at + 8, true);
    const top = limbs.getBigUint64(at + 16, true) | (limbs.getBigUint64(at + 24, true) << 64n);
    values[wire] = top === 0n && high === 0n ? low : low | (high << 64n) | (top << 128n);
  }
  return values;
}

/** The `.wtns` file (version 2) of snarkjs for a witness. */
export function encodeWtns(witness: Uint8Array): Uint8Array<ArrayBuffer> {
  const header = 4 + 4 + 4 + 12 + 4 + 32 + 4 + 12;
  const file = new Uint8Array(header + witness.byteLength);
  const view = new DataView(file.buffer);
  file.set([0x77, 0x74, 0x6e, 0x73]);
  view.setUint32(4, 2, true);
  view.setUint32(8, 2, true);
  view.setUint32(12, 1, true);
  view.setBigUint64(16, 40n, true);
  view.setUint32(24, 32, true);
  for (let limb = 0; limb < 4; limb++) {
    view.setBigUint64(28 + 8 * limb, BigInt.asUintN(64, FIELD_MODULUS >> BigInt(64 * limb)), true);
  }
  view.setUint32(60, witness.byteLength / WITNESS_ELEMENT_BYTES, true);
  view.setUint32(64, 2, true);
  view.setBigUint64(68, BigInt(witness.byteLength), true);
  file.set(witness, header);
  return file;
}
