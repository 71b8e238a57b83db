/**
 * Arithmetic of a prime field of 254 bits as inline WebAssembly, nine limbs of 29 bits in i64, Montgomery form with
 * R = 2^261. Bounds and their proofs: docs/proofs/field-kernels.md. Isomorphic.
 */
import type { FunctionBuilder, Local } from './wasm.ts';
import { i64, type Value } from './wasm-value.ts';

export const LIMBS = 9;
export const LIMB_BITS = 29;
const LIMB_MASK = (1n << 29n) - 1n;
/** An element in memory: nine 32-bit words, little-endian, the highest one signed. */
export const ELEMENT_BYTES = 36;
/** Limbs that one round of the reduction removes. */
const ROUND = 3;

/** Nine limbs as variables; element = sum of limb[i] * 2^(29 i). */
export type Element = readonly Value[];
/** Unreduced product: seventeen columns, or eighteen. */
type Columns = Local[];

export class PrimeField {
  readonly modulus: bigint;
  /** Bytes of an element in memory. */
  readonly bytes = ELEMENT_BYTES;
  /** Montgomery's R modulo p. */
  readonly one: bigint;
  readonly rSquared: bigint;
  readonly #p: readonly bigint[];
  /** (k p + 1) / 2^87 with k such that this is whole: low limbs times this replace them, without a multiplication for k. */
  readonly #fold: readonly bigint[];
  /** -1 / p modulo 2^87. */
  readonly #negInverse: readonly bigint[];

  constructor(modulus: bigint) {
    const r = 1n << BigInt(LIMBS * LIMB_BITS);
    const low = 1n << BigInt(ROUND * LIMB_BITS);
    this.modulus = modulus;
    this.one = r % modulus;
    this.rSquared = (r * r) % modulus;
    const k = low - inverseModPowerOfTwo(modulus, low);
    this.#p = limbsOf(modulus);
    this.#fold = limbsOf((k * modulus + 1n) / low);
    this.#negInverse = limbsOf(k, ROUND);
  }

  /** Loads an element. */
  load(f: FunctionBuilder, address: Value, offset = 0): Element {
    return Array.from({ length: LIMBS }, (_, i) =>
      f.let(i === LIMBS - 1 ? address.load32s64(offset + 4 * i) : address.load32u64(offset + 4 * i)),
    );
  }

  store(f: FunctionBuilder, address: Value, element: Element, offset = 0): void {
    for (const [i, limb] of element.entries()) f.store32(address, limb, offset + 4 * i);
  }

  /** A constant in Montgomery form, settled. */
  constant(value: bigint): Element {
    const reduced = ((value % this.modulus) + this.modulus) % this.modulus;
    return limbsOf((reduced * this.one) % this.modulus).map(i64);
  }

  /** Limb by limb, no carries. */
  add(f: FunctionBuilder, a: Element, b: Element): Element {
    return a.map((limb, i) => f.let(limb.add(b[i]!)));
  }

  sub(f: FunctionBuilder, a: Element, b: Element): Element {
    return a.map((limb, i) => f.let(limb.sub(b[i]!)));
  }

  /** The product of the values, divided by R. */
  mul(f: FunctionBuilder, a: Element, b: Element): Element {
    return this.reduce(f, this.product(f, a, b));
  }

  square(f: FunctionBuilder, a: Element): Element {
    return this.reduce(f, this.squared(f, a));
  }

  /**
   * The columns of a product: column k is the sum of a_i b_j with i + j = k. Karatsuba's identity for each pair i < j:
   * a_i b_j + a_j b_i = (a_i + a_j)(b_i + b_j) - a_i b_i - a_j b_j. 45 multiplications instead of 81; intermediate values
   * may wrap around 2^64, columns do not.
   */
  product(f: FunctionBuilder, a: Element, b: Element): Columns {
    const diagonal = a.map((limb, i) => f.let(limb.mul(b[i]!)));
    const columns: Columns = [];
    /** Sum of the diagonal products between the lowest and the highest limb of the column. */
    let sum: Value = diagonal[0]!;
    for (let k = 0; k <= 2 * LIMBS - 2; k++) {
      if (k > 0) sum = f.let(k < LIMBS ? sum.add(diagonal[k]!) : sum.sub(diagonal[k - LIMBS]!));
      const terms: Value[] = [];
      for (let i = Math.max(0, k - LIMBS + 1); 2 * i < k; i++)
        terms.push(a[i]!.add(a[k - i]!).mul(b[i]!.add(b[k - i]!)));
      if (terms.length === 0) {
        columns.push(f.let(diagonal[k / 2]!));
        continue;
      }
      let column = terms
        .slice(1)
        .reduce((total, term) => total.add(term), terms[0]!)
        .sub(sum);
      if (k % 2 === 0) column = column.add(diagonal[k / 2]!).add(diagonal[k / 2]!);
      columns.push(f.let(column));
    }
    return columns;
  }

