/**
 * Arithmetic of the scalar field as circom's witness generators call it: bodies of their functions, with the same results. Elements
 * are 32 bytes little-endian, canonical, in Montgomery form for 2^256 where circom has them so. Limb bounds:
 * docs/proofs/witness-arithmetic.md. Running time depends on the values, as in circom's own code.
 */
import { FIELD_MODULUS } from '../../protocol/constants.ts';
import { type Code, functionBody, get, i64, isFalse, leave, loop, select, set, when } from './wasm-code.ts';

const LIMBS = 9;
const LIMB_BITS = 29;
const MASK = (1n << BigInt(LIMB_BITS)) - 1n;
const WORDS = 4;
const WORD_BITS = 64;

const limbsOf = (value: bigint, bits: number): bigint[] =>
  Array.from({ length: LIMBS }, (_, k) => (value >> BigInt(bits * k)) & ((1n << BigInt(bits)) - 1n));

const MODULUS = limbsOf(FIELD_MODULUS, LIMB_BITS);
/** -1/r mod 2^29. */
const NEGATED_INVERSE = inverseOfOdd(-FIELD_MODULUS, BigInt(LIMB_BITS));

/** 1/value mod 2^bits by Newton's iteration, each step doubling the bits that are right. */
function inverseOfOdd(value: bigint, bits: bigint): bigint {
  let inverse = 1n;
  for (let right = 1n; right < bits; right *= 2n) inverse *= 2n - value * inverse;
  return inverse & ((1n << bits) - 1n);
}

/** Numbers locals behind `parameters` parameters. */
class Locals {
  #next: number;
  readonly #parameters: number;
  constructor(parameters: number) {
    this.#parameters = parameters;
    this.#next = parameters;
  }
  one(): number {
    return this.#next++;
  }
  many(count: number): number[] {
    return Array.from({ length: count }, () => this.one());
  }
  get count(): number {
    return this.#next - this.#parameters;
  }
}

/** Limb k of `bits` bits of 2^shift times the number in four words. */
function limb(words: readonly number[], k: number, bits: number, shift: number): Code {
  const low = bits * k - shift;
  const mask = i64.const((1n << BigInt(bits)) - 1n);
  if (low < 0) return i64.and(i64.shl(get(words[0]), i64.const(-low)), mask);
  const word = Math.floor(low / WORD_BITS);
  const offset = low % WORD_BITS;
  const part = offset === 0 ? get(words[word]) : i64.shr(get(words[word]), i64.const(offset));
  if (offset + bits <= WORD_BITS || word + 1 === WORDS) return i64.and(part, mask);
  return i64.and(i64.or(part, i64.shl(get(words[word + 1]), i64.const(WORD_BITS - offset))), mask);
}

/** Loads four words and cuts them into limbs. */
function loadLimbs(
  locals: Locals,
  address: number,
  bits: number,
  shift: number,
): { code: Code; limbs: number[] } {
  const words = locals.many(WORDS);
  const limbs = locals.many(LIMBS);
  const code = [
    ...words.map((local, k) => set(local, i64.load(get(address), 8 * k))),
    ...limbs.map((local, k) => set(local, limb(words, k, bits, shift))),
  ].flat();
  return { code, limbs };
}

/** Stores non-negative limbs of `bits` bits, less than 2^256 together, as four words. */
function storeLimbs(address: number, limbs: readonly number[], bits: number): Code {
  return Array.from({ length: WORDS }, (_, word) => {
    const parts: Code[] = [];
    for (let k = 0; k < LIMBS; k++) {
      const offset = bits * k - WORD_BITS * word;
      if (offset <= -bits || offset >= WORD_BITS) continue;
      const value = get(limbs[k]);
      parts.push(
        offset < 0
          ? i64.shr(value, i64.const(-offset))
          : offset === 0
            ? value
            : i64.shl(value, i64.const(offset)),
      );
    }
    return i64.store(get(address), 8 * word, parts.reduce(i64.or));
  }).flat();
}

const sum = (parts: readonly Code[]): Code => parts.reduce(i64.add);

/**
 * result = x y / 2^256 mod r. The limbs are Montgomery's for 2^261, so 32 y stands in for y.
 * @param y limbs of 32 y; undefined for a limb that is 0
 */
