/** Reader of snarkjs's Groth16 `.zkey` format for proving: layout in prover/keys/zkey.ts. Isomorphic. */
import { AzaleaError } from '../../protocol/errors.ts';
import { FIELD_BYTES, G1_BYTES, G2_BYTES } from '../keys/bn254-engine.ts';

/** A proving key's header, and where the rest stands in the file. Points are affine in Montgomery form, R = 2^256. */
export interface ProvingKey {
  readonly wires: number;
  readonly publicSignals: number;
  readonly domain: number;
  readonly alpha1: Uint8Array;
  readonly beta1: Uint8Array;
  readonly beta2: Uint8Array;
  readonly delta1: Uint8Array;
  readonly delta2: Uint8Array;
  readonly sections: Readonly<Record<PointSection | 'coefficients', { start: number; length: number }>>;
}

/** Sections of points: of A, B in both groups, C, and the quotient H. */
export type PointSection = 'a' | 'b1' | 'b2' | 'c' | 'h';

/** Reads bytes of the file. */
export type ReadRange = (start: number, length: number) => Promise<Uint8Array>;

/** Bytes of one coefficient: matrix, row, wire (4 bytes each), the coefficient * R^2. */
export const COEFFICIENT_BYTES = 12 + FIELD_BYTES;

/**
 * Reads the header and checks that all sections are there.
 * @throws KEY_MALFORMED when the file is not a whole Groth16 key over BN254
 */
export async function readProvingKey(read: ReadRange, fileBytes: number): Promise<ProvingKey> {
  const fail = keyMalformed;
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
  const section = (id: number, length?: number): { start: number; length: number } => {
    const found = sections.get(id) ?? fail(`section ${id} is missing`);
    if (length !== undefined && found.length !== length)
      fail(`section ${id} has ${found.length} bytes, not ${length}`);
    return found;
  };
  const bytes = async (id: number, length: number): Promise<Uint8Array> =>
    read(section(id, length).start, length);
  if (view(await bytes(1, 4)).getUint32(0, true) !== 1) fail('it is not for Groth16');
  const header = await bytes(2, 4 + 32 + 4 + 32 + 12 + 3 * G1_BYTES + 3 * G2_BYTES);
  const [wires, publicSignals, domain] = [72, 76, 80].map((at) => view(header).getUint32(at, true)) as [
    number,
    number,
    number,
  ];
  if (domain < 2 || (domain & (domain - 1)) !== 0 || domain > 2 ** 27)
    fail(`the domain has ${domain} elements`);
  if (publicSignals + 1 > wires) fail(`it has ${wires} wires and ${publicSignals} public signals`);
  const points = header.slice(84);
  const at = (start: number, length: number): Uint8Array => points.subarray(start, start + length);
  const coefficients = section(4);
  if (coefficients.length < 4 || (coefficients.length - 4) % COEFFICIENT_BYTES !== 0)
    fail('section 4 is not whole');
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
    sections: {
      coefficients,
      a: section(5, wires * G1_BYTES),
      b1: section(6, wires * G1_BYTES),
      b2: section(7, wires * G2_BYTES),
      c: section(8, (wires - publicSignals - 1) * G1_BYTES),
      h: section(9, domain * G1_BYTES),
    },
  };
}

/** @throws KEY_MALFORMED */
export function keyMalformed(why: string): never {
  throw new AzaleaError('KEY_MALFORMED', `not a usable .zkey file: ${why}; build or fetch the key again`);
}
