/** Reader of snarkjs's Groth16 `.zkey` format for proving: layout in prover/keys/zkey.ts. Isomorphic. */
import { AzaleaError } from '../../protocol/errors.ts';
import { FIELD_BYTES, G1_BYTES, G2_BYTES } from '../keys/bn254-engine.ts';

/** Points are affine in Montgomery form. */
export interface ProvingKey {
  readonly wires: number;
  readonly publicSignals: number;
  readonly domain: number;
  readonly alpha1: Uint8Array;
  readonly beta1: Uint8Array;
  readonly beta2: Uint8Array;
  readonly delta1: Uint8Array;
  readonly delta2: Uint8Array;
  readonly a: Uint8Array;
  readonly b1: Uint8Array;
  readonly b2: Uint8Array;
  readonly c: Uint8Array;
  readonly h: Uint8Array;
  /** Section 4: count, then (matrix, row, wire: 4 bytes each, coefficient * R^2: 32 bytes). */
  readonly coefficients: Uint8Array;
}

/** Reads bytes of the file. */
export type ReadRange = (start: number, length: number) => Promise<Uint8Array>;

/**
 * @throws KEY_MALFORMED when the file is not a whole Groth16 key over BN254
 */
export async function readProvingKey(read: ReadRange, fileBytes: number): Promise<ProvingKey> {
  const fail = (why: string): never => {
    throw new AzaleaError('KEY_MALFORMED', `not a usable .zkey file: ${why}; build or fetch the key again`);
  };
  const view = (bytes: Uint8Array): DataView =>
    new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (fileBytes < 12) fail('it is cut off');
  const head = await read(0, 12);
  if (new TextDecoder().decode(head.subarray(0, 4)) !== 'zkey') fail('magic bytes are missing');
  const sections = new Map<number, { start: number; length: number }>();
  let position = 12;
  for (let count = view(head).getUint32(8, true); count > 0; count--) {
    if (position + 12 > fileBytes) fail('it is cut off');
    const header = view(await read(position, 12));
    const length = Number(header.getBigUint64(4, true));
    sections.set(header.getUint32(0, true), { start: position + 12, length });
    position += 12 + length;
    if (position > fileBytes) fail('it is cut off');
  }
  const section = async (id: number, length?: number): Promise<Uint8Array> => {
    const found = sections.get(id) ?? fail(`section ${id} is missing`);
    if (length !== undefined && found.length !== length)
      fail(`section ${id} has ${found.length} bytes, not ${length}`);
    return read(found.start, found.length);
  };
  if (view(await section(1, 4)).getUint32(0, true) !== 1) fail('it is not for Groth16');
  const header = await section(2, 4 + 32 + 4 + 32 + 12 + 3 * G1_BYTES + 3 * G2_BYTES);
  const [wires, publicSignals, domain] = [72, 76, 80].map((at) => view(header).getUint32(at, true)) as [
    number,
    number,
    number,
  ];
  const points = header.slice(84);
  const at = (start: number, length: number): Uint8Array => points.subarray(start, start + length);
  return {
    wires,
    publicSignals,
    domain,
    alpha1: at(0, G1_BYTES),
    beta1: at(G1_BYTES, G1_BYTES),
    beta2: at(2 * G1_BYTES, G2_BYTES),
    // gamma2 lies between.
    delta1: at(2 * G1_BYTES + 2 * G2_BYTES, G1_BYTES),
    delta2: at(3 * G1_BYTES + 2 * G2_BYTES, G2_BYTES),
    coefficients: await section(4),
    a: await section(5, wires * G1_BYTES),
    b1: await section(6, wires * G1_BYTES),
    b2: await section(7, wires * G2_BYTES),
    c: await section(8, (wires - publicSignals - 1) * G1_BYTES),
    h: await section(9, domain * G1_BYTES),
  };
}

/** Bytes of one entry of `coefficients`. */
export const COEFFICIENT_BYTES = 12 + FIELD_BYTES;
