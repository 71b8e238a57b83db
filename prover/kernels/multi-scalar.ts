/**
 * Sums of points times scalars, for points that stay in memory: Pippenger's algorithm with signed digits. Points with the same digit are
 * added in a tree of affine additions. Isomorphic.
 */
import { BATCH, pairScratchBytes, pointBytes } from './batch-addition.ts';
import { type Bn254Kernels, FIELD_OF, FQ, type Group } from './bn254.ts';
import { RECODED_BYTES } from './bucket-sort.ts';
import { ELEMENT_BYTES, LIMBS, limbsOf } from './field.ts';
import type { Field } from './field-functions.ts';
import { projectiveBytes, projectiveScratchBytes } from './projective-addition.ts';

/** Bits of the digits' sum: the scalars' and one for the sign. */
const SCALAR_BITS = 255;
const WIDEST = 16;
/** Points per call: V8 optimises a function between calls. */
const CHUNK = 2048;
/** 3b of y^2 = x^3 + b: 9 for G1; 9 / (9 + u) for G2. */
const B3: Readonly<Record<Group, readonly bigint[]>> = { g1: [9n], g2: twistB3() };

/** Points of one group with the wires they belong to. */
export interface PointTable {
  readonly group: Group;
  /** Address of the points: affine, settled, none at infinity. */
  readonly points: number;
  /** Address of the index of each one's scalar, 32-bit. */
  readonly wires: number;
  readonly count: number;
}

/** Working memory of one group. */
export class MultiScalar {
  readonly #kernels: Bn254Kernels;
  readonly #group: Group;
  readonly #field: Field;
  /** For projective additions: 3b, then room. */
  readonly #scratch: number;

