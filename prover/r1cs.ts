/**
 * Reader of the `.r1cs` binary format (iden3/r1csfile, doc/r1cs_bin_format.md) into typed arrays. Isomorphic.
 * A coefficient stays in the file's bytes until it is read: large circuits have millions.
 */

import { FIELD_MODULUS } from '../protocol/constants.ts';
import { AzaleaError } from '../protocol/errors.ts';

/** One of the three sparse matrices of A*w o B*w = C*w, stored by rows. */
export interface SparseMatrix {
  /** Row k's entries are `rows[k]` up to, not including, `rows[k + 1]`. Length constraints + 1. */
  readonly rows: Uint32Array;
  /** Wire of each entry. */
  readonly wires: Uint32Array;
  /** Byte offset in `R1cs.bytes` of each entry's coefficient: 32 bytes little-endian, canonical. */
  readonly offsets: Uint32Array;
}

export interface R1cs {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Wires, the constant 1 (wire 0) included. */
  readonly wires: number;
  readonly outputs: number;
  readonly publicInputs: number;
  readonly privateInputs: number;
  readonly constraints: number;
  /** Public signals: outputs, then public inputs; they are wires 1..publicSignals. */
  readonly publicSignals: number;
  /** Non-zero coefficients of A, B and C together. */
  readonly nonZeros: number;
  readonly a: SparseMatrix;
  readonly b: SparseMatrix;
  readonly c: SparseMatrix;
}

/**
 * Parses a `.r1cs` file.
 * @throws R1CS_MALFORMED when the bytes are not a version 1 file over BN254's scalar field
 */
export function readR1cs(bytes: Uint8Array<ArrayBuffer>): R1cs {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fail = (why: string): never => {
    throw new AzaleaError('R1CS_MALFORMED', `not a usable .r1cs file: ${why}; compile the circuit again`);
  };
  if (bytes.byteLength < 12 || view.getUint32(0, true) !== 0x73633172) fail('magic bytes are missing');
  if (view.getUint32(4, true) !== 1) fail(`version ${view.getUint32(4, true)} is not 1`);

  const sections = new Map<number, { start: number; end: number }>();
  let position = 12;
  for (let section = 0; section < view.getUint32(8, true); section++) {
    if (position + 12 > bytes.byteLength) fail('a section header is cut off');
    const length = Number(view.getBigUint64(position + 4, true));
    const start = position + 12;
    if (start + length > bytes.byteLength) fail('a section is cut off');
    sections.set(view.getUint32(position, true), { start, end: start + length });
    position = start + length;
  }
  const header = sections.get(1) ?? fail('no header section');
  const body = sections.get(2) ?? fail('no constraint section');
  if (sections.has(4) || sections.has(5)) fail('it uses custom gates');
  let at = header.start;
  if (view.getUint32(at, true) !== 32) fail('the field is not 32 bytes wide');
  let prime = 0n;
  for (let limb = 3; limb >= 0; limb--) prime = (prime << 64n) | view.getBigUint64(at + 4 + 8 * limb, true);
  if (prime !== FIELD_MODULUS) fail(`the field is of order ${prime}`);
  at += 36;
  const [wires, outputs, publicInputs, privateInputs] = [0, 4, 8, 12].map((o) =>
    view.getUint32(at + o, true),
  );
  const constraints = view.getUint32(at + 24, true);

  const total = countEntries(view, body, constraints);
  const matrices = total.map(
    (entries): SparseMatrix => ({
      rows: new Uint32Array(constraints + 1),
      wires: new Uint32Array(entries),
      offsets: new Uint32Array(entries),
    }),
  );
  const next = [0, 0, 0];
  at = body.start;
  for (let row = 0; row < constraints; row++) {
    for (let m = 0; m < 3; m++) {
      const matrix = matrices[m]!;
      const entries = view.getUint32(at, true);
      at += 4;
      let n = next[m]!;
      for (let entry = 0; entry < entries; entry++, n++, at += 36) {
        const wire = view.getUint32(at, true);
        if (wire >= wires!) fail(`constraint ${row} names wire ${wire} of ${wires}`);
        matrix.wires[n] = wire;
        matrix.offsets[n] = at + 4;
      }
      next[m] = n;
      matrix.rows[row + 1] = n;
    }
  }
  return {
    bytes,
    wires: wires!,
    outputs: outputs!,
    publicInputs: publicInputs!,
    privateInputs: privateInputs!,
    constraints,
    publicSignals: outputs! + publicInputs!,
    nonZeros: total[0]! + total[1]! + total[2]!,
    a: matrices[0]!,
    b: matrices[1]!,
    c: matrices[2]!,
  };
}

/** Entries of A, B and C; refuses a body that runs past its section. */
function countEntries(view: DataView, body: { start: number; end: number }, constraints: number): number[] {
  const total = [0, 0, 0];
  let at = body.start;
  for (let row = 0; row < constraints; row++) {
    for (let m = 0; m < 3; m++) {
      const entries = at + 4 <= body.end ? view.getUint32(at, true) : Number.POSITIVE_INFINITY;
      at += 4 + 36 * entries;
      if (at > body.end) {
        throw new AzaleaError('R1CS_MALFORMED', `constraint ${row} is cut off; compile the circuit again`);
      }
      total[m]! += entries;
    }
  }
  return total;
}

/** The coefficient at a byte offset of `SparseMatrix.offsets`. */
export function coefficientAt(r1cs: R1cs, offset: number): bigint {
  const view = new DataView(r1cs.bytes.buffer, r1cs.bytes.byteOffset + offset, 32);
  const low = view.getBigUint64(0, true) | (view.getBigUint64(8, true) << 64n);
  return low | ((view.getBigUint64(16, true) | (view.getBigUint64(24, true) << 64n)) << 128n);
}
