/** Which thread owns which points of a proving key. Fixed when the key is read; only scalars and sums travel. Isomorphic. */
import { G1_BYTES, G2_BYTES } from '../keys/bn254-engine.ts';
import type { PointSection, ProvingKey, ReadRange } from './proving-key.ts';

/** A run of points of one section. */
export interface Slice {
  readonly section: PointSection;
  readonly first: number;
  readonly count: number;
}

export const SECTIONS: readonly PointSection[] = ['h', 'a', 'c', 'b1', 'b2'];
export const SECTION_BYTES: Readonly<Record<PointSection, number>> = {
  a: G1_BYTES,
  b1: G1_BYTES,
  b2: G2_BYTES,
  c: G1_BYTES,
  h: G1_BYTES,
};
/**
 * Time of one point that is not at infinity, relative to one of H. Witness values are shorter than H's scalars: many have digits in one
 * window only.
 */
const COST: Readonly<Record<PointSection, number>> = { h: 1, a: 0.75, c: 0.75, b1: 0.84, b2: 2.3 };
/** Time of the transforms and of the constraint system, per element of the domain. */
const DOMAIN_COST = 0.4;
/** Shorter runs cost more than they balance. */
const SHORTEST = 1024;
const CHUNK_BYTES = 1 << 20;

/** Points of each section that are not at infinity. */
export async function countPoints(
  read: ReadRange,
  key: ProvingKey,
): Promise<Readonly<Record<PointSection, number>>> {
  const count = async (section: PointSection): Promise<number> => {
    const { start, length } = key.sections[section];
    let found = 0;
    for (let at = 0; at < length; at += CHUNK_BYTES) {
      const bytes = (await read(start + at, Math.min(CHUNK_BYTES, length - at))).slice();
      const words = new Uint32Array(bytes.buffer);
      // A coordinate whose first half is 0 is as rare as a guessed key: this only balances.
      for (let word = 0; word < words.length; word += SECTION_BYTES[section] / 4)
        if ((words[word]! | words[word + 1]! | words[word + 2]! | words[word + 3]!) !== 0) found++;
    }
    return found;
  };
  const [a, b, c] = [await count('a'), await count('b1'), await count('c')];
  return { a, b1: b, b2: b, c, h: key.domain };
}

/**
 * Cuts the work into `threads` equal parts. The first part has the transforms, too, and the points of H, whose scalars come from them.
 * @param points of each section that are not at infinity
 */
export function partition(
  key: Pick<ProvingKey, 'domain' | 'wires' | 'publicSignals'>,
  points: Readonly<Record<PointSection, number>>,
  threads: number,
): readonly (readonly Slice[])[] {
  const lengths: Readonly<Record<PointSection, number>> = {
    a: key.wires,
    b1: key.wires,
    b2: key.wires,
    c: key.wires - key.publicSignals - 1,
    h: key.domain,
  };
  const cost = (section: PointSection): number => COST[section] * points[section];
  const domainCost = DOMAIN_COST * key.domain;
  const total = SECTIONS.reduce((sum, section) => sum + cost(section), domainCost);
  const parts: Slice[][] = Array.from({ length: threads }, () => []);
  let part = 0;
  let used = domainCost;
  for (const section of SECTIONS) {
    const length = lengths[section];
    const each = cost(section) / Math.max(1, length);
    let first = 0;
    while (first < length) {
      const left = length - first;
      const fits = part === threads - 1 ? left : Math.floor((total / threads - used) / Math.max(each, 1e-9));
      if (fits < SHORTEST && part < threads - 1) {
        part++;
        used = 0;
        continue;
      }
      const count = left - fits < SHORTEST ? left : Math.min(left, fits);
      parts[part]!.push({ section, first, count });
      used += count * each;
      first += count;
    }
  }
  return parts;
}
