import { FIELD_MODULUS } from './constants.ts';
import { AzaleaError } from './errors.ts';

/** An element of the BN254 scalar field F, canonical: 0 <= value < r. */
export type Field = bigint;

/** True for 0 <= value < r. */
export function isField(value: bigint): boolean {
  return value >= 0n && value < FIELD_MODULUS;
}

/** Returns `value`, or throws FIELD_OUT_OF_RANGE. `what` names the value in the message. */
export function assertField(value: bigint, what = 'value'): Field {
  if (!isField(value)) {
    throw new AzaleaError('FIELD_OUT_OF_RANGE', `The ${what} is not a field element: it must lie in [0, r).`);
  }
  return value;
}

/** value mod r, for any integer. */
export function toField(value: bigint): Field {
  const rest = value % FIELD_MODULUS;
  return rest < 0n ? rest + FIELD_MODULUS : rest;
}

export function fieldAdd(a: Field, b: Field): Field {
  const sum = a + b;
  return sum >= FIELD_MODULUS ? sum - FIELD_MODULUS : sum;
}

export function fieldSub(a: Field, b: Field): Field {
  return a >= b ? a - b : a - b + FIELD_MODULUS;
}

export function fieldMul(a: Field, b: Field): Field {
  return (a * b) % FIELD_MODULUS;
}

export function fieldNeg(a: Field): Field {
  return a === 0n ? 0n : FIELD_MODULUS - a;
}

/** base^exponent mod r, exponent >= 0: windows of four bits, the hexadecimal digits of the exponent. */
export function fieldPow(base: Field, exponent: bigint): Field {
  const powers = [1n, base];
  let result = 1n;
  for (const digit of exponent.toString(16)) {
    for (let bit = 0; bit < 4 && result !== 1n; bit++) result = fieldMul(result, result);
    const value = Number.parseInt(digit, 16);
    while (powers.length <= value) powers.push(fieldMul(powers[powers.length - 1], base));
    result = fieldMul(result, powers[value]);
  }
  return result;
}

/** Leading bits that Lehmer's steps look at: sums with the cofactors stay exact in a double. */
const LEADING_BITS = 50;

/**
 * Returns 1 / a. Throws FIELD_DIVISION_BY_ZERO for 0. This is Lehmer's extended Euclid (Knuth, The Art of Computer
 * Programming 2, 4.5.2, algorithm L). It takes quotients from the leading bits, in ordinary numbers, while these determine
 * them.
 */
export function fieldInv(a: Field): Field {
  if (a === 0n) throw new AzaleaError('FIELD_DIVISION_BY_ZERO', 'Zero has no inverse in the field.');
  // high = a * y and low = a * x modulo r.
  let [high, low] = [FIELD_MODULUS, a];
  let [y, x] = [0n, 1n];
  while (low > 1n) {
    const shift = BigInt(Math.max(0, 4 * high.toString(16).length - LEADING_BITS));
    let [top, next] = [Number(high >> shift), Number(low >> shift)];
    let [p, q, s, t] = [1, 0, 0, 1];
    while (next + s !== 0 && next + t !== 0) {
      const quotient = Math.floor((top + p) / (next + s));
      if (quotient !== Math.floor((top + q) / (next + t))) break;
      [p, s] = [s, p - quotient * s];
      [q, t] = [t, q - quotient * t];
      [top, next] = [next, top - quotient * next];
    }
    if (q === 0) {
      const quotient = high / low;
      [high, low] = [low, high - quotient * low];
      [y, x] = [x, y - quotient * x];
    } else {
      const [bp, bq, bs, bt] = [BigInt(p), BigInt(q), BigInt(s), BigInt(t)];
      [high, low] = [bp * high + bq * low, bs * high + bt * low];
      [y, x] = [bp * y + bq * x, bs * y + bt * x];
    }
  }
  return toField(low === 1n ? x : y);
}

/** a / b. Throws FIELD_DIVISION_BY_ZERO for b = 0. */
export function fieldDiv(a: Field, b: Field): Field {
  return fieldMul(a, fieldInv(b));
}

/** (r - 1) / 2: the greatest "non-negative" root. */
export const HALF_FIELD = (FIELD_MODULUS - 1n) / 2n;

/**
 * Returns whether a is a square; 0 counts as one. It computes the Legendre symbol by reciprocity, in a third of the time of
 * Euler's criterion (Cohen, A Course in Computational Algebraic Number Theory, algorithm 1.4.10).
 */
export function isSquare(a: Field): boolean {
  let [top, bottom] = [a, FIELD_MODULUS];
  let square = true;
  while (top !== 0n) {
    const zeros = trailingZeros(top);
    top >>= BigInt(zeros);
    const rest = Number(BigInt.asUintN(3, bottom));
    // (2/n) is -1 for n = 3, 5 mod 8; (m/n) and (n/m) differ if m = n = 3 mod 4.
    if (zeros % 2 === 1 && (rest === 3 || rest === 5)) square = !square;
    if (rest % 4 === 3 && BigInt.asUintN(2, top) === 3n) square = !square;
    [top, bottom] = [bottom % top, top];
  }
  return square;
}

