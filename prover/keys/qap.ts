/**
 * Evaluates the quadratic arithmetic program of a circuit at the secret point tau (Groth16, eprint 2016/260, section 3.1).
 * Conventions are those of snarkjs: src/zkey_new.js and src/groth16_prove.js.
 */
import type { R1cs, SparseMatrix } from '../r1cs.ts';
import { type Bn254Engine, FIELD_BYTES } from './bn254-engine.ts';

/** All scalars: 32 bytes little-endian, canonical, one per wire unless said. */
export interface QapAtTau {
  /** Size of the evaluation domain: the power of two at or above constraints + public signals + 1. */
  readonly domain: number;
  readonly a: Uint8Array<ArrayBuffer>;
  readonly b: Uint8Array<ArrayBuffer>;
  /** (beta*A_s + alpha*B_s + C_s) / gamma, wires 0..publicSignals. */
  readonly ic: Uint8Array<ArrayBuffer>;
  /** (beta*A_s + alpha*B_s + C_s) / delta, the other wires. */
  readonly c: Uint8Array<ArrayBuffer>;
  /**
   * One per domain element i: L_(2i+1)(tau) / delta over the domain of twice the size. A*B - C vanishes on the even points,
   * so its value at tau is a sum over the odd ones. The prover never divides by the vanishing polynomial.
   */
  readonly h: Uint8Array<ArrayBuffer>;
}

export interface QapSecrets {
  readonly tau: bigint;
  readonly alpha: bigint;
  readonly beta: bigint;
  readonly gamma: bigint;
  readonly delta: bigint;
}

/** log2 of the evaluation domain of a circuit. */
export function domainPower(r1cs: Pick<R1cs, 'constraints' | 'publicSignals'>): number {
  return Math.max(1, Math.ceil(Math.log2(r1cs.constraints + r1cs.publicSignals + 1)));
}

/** Evaluates everything a key needs. About a second per five million coefficients. */
export function evaluateQap(engine: Bn254Engine, r1cs: R1cs, secrets: QapSecrets): QapAtTau {
  const mark = engine.mark();
  try {
    const power = domainPower(r1cs);
    const domain = 2 ** power;
    const lagrange = lagrangeAtTau(engine, power, 0, 1, domain, secrets.tau);
    // A coefficient in normal form times a Montgomery element is in normal form: sums stay canonical bytes.
    const a = multiplyTransposed(engine, r1cs, r1cs.a, lagrange);
    const b = multiplyTransposed(engine, r1cs, r1cs.b, lagrange);
    const combined = multiplyTransposed(engine, r1cs, r1cs.c, lagrange);

    // One more row per public signal s and for the constant 1: A = w_s, B = C = 0. Makes public signals independent.
    const { frm_add: add, frm_mul: mul, frm_fromMontgomery: fromMontgomery } = engine.call;
    const term = engine.allocate(FIELD_BYTES);
    for (let s = 0; s <= r1cs.publicSignals; s++) {
      fromMontgomery!(lagrange + (r1cs.constraints + s) * FIELD_BYTES, term);
      add!(a + s * FIELD_BYTES, term, a + s * FIELD_BYTES);
    }

    const scalar = (value: bigint): number => engine.writeScalar(value);
    const inverse = (value: bigint): number => {
      const pointer = scalar(value);
      engine.batchInverse(pointer, 1);
      return pointer;
    };
    const [alpha, beta] = [scalar(secrets.alpha), scalar(secrets.beta)];
    const [gammaInverse, deltaInverse] = [inverse(secrets.gamma), inverse(secrets.delta)];
    for (let s = 0; s < r1cs.wires; s++) {
      const at = combined + s * FIELD_BYTES;
      mul!(a + s * FIELD_BYTES, beta, term);
      add!(at, term, at);
      mul!(b + s * FIELD_BYTES, alpha, term);
      add!(at, term, at);
      mul!(at, s <= r1cs.publicSignals ? gammaInverse : deltaInverse, at);
    }

    const odd = lagrangeAtTau(engine, power + 1, 1, 2, domain, secrets.tau);
    for (let i = 0; i < domain; i++) {
      const at = odd + i * FIELD_BYTES;
      mul!(at, deltaInverse, at);
      fromMontgomery!(at, at);
    }
    const split = (r1cs.publicSignals + 1) * FIELD_BYTES;
    const size = r1cs.wires * FIELD_BYTES;
    return {
      domain,
      a: engine.read(a, size),
      b: engine.read(b, size),
      ic: engine.read(combined, split),
      c: engine.read(combined + split, size - split),
      h: engine.read(odd, domain * FIELD_BYTES),
    };
  } finally {
    engine.release(mark);
  }
}

