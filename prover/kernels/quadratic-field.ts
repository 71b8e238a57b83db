/**
 * The extension F(u), u^2 = -1, of a prime field, as inline WebAssembly: an element is c0 and c1, eighteen limbs. Products
 * are added and subtracted before their reduction, so a multiplication has three products and two reductions. Isomorphic.
 */
import { ELEMENT_BYTES, type Element, LIMBS, type PrimeField } from './field.ts';
import type { FunctionBuilder } from './wasm.ts';
import type { Value } from './wasm-value.ts';

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

function halves(a: Element): readonly [Element, Element] {
  return [a.slice(0, LIMBS), a.slice(LIMBS)];
}