function product(
  locals: Locals,
  x: readonly number[],
  y: (k: number) => Code | undefined,
  result: number,
): Code {
  const carry = locals.one();
  const quotient = locals.many(LIMBS);
  const out = locals.many(LIMBS);
  const code: Code[] = [set(carry, i64.const(0))];
  for (let column = 0; column < 2 * LIMBS - 1; column++) {
    const terms: Code[] = [get(carry)];
    for (let k = Math.max(0, column - LIMBS + 1); k <= Math.min(column, LIMBS - 1); k++) {
      const factor = y(column - k);
      if (factor !== undefined) terms.push(i64.mul(get(x[k]), factor));
      if (k < column || column >= LIMBS) {
        terms.push(i64.mul(get(quotient[k]), i64.const(MODULUS[column - k])));
      }
    }
    code.push(set(carry, sum(terms)));
    if (column < LIMBS) {
      const digit = i64.mul(i64.and(get(carry), i64.const(MASK)), i64.const(NEGATED_INVERSE));
      code.push(set(quotient[column], i64.and(digit, i64.const(MASK))));
      code.push(set(carry, i64.add(get(carry), i64.mul(get(quotient[column]), i64.const(MODULUS[0])))));
    } else {
      code.push(set(out[column - LIMBS], i64.and(get(carry), i64.const(MASK))));
    }
    code.push(set(carry, i64.shr(get(carry), i64.const(LIMB_BITS))));
  }
  code.push(set(out[LIMBS - 1], get(carry)));
  // Less than 2 r: subtract r once, unless that gives a negative number. Most have a top limb below r's and need no look.
  const subtract: Code[] = [set(carry, i64.const(0))];
  for (let k = 0; k < LIMBS; k++) {
    const difference = i64.add(i64.sub(get(out[k]), i64.const(MODULUS[k])), get(carry));
    subtract.push(set(carry, difference));
    // x's locals are free now.
    subtract.push(set(x[k], i64.and(get(carry), i64.const(MASK))));
    subtract.push(set(carry, i64.shrSigned(get(carry), i64.const(LIMB_BITS))));
  }
  subtract.push(when(i64.isZero(get(carry)), ...out.map((local, k) => set(local, get(x[k])))));
  const below = i64.lessSigned(get(out[LIMBS - 1]), i64.const(MODULUS[LIMBS - 1]));
  code.push(when(isFalse(below), ...subtract));
  code.push(storeLimbs(result, out, LIMB_BITS));
  return code.flat();
}

/** (x, y, result): Montgomery's product. */
export function montgomeryProduct(): Uint8Array<ArrayBuffer> {
  const locals = new Locals(3);
  const x = loadLimbs(locals, 0, LIMB_BITS, 0);
  const y = loadLimbs(locals, 1, LIMB_BITS, 5);
  const code = product(locals, x.limbs, (k) => get(y.limbs[k]), 2);
  return functionBody(locals.count, x.code, y.code, code);
}

/** (x, result): out of Montgomery form. */
export function fromMontgomery(): Uint8Array<ArrayBuffer> {
  const locals = new Locals(2);
  const x = loadLimbs(locals, 0, LIMB_BITS, 0);
  const code = product(locals, x.limbs, (k) => (k === 0 ? i64.const(32) : undefined), 1);
  return functionBody(locals.count, x.code, code);
}

const HALVES = 8;
const HALF_BITS = 32;
const HALF_MASK = i64.const((1n << BigInt(HALF_BITS)) - 1n);

/** (x, y, result): x + y mod r when `sign` is 1, x - y mod r when it is -1. */
export function modularSum(sign: 1 | -1): Uint8Array<ArrayBuffer> {
  const locals = new Locals(3);
  const plain = locals.many(HALVES);
  const reduced = locals.many(HALVES);
  const carry = locals.one();
  const borrow = locals.one();
  const code: Code[] = [];
  const operation = sign === 1 ? i64.add : i64.sub;
  const inverse = sign === 1 ? i64.sub : i64.add;
  for (let k = 0; k < HALVES; k++) {
    const digits = operation(i64.load32(get(0), 4 * k), i64.load32(get(1), 4 * k));
    code.push(set(carry, k === 0 ? digits : i64.add(digits, get(carry))));
    code.push(set(plain[k], i64.and(get(carry), HALF_MASK)));
    code.push(set(carry, i64.shrSigned(get(carry), i64.const(HALF_BITS))));
    const modulus = i64.const((FIELD_MODULUS >> BigInt(HALF_BITS * k)) & ((1n << BigInt(HALF_BITS)) - 1n));
    const corrected = inverse(get(plain[k]), modulus);
    code.push(set(borrow, k === 0 ? corrected : i64.add(corrected, get(borrow))));
    code.push(set(reduced[k], i64.and(get(borrow), HALF_MASK)));
    code.push(set(borrow, i64.shrSigned(get(borrow), i64.const(HALF_BITS))));
  }
  // A sum below r (below 2^255, so without a carry) borrows when r is taken off; a difference that is not negative borrows nothing.
  const keep = i64.isZero(i64.xor(get(sign === 1 ? borrow : carry), i64.const(sign === 1 ? -1 : 0)));
  const word = (k: number): Code => {
    const chosen = (j: number): Code => select(keep, get(plain[j]), get(reduced[j]));
    return i64.or(chosen(2 * k), i64.shl(chosen(2 * k + 1), i64.const(HALF_BITS)));
  };
  for (let k = 0; k < WORDS; k++) code.push(i64.store(get(2), 8 * k, word(k)));
  return functionBody(locals.count, ...code);
}

