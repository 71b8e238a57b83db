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

/** base^exponent mod r, exponent >= 0. */
export function fieldPow(base: Field, exponent: bigint): Field {
  let result = 1n;
  let power = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = fieldMul(result, power);
    power = fieldMul(power, power);
  }
  return result;
}

/** 1 / a. Throws FIELD_DIVISION_BY_ZERO for 0. */
export function fieldInv(a: Field): Field {
  if (a === 0n) throw new AzaleaError('FIELD_DIVISION_BY_ZERO', 'Zero has no inverse in the field.');
  // Extended Euclid: faster than a power with native bigint.
  let [low, high] = [a, FIELD_MODULUS];
  let [x, y] = [1n, 0n];
  while (low > 1n) {
    const quotient = high / low;
    [low, high] = [high - quotient * low, low];
    [x, y] = [y - quotient * x, x];
  }
  return toField(x);
}

/** a / b. Throws FIELD_DIVISION_BY_ZERO for b = 0. */
export function fieldDiv(a: Field, b: Field): Field {
  return fieldMul(a, fieldInv(b));
}

/** (r - 1) / 2: the greatest "non-negative" root, and Euler's exponent. */
export const HALF_FIELD = (FIELD_MODULUS - 1n) / 2n;

/** Euler's criterion; 0 counts as a square. */
export function isSquare(a: Field): boolean {
  return a === 0n || fieldPow(a, HALF_FIELD) === 1n;
}

const TWO_ADICITY = 28n;
const ODD_PART = (FIELD_MODULUS - 1n) >> TWO_ADICITY;
/** 5 is the least non-residue of r. */
const ROOT_OF_UNITY = fieldPow(5n, ODD_PART);

/** The square root that is <= (r-1)/2, or undefined when there is none (Tonelli-Shanks). */
export function fieldSqrt(a: Field): Field | undefined {
  if (a === 0n) return 0n;
  let order = TWO_ADICITY;
  let generator = ROOT_OF_UNITY;
  const half = fieldPow(a, (ODD_PART - 1n) / 2n);
  let root = fieldMul(a, half);
  let rest = fieldMul(root, half);
  while (rest !== 1n) {
    let least = 0n;
    for (let power = rest; power !== 1n; power = fieldMul(power, power)) {
      least += 1n;
      if (least === order) return undefined;
    }
    let factor = generator;
    for (let i = order - least - 1n; i > 0n; i -= 1n) factor = fieldMul(factor, factor);
    root = fieldMul(root, factor);
    generator = fieldMul(factor, factor);
    rest = fieldMul(rest, generator);
    order = least;
  }
  return root > HALF_FIELD ? FIELD_MODULUS - root : root;
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