  /** The columns of a square. */
  squared(f: FunctionBuilder, a: Element): Columns {
    const twice = a.map((limb) => f.let(limb.add(limb)));
    const columns: Columns = [];
    for (let k = 0; k <= 2 * LIMBS - 2; k++) {
      const terms: Value[] = [];
      for (let i = Math.max(0, k - LIMBS + 1); 2 * i < k; i++) terms.push(a[i]!.mul(twice[k - i]!));
      if (k % 2 === 0) terms.push(a[k / 2]!.mul(a[k / 2]!));
      columns.push(f.let(terms.slice(1).reduce((total, term) => total.add(term), terms[0]!)));
    }
    return columns;
  }

  /** Montgomery reduction of columns, three limbs at a time; limbs 0 to 7 of the result are below 2^29. */
  reduce(f: FunctionBuilder, columns: readonly Value[]): Element {
    const t: Local[] = columns.map((column) => f.let(column));
    while (t.length < 2 * LIMBS) t.push(f.let(i64(0n)));
    for (let base = 0; base < LIMBS; base += ROUND) {
      const low = this.#carryOut(f, t, base);
      if (base + ROUND < LIMBS) {
        this.#addProduct(f, t.slice(base + ROUND), low, this.#fold);
      } else {
        const q = this.#quotient(f, low);
        const products = t.slice(base);
        for (let i = 0; i < ROUND; i++) products[i]!.set(low[i]!);
        this.#addProduct(f, products, q, this.#p);
        // The three lowest columns are a multiple of 2^87 now: only their carry remains.
        for (let i = 0; i < ROUND; i++) products[i + 1]!.set(products[i + 1]!.add(products[i]!.shrS(29)));
      }
    }
    return this.carry(f, t.slice(LIMBS));
  }

