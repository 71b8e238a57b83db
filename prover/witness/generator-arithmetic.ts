/**
 * Arithmetic of the scalar field as circom's witness generators call it: bodies of their functions, with the same results. Elements
 * are 32 bytes little-endian, canonical, in Montgomery form for 2^256 where circom has them so. Limb bounds:
 * docs/proofs/witness-arithmetic.md. Running time depends on the values, as in circom's own code.
 */
import { FIELD_MODULUS } from '../../protocol/constants.ts';
import { type Code, functionBody, get, i32, i64, Locals, select, set, when } from '../wasm/code.ts';
import { inverseOfOdd, LIMBS, limbsOf, loadLimbs, storeLimbs, WORDS } from '../wasm/limbs.ts';

/** Bits of a limb. */
const LIMB_BITS = 29;
const MASK = (1n << BigInt(LIMB_BITS)) - 1n;
const MODULUS = limbsOf(FIELD_MODULUS, LIMB_BITS);
/** -1/r mod 2^29. */
const NEGATED_INVERSE = inverseOfOdd(-FIELD_MODULUS, BigInt(LIMB_BITS));

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
  code.push(when(i32.isZero(below), ...subtract));
  code.push(storeLimbs(result, out, LIMB_BITS));
  return code.flat();
}

/** (x, y, result): Montgomery's product. */
export function montgomeryProduct(): Uint8Array<ArrayBuffer> {
  const locals = new Locals(3);
  const x = loadLimbs(locals, 0, LIMB_BITS, 0);
  const y = loadLimbs(locals, 1, LIMB_BITS, 5);
  const code = product(locals, x.limbs, (k) => get(y.limbs[k]), 2);
  return functionBody(locals, x.code, y.code, code);
}

/** (x, result): out of Montgomery form. */
export function fromMontgomery(): Uint8Array<ArrayBuffer> {
  const locals = new Locals(2);
  const x = loadLimbs(locals, 0, LIMB_BITS, 0);
  const code = product(locals, x.limbs, (k) => (k === 0 ? i64.const(32) : undefined), 1);
  return functionBody(locals, x.code, code);
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
  return functionBody(locals, ...code);
}
