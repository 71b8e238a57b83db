/**
 * Writer of snarkjs's Groth16 `.zkey` format, version 1 (layout: snarkjs src/zkey_utils.js and src/zkey_new.js).
 * Points are affine, coordinates 32 bytes little-endian in Montgomery form.
 */
import { FIELD_MODULUS } from '../../protocol/constants.ts';
import { BASE_FIELD_MODULUS } from '../../protocol/proof.ts';
import type { R1cs } from '../r1cs.ts';
import { type Bn254Engine, FIELD_BYTES, scalarToBytes } from './bn254-engine.ts';
import { domainPower } from './qap.ts';

export interface ZkeyPoints {
  readonly alpha1: Uint8Array;
  readonly beta1: Uint8Array;
  readonly beta2: Uint8Array;
  readonly gamma2: Uint8Array;
  readonly delta1: Uint8Array;
  readonly delta2: Uint8Array;
  readonly ic: Uint8Array;
  readonly a: Uint8Array;
  readonly b1: Uint8Array;
  readonly b2: Uint8Array;
  readonly c: Uint8Array;
  readonly h: Uint8Array;
}

/** The file in pieces, in order, ready to be written one after another. */
export function* zkeySections(
  engine: Bn254Engine,
  r1cs: R1cs,
  points: ZkeyPoints,
  label: Uint8Array,
): Generator<Uint8Array> {
  yield concat([utf8('zkey'), u32(1), u32(10)]);
  yield* section(1, [u32(1)]);
  const { alpha1, beta1, beta2, gamma2, delta1, delta2 } = points;
  const sizes = [u32(r1cs.wires), u32(r1cs.publicSignals), u32(2 ** domainPower(r1cs))];
  const fields = [u32(32), scalarToBytes(BASE_FIELD_MODULUS), u32(32), scalarToBytes(FIELD_MODULUS)];
  yield* section(2, [...fields, ...sizes, alpha1, beta1, beta2, gamma2, delta1, delta2]);
  yield* section(3, [points.ic]);
  yield* section(4, [encodeCoefficients(engine, r1cs)]);
  yield* section(5, [points.a]);
  yield* section(6, [points.b1]);
  yield* section(7, [points.b2]);
  yield* section(8, [points.c]);
  yield* section(9, [points.h]);
  // Circuit hash and contributions of a ceremony: there was none; the label says what the key is.
  const hash = new Uint8Array(64);
  hash.set(label.subarray(0, 64));
  yield* section(10, [hash, u32(0)]);
}

function* section(id: number, parts: readonly Uint8Array[]): Generator<Uint8Array> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  yield concat([u32(id), u32(length % 2 ** 32), u32(Math.floor(length / 2 ** 32))]);
  yield* parts;
}

/**
 * Section 4: count, then (matrix, row, wire, coefficient * R^2) for A and B, with a row of A per public signal. snarkjs
 * multiplies such a coefficient with a plain witness value and has the product in Montgomery form.
 */
function encodeCoefficients(engine: Bn254Engine, r1cs: R1cs): Uint8Array<ArrayBuffer> {
  const count = r1cs.a.wires.length + r1cs.b.wires.length + r1cs.publicSignals + 1;
  const entryBytes = 12 + FIELD_BYTES;
  const bytes = new Uint8Array(4 + count * entryBytes);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, count, true);
  const toMontgomery = engine.call.frm_toMontgomery!;
  const mark = engine.mark();
  const coefficient = engine.allocate(FIELD_BYTES);
  const memory = engine.bytes;
  let at = 4;
  const put = (matrix: number, row: number, wire: number, source: Uint8Array, offset: number): void => {
    view.setUint32(at, matrix, true);
    view.setUint32(at + 4, row, true);
    view.setUint32(at + 8, wire, true);
    for (let byte = 0; byte < FIELD_BYTES; byte++) memory[coefficient + byte] = source[offset + byte]!;
    toMontgomery(coefficient, coefficient);
    toMontgomery(coefficient, coefficient);
    for (let byte = 0; byte < FIELD_BYTES; byte++) bytes[at + 12 + byte] = memory[coefficient + byte]!;
    at += entryBytes;
  };
  const matrices = [r1cs.a, r1cs.b];
  for (let row = 0; row < r1cs.constraints; row++) {
    matrices.forEach((matrix, m) => {
      for (let entry = matrix.rows[row]!; entry < matrix.rows[row + 1]!; entry++) {
        put(m, row, matrix.wires[entry]!, r1cs.bytes, matrix.offsets[entry]!);
      }
    });
  }
  const one = scalarToBytes(1n);
  for (let s = 0; s <= r1cs.publicSignals; s++) put(0, r1cs.constraints + s, s, one, 0);
  engine.release(mark);
  return bytes;
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