/** Zero bits below the lowest one of a positive value. */
function trailingZeros(value: bigint): number {
  for (let zeros = 0, rest = value; ; zeros += 32, rest >>= 32n) {
    const low = Number(BigInt.asUintN(32, rest));
    if (low !== 0) return zeros + 31 - Math.clz32(low & -low);
  }
}

/** r - 1 = 2^28 * ODD_PART. */
const ODD_PART = (FIELD_MODULUS - 1n) >> 28n;
/** The logarithm of a 2^28-th root of unity is found in digits of this many bits. */
const DIGIT_BITS = 7;
const DIGITS = 28 / DIGIT_BITS;

/** inverses[k][d] = z^(-d * 2^(7k)) for z = 5^ODD_PART, a primitive 2^28-th root of unity: 5 is the least non-residue of r. */
const inverses: Field[][] = [];
/** d by z^(d * 2^21). */
const logarithms = new Map<Field, number>();

function makeTables(): void {
  let base = fieldInv(fieldPow(5n, ODD_PART));
  for (let k = 0; k < DIGITS; k++) {
    const row = [1n];
    while (row.length < 1 << DIGIT_BITS) row.push(fieldMul(row[row.length - 1], base));
    inverses.push(row);
    base = fieldMul(row[row.length - 1], base);
  }
  const last = inverses[DIGITS - 1];
  for (let d = 0; d < last.length; d++) logarithms.set(last[(last.length - d) % last.length], d);
}

/**
 * Returns the square root that is <= (r-1)/2, or undefined when there is none. This is Tonelli-Shanks by digits instead of
 * bits (Sarkar, eprint 2020/1407). With m = ODD_PART, a^m = z^n, and the root of an even n is a^((m+1)/2) * z^(-n/2).
 */
export function fieldSqrt(a: Field): Field | undefined {
  if (a === 0n) return 0n;
  if (inverses.length === 0) makeTables();
  const half = fieldPow(a, (ODD_PART - 1n) / 2n);
  let root = fieldMul(a, half);
  // Raised to 2^(7k), a^m tells the last digit of n only, to 2^(7(k-1)) the last two, and so on.
  const raised = [fieldMul(root, half)];
  for (let k = 1; k < DIGITS; k++) {
    let power = raised[k - 1];
    for (let bit = 0; bit < DIGIT_BITS; bit++) power = fieldMul(power, power);
    raised.push(power);
  }
  let n = 0;
  for (let k = 0; k < DIGITS; k++) {
    let rest = raised[DIGITS - 1 - k];
    // The share of the known digits at this height.
    for (let j = 0; j < k; j++) rest = fieldMul(rest, inverses[DIGITS - 1 - k + j][digitOf(n, j)]);
    n += logarithms.get(rest)! * 2 ** (DIGIT_BITS * k);
    if (n % 2 === 1) return undefined;
  }
  for (let k = 0; k < DIGITS; k++) root = fieldMul(root, inverses[k][digitOf(n / 2, k)]);
  return root > HALF_FIELD ? FIELD_MODULUS - root : root;
}

function digitOf(n: number, k: number): number {
  return (n >> (DIGIT_BITS * k)) & ((1 << DIGIT_BITS) - 1);
}

const HEX_FORM = /^0x[0-9a-f]{64}$/;

/** `0x` and 64 lower-case hex digits. */
export function fieldToHex(value: Field): `0x${string}` {
  return `0x${assertField(value).toString(16).padStart(64, '0')}`;
}

/** Reads the one canonical text form. Throws FIELD_ENCODING or FIELD_OUT_OF_RANGE. */
export function fieldFromHex(text: string, what = 'value'): Field {
  if (typeof text !== 'string' || !HEX_FORM.test(text)) {
    throw new AzaleaError('FIELD_ENCODING', `The ${what} must be 0x and 64 lower-case hex digits.`);
  }
  return assertField(BigInt(text), what);
}

/** 32 bytes, big-endian. */
export function fieldToBytes(value: Field): Uint8Array {
  return integerToBytes(assertField(value), 32);
}

/** Reads 32 big-endian bytes. Throws FIELD_ENCODING or FIELD_OUT_OF_RANGE. */
export function fieldFromBytes(bytes: Uint8Array, what = 'value'): Field {
  if (bytes.length !== 32) {
    throw new AzaleaError('FIELD_ENCODING', `The ${what} must be 32 bytes, got ${bytes.length}.`);
  }
  return assertField(integerFromBytes(bytes), what);
}

/** Big-endian integer in exactly `length` bytes; the caller makes sure that it fits. */
export function integerToBytes(value: bigint, length: number): Uint8Array {
  const out = new Uint8Array(length);
  let rest = value;
  for (let i = length - 1; i >= 0; i--) {
    out[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  if (rest !== 0n) {
    throw new AzaleaError('INTEGER_TOO_LARGE', `The integer does not fit in ${length} bytes.`);
  }
  return out;
}

/** Big-endian bytes as an integer. */
export function integerFromBytes(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return value;
}

/** The integer that a field element stands for: above r/2 it is negative. */
export function integerOf(leaf: bigint): bigint {
  return leaf > HALF_FIELD ? leaf - FIELD_MODULUS : leaf;
}