/** Divisions steps per round of the inversion, and bits of its limbs. */
const STEPS = 30;
const STEP_MASK = i64.const((1n << BigInt(STEPS)) - 1n);
const SIGN = i64.const(63);

/**
 * (x, modulus, result): 1/x mod r, 0 for 0; the modulus is taken to be r. Bernstein and Yang, "Fast constant-time gcd computation
 * and modular inversion", in the variable-time form with signed limbs of libsecp256k1's modinv32.
 */
export function modularInverse(): Uint8Array<ArrayBuffer> {
  const modulus = limbsOf(FIELD_MODULUS, STEPS);
  const locals = new Locals(3);
  const x = loadLimbs(locals, 0, STEPS, 0);
  const g = x.limbs;
  const [f, d, e] = [locals.many(LIMBS), locals.many(LIMBS), locals.many(LIMBS)];
  const [u, v, q, r] = locals.many(4);
  const [eta, left, low, high, swap, weight] = locals.many(6);
  const [carryD, carryE, factorD, factorE] = locals.many(4);

  const start = [
    ...f.map((local, k) => set(local, i64.const(modulus[k]))),
    ...d.map((local) => set(local, i64.const(0))),
    ...e.map((local, k) => set(local, i64.const(k === 0 ? 1 : 0))),
    set(eta, i64.const(-1)),
  ];

  const exchange = (a: number, b: number): Code =>
    [set(swap, get(a)), set(a, get(b)), set(b, i64.sub(i64.const(0), get(swap)))].flat();
  // Thirty steps on the lowest limbs of f and g, which are all they depend on; they give the matrix (u v; q r).
  const steps = [
    set(u, i64.const(1)),
    set(v, i64.const(0)),
    set(q, i64.const(0)),
    set(r, i64.const(1)),
    set(left, i64.const(STEPS)),
    set(low, get(f[0])),
    set(high, get(g[0])),
    loop(
      // Never more zeros than steps left.
      set(weight, i64.countTrailingZeros(i64.or(get(high), i64.shl(i64.const(-1), get(left))))),
      set(high, i64.shrSigned(get(high), get(weight))),
      set(u, i64.shl(get(u), get(weight))),
      set(v, i64.shl(get(v), get(weight))),
      set(eta, i64.sub(get(eta), get(weight))),
      set(left, i64.sub(get(left), get(weight))),
      leave(i64.isZero(get(left))),
      when(
        i64.lessSigned(get(eta), i64.const(0)),
        set(eta, i64.sub(i64.const(0), get(eta))),
        exchange(low, high),
        exchange(u, q),
        exchange(v, r),
      ),
      // At most eta + 1 steps go by before f and g change places again; six at a time: f (f^2 - 2) = -1/f mod 64.
      set(weight, i64.add(get(eta), i64.const(1))),
      set(weight, select(i64.lessSigned(get(left), get(weight)), get(left), get(weight))),
      set(weight, select(i64.lessSigned(get(weight), i64.const(6)), get(weight), i64.const(6))),
      set(swap, i64.sub(i64.shl(i64.const(1), get(weight)), i64.const(1))),
      set(weight, i64.sub(i64.mul(get(low), get(low)), i64.const(2))),
      set(weight, i64.and(i64.mul(i64.mul(get(low), get(high)), get(weight)), get(swap))),
      set(high, i64.add(get(high), i64.mul(get(low), get(weight)))),
      set(q, i64.add(get(q), i64.mul(get(u), get(weight)))),
      set(r, i64.add(get(r), i64.mul(get(v), get(weight)))),
    ),
  ];

  const pair = (a: number, first: Code, b: number, second: Code): Code =>
    i64.add(i64.mul(get(a), first), i64.mul(get(b), second));
  const shift = (local: number): Code => set(local, i64.shrSigned(get(local), i64.const(STEPS)));
  // (d, e) <- matrix (d, e) / 2^30 mod r, with the multiple of r that makes the division exact.
  const inverse30 = i64.const(inverseOfOdd(FIELD_MODULUS, BigInt(STEPS)));
  const updateDe: Code[] = [];
  const top = LIMBS - 1;
  for (const [factor, carry, a, b] of [
    [factorD, carryD, u, v],
    [factorE, carryE, q, r],
  ]) {
    const ofSigns = i64.add(
      i64.and(get(a), i64.shrSigned(get(d[top]), SIGN)),
      i64.and(get(b), i64.shrSigned(get(e[top]), SIGN)),
    );
    updateDe.push(set(factor, ofSigns), set(carry, pair(a, get(d[0]), b, get(e[0]))));
    const exact = i64.add(i64.mul(i64.and(get(carry), STEP_MASK), inverse30), get(factor));
    updateDe.push(set(factor, i64.sub(get(factor), i64.and(exact, STEP_MASK))));
  }
  for (let k = 0; k < LIMBS; k++) {
    for (const [factor, carry, a, b] of [
      [factorD, carryD, u, v],
      [factorE, carryE, q, r],
    ]) {
      const own = k === 0 ? get(carry) : i64.add(get(carry), pair(a, get(d[k]), b, get(e[k])));
      updateDe.push(set(carry, i64.add(own, i64.mul(get(factor), i64.const(modulus[k])))));
    }
    if (k > 0) {
      updateDe.push(set(d[k - 1], i64.and(get(carryD), STEP_MASK)));
      updateDe.push(set(e[k - 1], i64.and(get(carryE), STEP_MASK)));
    }
    updateDe.push(shift(carryD), shift(carryE));
  }
  updateDe.push(set(d[top], get(carryD)), set(e[top], get(carryE)));

  // (f, g) <- matrix (f, g) / 2^30, exact.
  const updateFg: Code[] = [];
  for (let k = 0; k < LIMBS; k++) {
    for (const [carry, a, b] of [
      [carryD, u, v],
      [carryE, q, r],
    ]) {
      const own = pair(a, get(f[k]), b, get(g[k]));
      updateFg.push(set(carry, k === 0 ? own : i64.add(get(carry), own)));
    }
    if (k > 0) {
      updateFg.push(set(f[k - 1], i64.and(get(carryD), STEP_MASK)));
      updateFg.push(set(g[k - 1], i64.and(get(carryE), STEP_MASK)));
    }
    updateFg.push(shift(carryD), shift(carryE));
  }
  updateFg.push(set(f[top], get(carryD)), set(g[top], get(carryE)));

  // f is 1 or -1 now, and d, between -2 r and r, is f / x. Add r if negative, take f's sign, carry, add r if negative.
  const finish: Code[] = [
    set(factorD, i64.shrSigned(get(d[top]), SIGN)),
    set(factorE, i64.shrSigned(get(f[top]), SIGN)),
  ];
  for (let k = 0; k < LIMBS; k++) {
    const lifted = i64.add(get(d[k]), i64.and(i64.const(modulus[k]), get(factorD)));
    finish.push(set(d[k], i64.sub(i64.xor(lifted, get(factorE)), get(factorE))));
  }
  const carryAll = (): void => {
    for (let k = 0; k < top; k++) {
      finish.push(set(d[k + 1], i64.add(get(d[k + 1]), i64.shrSigned(get(d[k]), i64.const(STEPS)))));
      finish.push(set(d[k], i64.and(get(d[k]), STEP_MASK)));
    }
  };
  carryAll();
  finish.push(set(factorD, i64.shrSigned(get(d[top]), SIGN)));
  for (let k = 0; k < LIMBS; k++) {
    finish.push(set(d[k], i64.add(get(d[k]), i64.and(i64.const(modulus[k]), get(factorD)))));
  }
  carryAll();

  return functionBody(
    locals.count,
    x.code,
    ...start,
    loop(leave(i64.isZero(g.map(get).reduce(i64.or))), ...steps, ...updateDe, ...updateFg),
    ...finish,
    storeLimbs(2, d, STEPS),
  );
}
