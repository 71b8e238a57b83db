/** The points of a proving key that one thread owns, in its kernels' memory. Isomorphic. */
import { pointBytes } from '../kernels/batch-addition.ts';
import { type Bn254Kernels, FIELD_OF, FQ, type Group } from '../kernels/bn254.ts';
import { MultiScalar, type PointTable } from '../kernels/multi-scalar.ts';
import { SECTION_BYTES, type Slice } from './partition.ts';
import type { PointSection, ProvingKey, ReadRange } from './proving-key.ts';

/** From snarkjs's Montgomery form, R = 2^256, to the kernels', R = 2^261: a product with this, divided by 2^261. */
export const FROM_SNARKJS = (1n << 266n) % FQ.modulus;
const CHUNK_POINTS = 2048;

export const groupOf = (section: PointSection): Group => (section === 'b2' ? 'g2' : 'g1');

export class KeyShare {
  readonly kernels: Bn254Kernels;
  readonly slices: readonly Slice[];
  readonly g1: MultiScalar;
  readonly g2: MultiScalar;
  readonly #tables: readonly PointTable[];

  private constructor(kernels: Bn254Kernels, slices: readonly Slice[], tables: readonly PointTable[]) {
    this.kernels = kernels;
    this.slices = slices;
    this.#tables = tables;
    this.g1 = new MultiScalar(kernels, 'g1');
    this.g2 = new MultiScalar(kernels, 'g2');
  }

  /** Reads its points, piece by piece; those at infinity take no memory. */
  static async load(
    kernels: Bn254Kernels,
    read: ReadRange,
    key: Pick<ProvingKey, 'sections'>,
    slices: readonly Slice[],
  ): Promise<KeyShare> {
    const tables: PointTable[] = [];
    for (const slice of slices) tables.push(await loadPoints(kernels, read, key, slice));
    return new KeyShare(kernels, slices, tables);
  }

  sums(group: Group): MultiScalar {
    return this[group];
  }

  /**
   * The sum of one slice's points.
   * @param scalars of the slice, 32 bytes each, canonical
   */
  sum(slice: number, scalars: Uint8Array): Uint8Array<ArrayBuffer> {
    const mark = this.kernels.mark();
    const address = this.kernels.write(scalars);
    const table = this.#tables[slice]!;
    const result = this.sums(table.group).sum(table, address);
    this.kernels.release(mark);
    return result;
  }
}

async function loadPoints(
  kernels: Bn254Kernels,
  read: ReadRange,
  key: Pick<ProvingKey, 'sections'>,
  { section, first, count }: Slice,
): Promise<PointTable> {
  const group = groupOf(section);
  const size = SECTION_BYTES[section];
  const own = pointBytes(FIELD_OF[group]);
  const wires = kernels.allocate(4 * count);
  // The points grow at the end of memory, with room for one piece behind them.
  const points = kernels.allocate(0);
  let kept = 0;
  for (let done = 0; done < count; done += CHUNK_POINTS) {
    const now = Math.min(CHUNK_POINTS, count - done);
    const bytes = await read(key.sections[section].start + (first + done) * size, now * size);
    const to = kernels.allocate(now * own);
    const mark = kernels.mark();
    const factor = kernels.writeRaw(FROM_SNARKJS);
    const from = kernels.write(bytes);
    const found = kernels.call[`${group}_loadPoints`]!(to, from, now, wires + 4 * kept, done, factor);
    kernels.release(mark);
    kept += found;
    kernels.release(to + found * own);
  }
  return { group, points, wires, count: kept };
}
