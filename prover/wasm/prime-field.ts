/**
 * Arithmetic of a prime field below 2^254 in WebAssembly. An element stands in memory as nine limbs of 29 bits, 64 bits each, lowest
 * first, in Montgomery form for 2^261. Limbs are normalised, values need not be canonical: bounds stand in
 * docs/proofs/wasm-field.md. No function branches on values.
 */
import { type Code, get, i32, i64, type Locals, leave, loop, select, set, when } from './code.ts';
import { inverseOfOdd, LIMBS, limbsOf, loadLimbs, storeLimbs } from './limbs.ts';
import type { ModuleWriter } from './module.ts';

export const LIMB_BITS = 29;
export const ELEMENT_BYTES = 8 * LIMBS;
/** Bits of the Montgomery factor. */
export const MONTGOMERY_BITS = BigInt(LIMB_BITS * LIMBS);
const MASK = i64.const((1n << BigInt(LIMB_BITS)) - 1n);
const COLUMNS = 2 * LIMBS - 1;
/** Products that columns can hold before they are normalised. */
const DOT_STEP = 4;

/** Limbs of a constant as bytes of memory. */
export function elementBytes(value: bigint): Uint8Array {
  const bytes = new Uint8Array(ELEMENT_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [k, limb] of limbsOf(value, LIMB_BITS).entries()) view.setBigUint64(8 * k, limb, true);
  return bytes;
}

export interface PrimeFieldFunctions {
  readonly modulus: bigint;
  /** A constant in Montgomery form, as bytes of memory. */
  readonly constant: (value: bigint) => Uint8Array;
}

/** Terms of each column of a product. */
type Columns = (column: number) => readonly Code[];

/**
 * Adds to a module, under a prefix:
 * mul(r, a, b), sqr(r, a); sum(r, a, b), difference(r, a, b) = a - b + 4 p; dot(r, a, b, n), n products of consecutive elements;
 * enter(r, bytes), leave(bytes, a): from and to 32 bytes little-endian, canonical; copy(r, a).
 */