/**
 * Lagrange polynomials of the domain of 2^power roots of unity w^j at tau, j = first, first + step, ... (count of them):
 * L_j(tau) = w^j (tau^n - 1) / (n (tau - w^j)). Montgomery form.
 */
function lagrangeAtTau(
  engine: Bn254Engine,
  power: number,
  first: number,
  step: number,
  count: number,
  tau: bigint,
): number {
  const { frm_add: add, frm_sub: sub, frm_mul: mul, frm_square: square, frm_copy: copy } = engine.call;
  const result = engine.allocate(count * FIELD_BYTES);
  const mark = engine.mark();
  const at = (j: number): number => result + j * FIELD_BYTES;
  const one = engine.writeScalar(1n);
  const tauPointer = engine.writeScalar(tau);

  const root = engine.write(engine.blueprint.roots[power]!);
  const increment = engine.allocate(FIELD_BYTES);
  const current = engine.allocate(FIELD_BYTES);
  copy!(one, increment);
  for (let k = 0; k < step; k++) mul!(increment, root, increment);
  const start = (): void => {
    copy!(one, current);
    for (let k = 0; k < first; k++) mul!(current, root, current);
  };

  // (tau^n - 1) / n
  const factor = engine.allocate(FIELD_BYTES);
  const size = engine.allocate(FIELD_BYTES);
  copy!(tauPointer, factor);
  copy!(one, size);
  for (let k = 0; k < power; k++) {
    square!(factor, factor);
    add!(size, size, size);
  }
  sub!(factor, one, factor);
  engine.batchInverse(size, 1);
  mul!(factor, size, factor);

  start();
  for (let j = 0; j < count; j++) {
    sub!(tauPointer, current, at(j));
    mul!(current, increment, current);
  }
  engine.batchInverse(result, count);
  start();
  for (let j = 0; j < count; j++) {
    mul!(at(j), current, at(j));
    mul!(at(j), factor, at(j));
    mul!(current, increment, current);
  }
  engine.release(mark);
  return result;
}

/** Per wire, the sum over rows of coefficient times `vector[row]` (Montgomery); canonical bytes. */
function multiplyTransposed(engine: Bn254Engine, r1cs: R1cs, matrix: SparseMatrix, vector: number): number {
  const { frm_add: add, frm_mul: mul } = engine.call;
  const result = engine.allocate(r1cs.wires * FIELD_BYTES);
  const mark = engine.mark();
  const coefficient = engine.allocate(FIELD_BYTES);
  const memory = engine.bytes;
  for (let row = 0; row < r1cs.constraints; row++) {
    const scale = vector + row * FIELD_BYTES;
    for (let entry = matrix.rows[row]!; entry < matrix.rows[row + 1]!; entry++) {
      const offset = matrix.offsets[entry]!;
      for (let byte = 0; byte < FIELD_BYTES; byte++) memory[coefficient + byte] = r1cs.bytes[offset + byte]!;
      mul!(coefficient, scale, coefficient);
      const at = result + matrix.wires[entry]! * FIELD_BYTES;
      add!(at, coefficient, at);
    }
  }
  engine.release(mark);
  return result;
}
