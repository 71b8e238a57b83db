import { FIELD_MODULUS } from '../../protocol/constants.ts';
import { type Code, functionBody, get, i64, Locals, leave, loop, select, set, when } from '../wasm/code.ts';
import { inverseOfOdd, LIMBS, limbsOf, loadLimbs, storeLimbs } from '../wasm/limbs.ts';

/** Division steps per round of the inversion, and bits of its limbs. */
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
      // At most eta + 1 steps pass before f and g change places again; six at a time: f (f^2 - 2) = -1/f mod 64.
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
    locals,
    x.code,
    ...start,
    loop(leave(i64.isZero(g.map(get).reduce(i64.or))), ...steps, ...updateDe, ...updateFg),
    ...finish,
    storeLimbs(2, d, STEPS),
  );
}