  constructor(kernels: Bn254Kernels, group: Group) {
    this.#kernels = kernels;
    this.#group = group;
    this.#field = FIELD_OF[group];
    this.#scratch = kernels.allocate(projectiveScratchBytes(this.#field));
    for (const [k, value] of B3[group].entries()) {
      const limbs = limbsOf((value * FQ.one) % FQ.modulus).map(Number);
      kernels.words(this.#scratch + k * ELEMENT_BYTES, LIMBS).set(limbs);
    }
  }

  /** Bytes of a sum: X, Y, Z. */
  get sumBytes(): number {
    return projectiveBytes(this.#field);
  }

  /** Adds two sums; `to` may be one of them. */
  add(to: number, a: number, b: number): void {
    this.#kernels.call[`${this.#group}_add3`]!(to, a, b, this.#scratch);
  }

  setInfinity(to: number): void {
    const { words } = FQ_ONE;
    const memory = this.#kernels.words(to, this.sumBytes / 4);
    memory.fill(0);
    memory.set(words, this.#field.bytes / 4);
  }

  /**
   * @param table points of this group
   * @param scalars address of canonical scalars, 32 bytes each
   * @returns the sum's X, Y, Z as bytes of memory: the same in every instance
   */
  sum(table: PointTable, scalars: number): Uint8Array<ArrayBuffer> {
    const kernels = this.#kernels;
    const { call } = kernels;
    const size = pointBytes(this.#field);
    const mark = kernels.mark();
    const { width } = planSum(this.#effective(table, scalars));
    const windows = Math.ceil(SCALAR_BITS / width);
    const half = 1 << (width - 1);
    const offset = kernels.allocate(40);
    kernels.words(offset, 10).set(digitOffset(width, windows));
    const recoded = kernels.allocate(table.count * RECODED_BYTES + 8);
    for (let first = 0; first < table.count; first += CHUNK) {
      const wires = table.wires + 4 * first;
      const count = Math.min(CHUNK, table.count - first);
      call.recode!(recoded + first * RECODED_BYTES, scalars, wires, count, offset);
    }
    const counts = kernels.allocate(4 * (half + 2));
    const entries = kernels.allocate(4 * table.count + 8);
    const groups = kernels.allocate(4 * table.count + 8);
    const pairs = kernels.allocate(8 * BATCH);
    const scratch = kernels.allocate(pairScratchBytes(this.#field));
    const sums = kernels.allocate(table.count * size);
    const weighted = new WeightedSum(kernels, this, { half, pairs, scratch, size });
    const total = kernels.allocate(this.sumBytes);
    const windowSum = kernels.allocate(this.sumBytes);
    this.setInfinity(total);
    for (let window = windows - 1; window >= 0; window--) {
      for (let bit = 0; bit < width; bit++) this.add(total, total, total);
      const bit = window * width;
      const found = call.sortDigits!(
        recoded,
        table.count,
        bit,
        width,
        table.points,
        size,
        counts,
        entries,
        groups,
      );
      if (found === 0) continue;
      const { count } = this.sumGroups({ entries, groups, count: found }, sums, pairs, scratch);
      weighted.sum(windowSum, entries, groups, count);
      this.add(total, total, windowSum);
    }
    const result = kernels.read(total, this.sumBytes);
    kernels.release(mark);
    return result;
  }

  /** Adds entries of the same group until each group has one. Lists are changed in place; `to` has room for the sums. */
  sumGroups(
    { entries, groups, count }: { readonly entries: number; readonly groups: number; readonly count: number },
    to: number,
    pairs: number,
    scratch: number,
  ): { readonly count: number; readonly end: number } {
    const size = pointBytes(this.#field);
    let left = count;
    let end = to;
    for (;;) {
      const after = this.#kernels.call[`${this.#group}_sumRound`]!(
        entries,
        groups,
        left,
        end,
        pairs,
        scratch,
      );
      if (after === left) return { count: after, end };
      end += (left - after) * size;
      left = after;
    }
  }

  /** An affine point as a sum. */
  lift(to: number, entry: number): void {
    this.#kernels.call[`${this.#group}_lift`]!(to, entry);
  }

  /** About how many scalars of full length take the same work: short ones have digits in few windows. */
  #effective(table: PointTable, scalars: number): number {
    const wires = this.#kernels.words(table.wires, table.count);
    const words = new Uint32Array(this.#kernels.memory.buffer);
    let long = 0;
    for (let i = 0; i < table.count; i++) if (words[scalars / 4 + 8 * wires[i]! + 6] !== 0) long++;
    return long;
  }
}

/** What `recode` adds to scalars: half of the digits' range in each window, as ten words. */
export function digitOffset(width: number, windows: number): number[] {
  let offset = 0n;
  for (let window = 0; window < windows; window++) offset += 1n << BigInt(width * window + width - 1);
  return Array.from({ length: 10 }, (_, word) => Number((offset >> BigInt(32 * word)) & 0xffff_ffffn));
}

/** Sums of group number times point: rows and columns of a square table, then running sums over both. */
class WeightedSum {
  readonly #kernels: Bn254Kernels;
  readonly #sums: MultiScalar;
  readonly #lowBits: number;
  readonly #lists: { readonly entries: number; readonly groups: number };
  readonly #points: number;
  readonly #pairs: number;
  readonly #scratch: number;
  readonly #room: number;

  constructor(
    kernels: Bn254Kernels,
    sums: MultiScalar,
    parts: { readonly half: number; readonly pairs: number; readonly scratch: number; readonly size: number },
  ) {
    this.#kernels = kernels;
    this.#sums = sums;
    this.#lowBits = Math.ceil(Math.log2(parts.half) / 2);
    this.#pairs = parts.pairs;
    this.#scratch = parts.scratch;
    const most = parts.half + 2;
    this.#lists = { entries: kernels.allocate(4 * most), groups: kernels.allocate(4 * most) };
    this.#points = kernels.allocate(most * parts.size);
    this.#room = kernels.allocate(4 * sums.sumBytes);
  }

  sum(to: number, entries: number, groups: number, count: number): void {
    const sums = this.#sums;
    const shift = this.#lowBits;
    const result = this.#room;
    const part = this.#room + sums.sumBytes;
    this.#part(result, entries, groups, count, (group) => group >>> shift);
    for (let bit = 0; bit < shift; bit++) sums.add(result, result, result);
    this.#part(part, entries, groups, count, (group) => group & ((1 << shift) - 1));
    sums.add(to, result, part);
  }

  #part(to: number, entries: number, groups: number, count: number, weight: (group: number) => number): void {
    const sums = this.#sums;
    const kernels = this.#kernels;
    const [fromEntries, fromGroups] = [kernels.words(entries, count), kernels.words(groups, count)];
    const weights = 2 ** (this.#lowBits + 1) + 1;
    // Sorted by weight; weight 0 adds nothing.
    const starts = new Uint32Array(weights + 1);
    for (const group of fromGroups) starts[weight(group) + 1]!++;
    starts[1] = 0;
    for (let w = 1; w < weights; w++) starts[w + 1]! += starts[w]!;
    const kept = starts[weights]!;
    const toEntries = kernels.words(this.#lists.entries, kept);
    const toGroups = kernels.words(this.#lists.groups, kept);
    for (let i = 0; i < count; i++) {
      const w = weight(fromGroups[i]!);
      if (w === 0) continue;
      const place = starts[w]!++;
      toEntries[place] = fromEntries[i]!;
      toGroups[place] = w;
    }
    const list = { ...this.#lists, count: kept };
    const { count: left } = sums.sumGroups(list, this.#points, this.#pairs, this.#scratch);
    const running = this.#room + 2 * sums.sumBytes;
    const point = this.#room + 3 * sums.sumBytes;
    sums.setInfinity(to);
    sums.setInfinity(running);
    let next = left - 1;
    for (let w = weights - 1; w > 0; w--) {
      if (next >= 0 && toGroups[next] === w) {
        sums.lift(point, toEntries[next]!);
        sums.add(running, running, point);
        next--;
      }
      if (next < left - 1) sums.add(to, to, running);
    }
  }
}

/** Bits of a digit for so many scalars of full length, and the additions that take most of the time: the fewest. */
export function planSum(scalars: number): { readonly width: number; readonly additions: number } {
  let best = { width: 2, additions: Number.POSITIVE_INFINITY };
  for (let width = 2; width <= WIDEST; width++) {
    // One per scalar and window, two per bucket and window, about 150 for what is left of a window.
    const additions = Math.ceil(SCALAR_BITS / width) * (scalars + 2 ** width + 150);
    if (additions < best.additions) best = { width, additions };
  }
  return best;
}

const FQ_ONE = { words: limbsOf(FQ.one).map(Number) };

function twistB3(): bigint[] {
  // 9 / (9 + u) = 9 (9 - u) / 82
  const inverse = modularInverse(82n);
  return [(81n * inverse) % FQ.modulus, ((FQ.modulus - 9n) * inverse) % FQ.modulus];
}

function modularInverse(value: bigint): bigint {
  let [result, base] = [1n, value];
  for (let exponent = FQ.modulus - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % FQ.modulus;
    base = (base * base) % FQ.modulus;
  }
  return result;
}
