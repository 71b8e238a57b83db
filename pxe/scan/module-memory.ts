import type { PrimeField } from '../../prover/kernels/field.ts';
import { ELEMENT_BYTES, limbsOf } from '../../prover/kernels/field.ts';

const PAGE_BYTES = 65_536;

/** The memory of a module in the making: hands out addresses, and keeps what stands there at the start. */
export class ModuleMemory {
  readonly #field: PrimeField;
  readonly #content: { readonly address: number; readonly bytes: Uint8Array }[] = [];
  #next = 8;

  constructor(field: PrimeField) {
    this.#field = field;
  }

  /** Address of so many bytes, a multiple of 8. */
  reserve(bytes: number): number {
    const address = this.#next;
    this.#next += Math.ceil(bytes / 8) * 8;
    return address;
  }

  /** Address of consecutive constants. */
  constants(values: readonly bigint[]): number {
    const address = this.reserve(values.length * ELEMENT_BYTES);
    values.forEach((value, k) => {
      this.#content.push({ address: address + k * ELEMENT_BYTES, bytes: elementBytes(this.#field, value) });
    });
    return address;
  }

  /** A new memory of that size and content. */
  create(): WebAssembly.Memory {
    const memory = new WebAssembly.Memory({ initial: Math.ceil(this.#next / PAGE_BYTES) });
    const bytes = new Uint8Array(memory.buffer);
    for (const part of this.#content) bytes.set(part.bytes, part.address);
    return memory;
  }
}

/** A field element in Montgomery form, as memory holds it. */
export function elementBytes(field: PrimeField, value: bigint): Uint8Array {
  const bytes = new Uint8Array(ELEMENT_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [k, limb] of limbsOf((value * field.one) % field.modulus).entries()) {
    view.setUint32(4 * k, Number(limb), true);
  }
  return bytes;
}
