/**
 * The extension F(u), u^2 = -1, of a prime field, as inline WebAssembly: an element is c0 and c1, eighteen limbs. Products
 * are added and subtracted before their reduction, so a multiplication has three products and two reductions. Isomorphic.
 */
import { ELEMENT_BYTES, type Element, LIMBS, type PrimeField } from './field.ts';
import type { FunctionBuilder, WasmModule } from './wasm.ts';
import { i32, type Value } from './wasm-value.ts';

/** Address of the operands of `CalledQuadraticField`. */
export const SPILL = 64;
/** Bytes there. */
export const SPILL_BYTES = 3 * 2 * ELEMENT_BYTES;

export class QuadraticField {
  readonly base: PrimeField;
  readonly bytes = 2 * ELEMENT_BYTES;

  constructor(base: PrimeField) {
    this.base = base;
  }

  load(f: FunctionBuilder, address: Value, offset = 0): Element {
    return [0, ELEMENT_BYTES].flatMap((at) => this.base.load(f, address, offset + at));
  }

  store(f: FunctionBuilder, address: Value, element: Element, offset = 0): void {
    for (const [i, limb] of element.entries()) f.store32(address, limb, offset + 4 * i);
  }

  /** A constant of the base field. */
  constant(value: bigint): Element {
    return [...this.base.constant(value), ...this.base.constant(0n)];
  }

  add(f: FunctionBuilder, a: Element, b: Element): Element {
    return a.map((limb, i) => f.let(limb.add(b[i]!)));
  }

  sub(f: FunctionBuilder, a: Element, b: Element): Element {
    return a.map((limb, i) => f.let(limb.sub(b[i]!)));
  }

  mul(f: FunctionBuilder, a: Element, b: Element): Element {
    const F = this.base;
    const [a0, a1] = halves(a);
    const [b0, b1] = halves(b);
    const low = F.product(f, a0, b0);
    const high = F.product(f, a1, b1);
    const both = F.product(f, F.add(f, a0, a1), F.add(f, b0, b1));
    const c0 = F.reduce(
      f,
      low.map((column, k) => column.sub(high[k]!)),
    );
    const c1 = F.reduce(
      f,
      both.map((column, k) => column.sub(low[k]!).sub(high[k]!)),
    );
    return [...c0, ...c1];
  }

  /** (c0 + c1)(c0 - c1) and 2 c0 c1. */
  square(f: FunctionBuilder, a: Element): Element {
    const F = this.base;
    const [a0, a1] = halves(a);
    const c0 = F.mul(f, F.add(f, a0, a1), F.sub(f, a0, a1));
    const c1 = F.mul(f, F.add(f, a0, a0), a1);
    return [...c0, ...c1];
  }

  settle(f: FunctionBuilder, a: Element): Element {
    return halves(a).flatMap((half) => this.base.settle(f, half));
  }

  canonical(f: FunctionBuilder, a: Element): Element {
    return halves(a).flatMap((half) => this.base.canonical(f, half));
  }
}

/**
 * The same field with products in functions of their own: a caller with many of them, inline, does not fit the processor's instruction
 * cache. Operands and result pass through memory at `SPILL`; limbs within 2^31.
 */
export class CalledQuadraticField extends QuadraticField {
  override mul(f: FunctionBuilder, a: Element, b: Element): Element {
    this.store(f, i32(SPILL), a, 0);
    this.store(f, i32(SPILL), b, this.bytes);
    f.call('fq2_product');
    return this.load(f, i32(SPILL), 2 * this.bytes);
  }

  override square(f: FunctionBuilder, a: Element): Element {
    this.store(f, i32(SPILL), a, 0);
    f.call('fq2_squared');
    return this.load(f, i32(SPILL), 2 * this.bytes);
  }
}

/** Adds `fq2_product` and `fq2_squared` on memory at `SPILL`: operands there, the reduced result behind them. */
export function addCalledProducts(module: WasmModule, field: QuadraticField): void {
  // Limbs of differences are negative, all of them.
  const load = (f: FunctionBuilder, at: number): Element =>
    Array.from({ length: 2 * LIMBS }, (_, i) => f.let(i32(SPILL).load32s64(at + 4 * i)));
  module.function('fq2_product', {}, undefined, (f) => {
    const product = field.mul(f, load(f, 0), load(f, field.bytes));
    field.store(f, i32(SPILL), product, 2 * field.bytes);
  });
  module.function('fq2_squared', {}, undefined, (f) => {
    field.store(f, i32(SPILL), field.square(f, load(f, 0)), 2 * field.bytes);
  });
}

function halves(a: Element): readonly [Element, Element] {
  return [a.slice(0, LIMBS), a.slice(LIMBS)];
}