export function addPrimeField(module: ModuleWriter, prefix: string, modulus: bigint): PrimeFieldFunctions {
  const p = limbsOf(modulus, LIMB_BITS);
  const fourP = limbsOf(4n * modulus, LIMB_BITS);
  const negatedInverse = i64.const(inverseOfOdd(-modulus, BigInt(LIMB_BITS)));
  const constant = (value: bigint): Uint8Array => elementBytes((value << MONTGOMERY_BITS) % modulus);

  const load = (locals: Locals, address: number): { code: Code; limbs: number[] } => {
    const limbs = locals.many(LIMBS);
    return { limbs, code: limbs.flatMap((local, k) => set(local, i64.load(get(address), 8 * k))) };
  };
  const store = (address: number, limbs: readonly number[]): Code =>
    limbs.flatMap((local, k) => i64.store(get(address), 8 * k, get(local)));

  /** Montgomery's reduction of columns; the result's limbs. */
  const reduce = (locals: Locals, columns: Columns): { code: Code; limbs: number[] } => {
    const carry = locals.one();
    const quotient = locals.many(LIMBS);
    const limbs = locals.many(LIMBS);
    const code: Code[] = [];
    for (let column = 0; column < COLUMNS; column++) {
      const terms = [...columns(column), ...(column > 0 ? [get(carry)] : [])];
      for (let k = Math.max(0, column - LIMBS + 1); k <= Math.min(column, LIMBS - 1); k++) {
        if (k < column || column >= LIMBS) terms.push(i64.mul(get(quotient[k]), i64.const(p[column - k])));
      }
      code.push(set(carry, terms.reduce(i64.add)));
      if (column < LIMBS) {
        const digit = i64.mul(get(carry), negatedInverse);
        code.push(set(quotient[column], i64.and(digit, MASK)));
        code.push(set(carry, i64.add(get(carry), i64.mul(get(quotient[column]), i64.const(p[0])))));
      } else {
        code.push(set(limbs[column - LIMBS], i64.and(get(carry), MASK)));
      }
      code.push(set(carry, i64.shr(get(carry), i64.const(LIMB_BITS))));
    }
    code.push(set(limbs[LIMBS - 1], get(carry)));
    return { code: code.flat(), limbs };
  };

  const product =
    (a: readonly number[], b: readonly number[]): Columns =>
    (column) => {
      const terms: Code[] = [];
      for (let k = Math.max(0, column - LIMBS + 1); k <= Math.min(column, LIMBS - 1); k++) {
        terms.push(i64.mul(get(a[k]), get(b[column - k])));
      }
      return terms;
    };

  module.add(`${prefix}mul`, 3, (locals) => {
    const a = load(locals, 1);
    const b = load(locals, 2);
    const made = reduce(locals, product(a.limbs, b.limbs));
    return [a.code, b.code, made.code, store(0, made.limbs)];
  });

  module.add(`${prefix}sqr`, 2, (locals) => {
    const a = load(locals, 1);
    const twice = locals.many(LIMBS);
    const made = reduce(locals, (column) => {
      const terms: Code[] = [];
      for (let k = Math.max(0, column - LIMBS + 1); 2 * k <= column; k++) {
        terms.push(i64.mul(get(2 * k === column ? a.limbs[k] : twice[k]), get(a.limbs[column - k])));
      }
      return terms;
    });
    const doubling = twice.map((local, k) => set(local, i64.shl(get(a.limbs[k]), i64.const(1))));
    return [a.code, ...doubling, made.code, store(0, made.limbs)];
  });

  /** Carries through signed limbs; the value must not be negative. */
  const normalised = (locals: Locals, limb: (k: number) => Code): Code => {
    const carry = locals.one();
    const code: Code[] = [];
    for (let k = 0; k < LIMBS; k++) {
      code.push(set(carry, k === 0 ? limb(k) : i64.add(limb(k), get(carry))));
      const digit = k === LIMBS - 1 ? get(carry) : i64.and(get(carry), MASK);
      code.push(i64.store(get(0), 8 * k, digit));
      code.push(set(carry, i64.shrSigned(get(carry), i64.const(LIMB_BITS))));
    }
    return code.flat();
  };
  const at = (address: number, k: number): Code => i64.load(get(address), 8 * k);
  module.add(`${prefix}sum`, 3, (locals) => [normalised(locals, (k) => i64.add(at(1, k), at(2, k)))]);
  module.add(`${prefix}difference`, 3, (locals) => [
    normalised(locals, (k) => i64.add(i64.sub(at(1, k), at(2, k)), i64.const(fourP[k]))),
  ]);
  module.add(`${prefix}copy`, 2, () => [
    Array.from({ length: LIMBS }, (_, k) => i64.store(get(0), 8 * k, at(1, k))).flat(),
  ]);

  module.add(`${prefix}dot`, 4, (locals) => {
    const a = locals.many(LIMBS);
    const factor = locals.one();
    const columns = locals.many(COLUMNS);
    const left = locals.one('i32');
    const accumulate: Code[] = a.map((local, k) => set(local, at(1, k)));
    for (let j = 0; j < LIMBS; j++) {
      accumulate.push(set(factor, at(2, j)));
      for (let k = 0; k < LIMBS; k++) {
        const column = columns[j + k];
        accumulate.push(set(column, i64.add(get(column), i64.mul(get(a[k]), get(factor)))));
      }
    }
    const carries: Code[] = [];
    for (let column = 0; column < COLUMNS - 1; column++) {
      const [low, high] = [columns[column], columns[column + 1]];
      carries.push(set(high, i64.add(get(high), i64.shr(get(low), i64.const(LIMB_BITS)))));
      carries.push(set(low, i64.and(get(low), MASK)));
    }
    const made = reduce(locals, (column) => [get(columns[column])]);
    return [
      ...columns.map((local) => set(local, i64.const(0))),
      set(left, get(3)),
      loop(
        ...accumulate,
        set(1, i32.add(get(1), i32.const(ELEMENT_BYTES))),
        set(2, i32.add(get(2), i32.const(ELEMENT_BYTES))),
        set(left, i32.sub(get(left), i32.const(1))),
        when(i32.isZero(i32.and(get(left), i32.const(DOT_STEP - 1))), ...carries),
        leave(i32.isZero(get(left))),
      ),
      made.code,
      store(0, made.limbs),
    ];
  });

  const factor = module.reserve(elementBytes((1n << (2n * MONTGOMERY_BITS)) % modulus));
  module.add(`${prefix}enter`, 2, (locals) => {
    const a = loadLimbs(locals, 1, LIMB_BITS, 0);
    return [a.code, store(0, a.limbs), module.call(`${prefix}mul`, get(0), get(0), i32.const(factor))];
  });
  module.add(`${prefix}leave`, 2, (locals) => {
    const a = load(locals, 1);
    const made = reduce(locals, (column) => (column < LIMBS ? [get(a.limbs[column])] : []));
    const borrow = locals.one();
    const reduced = locals.many(LIMBS);
    const code: Code[] = [set(borrow, i64.const(0))];
    for (let k = 0; k < LIMBS; k++) {
      code.push(set(borrow, i64.add(i64.sub(get(made.limbs[k]), i64.const(p[k])), get(borrow))));
      code.push(set(reduced[k], i64.and(get(borrow), MASK)));
      code.push(set(borrow, i64.shrSigned(get(borrow), i64.const(LIMB_BITS))));
    }
    for (let k = 0; k < LIMBS; k++) {
      code.push(set(reduced[k], select(i64.isZero(get(borrow)), get(reduced[k]), get(made.limbs[k]))));
    }
    return [a.code, made.code, ...code, storeLimbs(0, reduced, LIMB_BITS)];
  });
  return { modulus, constant };
}