  /**
   * The same value modulo p in (-p / 2^12, p + p / 2^12), carried: subtracts p as often as the highest limb says. For limbs
   * within 2^32 and a highest one within 2^27.
   */
  settle(f: FunctionBuilder, a: Element): Element {
    const top = this.#p[LIMBS - 1]!;
    const quotient = f.let(a[LIMBS - 1]!.mul((1n << 40n) / top).shrS(40));
    return this.carry(
      f,
      a.map((limb, i) => limb.sub(quotient.mul(this.#p[i]!))),
    );
  }

  /** The representative in [0, p). For values in (-p, 3p) with |limbs| below 2^62. */
  canonical(f: FunctionBuilder, a: Element): Element {
    let x = this.carry(
      f,
      a.map((limb, i) => limb.add(this.#p[i]!)),
    );
    for (const multiple of [2n, 1n]) {
      const less = this.carry(
        f,
        x.map((limb, i) => limb.sub(multiple * this.#p[i]!)),
      );
      const negative = f.let(less[LIMBS - 1]!.ltS(0));
      x = x.map((limb, i) => f.let(limb.select(less[i]!, negative)));
    }
    return x;
  }

  /** From Montgomery form to the representative in [0, p). For values in (-2p, 2p). */
  fromMontgomery(f: FunctionBuilder, a: Element): Element {
    return this.canonical(f, this.reduce(f, a));
  }

  /** Limbs of 32 bytes, little-endian; any value below 2^256. */
  unpack(f: FunctionBuilder, address: Value, offset = 0): Element {
    const words = [0, 8, 16, 24].map((at) => f.let(address.load64(offset + at)));
    return Array.from({ length: LIMBS }, (_, i) => {
      const [word, shift] = [Math.floor((LIMB_BITS * i) / 64), (LIMB_BITS * i) % 64];
      let limb = words[word]!.shrU(shift);
      if (shift + LIMB_BITS > 64 && word < 3) limb = limb.or(words[word + 1]!.shl(64 - shift));
      return f.let(limb.and(LIMB_MASK));
    });
  }

  /** Writes a value of [0, 2^256) with all limbs below 2^29 as 32 bytes, little-endian. */
  pack(f: FunctionBuilder, address: Value, a: Element, offset = 0): void {
    for (let word = 0; word < 4; word++) {
      let value: Value | undefined;
      for (let i = 0; i < LIMBS; i++) {
        const shift = LIMB_BITS * i - 64 * word;
        if (shift <= -LIMB_BITS || shift >= 64) continue;
        const part = shift < 0 ? a[i]!.shrU(-shift) : a[i]!.shl(shift);
        value = value === undefined ? part : value.or(part);
      }
      f.store64(address, value!, offset + 8 * word);
    }
  }

  /** Moves what exceeds 29 bits of each limb into the next; the highest limb keeps the rest, and the sign. */
  carry(f: FunctionBuilder, limbs: readonly Value[]): Element {
    const out: Local[] = [];
    let above: Value = limbs[0]!;
    for (let i = 0; i < LIMBS - 1; i++) {
      const whole = f.let(above);
      out.push(f.let(whole.and(LIMB_MASK)));
      above = limbs[i + 1]!.add(whole.shrS(LIMB_BITS));
    }
    out.push(f.let(above));
    return out;
  }

  /** Low three limbs of the columns from `base`, exact; the carry goes into the column above. */
  #carryOut(f: FunctionBuilder, t: Local[], base: number): Local[] {
    return Array.from({ length: ROUND }, (_, i) => {
      const limb = f.let(t[base + i]!.and(LIMB_MASK));
      t[base + i + 1]!.set(t[base + i + 1]!.add(t[base + i]!.shrS(LIMB_BITS)));
      return limb;
    });
  }

  /** low * (-1/p) modulo 2^87. */
  #quotient(f: FunctionBuilder, low: readonly Value[]): Local[] {
    const n = this.#negInverse;
    const q: Local[] = [];
    let above: Value | undefined;
    for (let k = 0; k < ROUND; k++) {
      let column = low[0]!.mul(n[k]!);
      for (let i = 1; i <= k; i++) column = column.add(low[i]!.mul(n[k - i]!));
      const whole: Local = f.let(above === undefined ? column : column.add(above));
      q.push(f.let(whole.and(LIMB_MASK)));
      above = whole.shrU(LIMB_BITS);
    }
    return q;
  }

  /** Adds q (three limbs) times a constant (nine) to columns; Karatsuba in blocks of three by three. */
  #addProduct(
    f: FunctionBuilder,
    t: readonly Local[],
    q: readonly Local[],
    constant: readonly bigint[],
  ): void {
    const [q0, q1, q2] = q as [Local, Local, Local];
    const [q01, q02, q12] = [f.let(q0.add(q1)), f.let(q0.add(q2)), f.let(q1.add(q2))];
    for (let block = 0; block < LIMBS; block += ROUND) {
      const [c0, c1, c2] = constant.slice(block, block + ROUND) as [bigint, bigint, bigint];
      const [p0, p1, p2] = [f.let(q0.mul(c0)), f.let(q1.mul(c1)), f.let(q2.mul(c2))];
      const add = (column: number, value: Value): void =>
        t[block + column]!.set(t[block + column]!.add(value));
      add(0, p0);
      add(1, q01.mul(c0 + c1).sub(p0.add(p1)));
      add(
        2,
        q02
          .mul(c0 + c2)
          .sub(p0.add(p2))
          .add(p1),
      );
      add(3, q12.mul(c1 + c2).sub(p1.add(p2)));
      add(4, p2);
    }
  }
}

/** Limbs of an integer, lowest first. */
export function limbsOf(value: bigint, count = LIMBS): bigint[] {
  return Array.from({ length: count }, (_, i) => (value >> BigInt(LIMB_BITS * i)) & LIMB_MASK);
}

/** 1 / odd modulo a power of two (Newton: correct bits double). */
function inverseModPowerOfTwo(odd: bigint, power: bigint): bigint {
  let inverse = 1n;
  for (let bits = 1; 1n << BigInt(bits) < power; bits *= 2)
    inverse = (inverse * (2n - odd * inverse)) % power;
  inverse = (inverse * (2n - odd * inverse)) % power;
  return ((inverse % power) + power) % power;
}
