/**
 * What stands around the additions of a multi-scalar multiplication: signed digits, points sorted by digit, sums of points with
 * equal digits. Isomorphic.
 */
import { BATCH, NEGATED, pointBytes } from './batch-addition.ts';
import type { Field } from './field-functions.ts';
import type { WasmModule } from './wasm.ts';
import { i64, type Value } from './wasm-value.ts';

/** Bytes of a recoded scalar: 288 bits, read 32 at a time. */
export const RECODED_BYTES = 40;

/**
 * Adds two functions, both for digits of `width` bits, at most 16:
 * - `recode` (to, scalars, wires, count, offset): scalar `wires[i]` (32 bytes each, canonical) plus the 288-bit number at `offset`, the
 *   sum of 2^(width - 1) * 2^(width * w) over all windows w. Digit w of the scalar is then bits [width w, width (w + 1)) minus
 *   2^(width - 1): signed, without carries.
 * - `sortDigits` (scalars, count, bit, width, points, pointSize, counts, entries, groups): the addresses of points with a digit other than
 *   0 at `bit`, with `NEGATED` for negative ones, ordered by its magnitude, which goes to `groups`. `counts` has 2^(width - 1) + 2 words
 *   of room. Returns how many.
 */
export function addBucketSort(module: WasmModule): void {
  module.function(
    'recode',
    { to: 'i32', scalars: 'i32', wires: 'i32', count: 'i32', offset: 'i32' },
    undefined,
    (f, { to, scalars, wires, count, offset }) => {
      f.for(0, count, (index) => {
        const from = f.let(scalars.add(wires.add(index.shl(2)).load32().shl(5)));
        const carry = f.local('i64');
        carry.set(0);
        for (let word = 0; word < 9; word++) {
          const scalar = word < 8 ? from.load32u64(4 * word) : i64(0n);
          const sum = f.let(scalar.add(offset.load32u64(4 * word)).add(carry));
          f.store32(to, sum, 4 * word);
          carry.set(sum.shrU(32));
        }
        f.store32(to, i64(0n), 36);
        to.set(to.add(RECODED_BYTES));
      });
    },
  );
  module.function(
    'sortDigits',
    {
      scalars: 'i32',
      count: 'i32',
      bit: 'i32',
      width: 'i32',
      points: 'i32',
      pointSize: 'i32',
      counts: 'i32',
      entries: 'i32',
      groups: 'i32',
    },
    'i32',
    (f, { scalars, count, bit, width, points, pointSize, counts, entries, groups }) => {
      const half = f.let(i64(1n).wrap().shl(width.sub(1)));
      const mask = f.let(half.add(half).sub(1));
      const shift = f.let(bit.and(7));
      const digits = f.let(scalars.add(bit.shrU(3)));
      const end = f.let(half.add(2));
      f.for(0, end, (index) => f.store32(counts.add(index.shl(2)), i64(0n)));
      const digit = f.local('i32');
      const sign = f.local('i32');
      const read = (index: Value): void => {
        digit.set(digits.add(index.mul(RECODED_BYTES)).load32().shrU(shift).and(mask).sub(half));
        sign.set(digit.shrS(31));
        digit.set(digit.xor(sign).sub(sign));
      };
      const slot = f.local('i32');
      f.for(0, count, (index) => {
        read(index);
        slot.set(counts.add(digit.add(1).shl(2)));
        f.store32(slot, slot.load32().add(1));
      });
      // Where each digit's entries start; digit 0 takes no place.
      f.store32(counts, i64(0n), 4);
      f.for(1, end, (index) => {
        slot.set(counts.add(index.shl(2)));
        f.store32(slot, slot.load32().add(slot.sub(4).load32()));
      });
      f.for(0, count, (index) => {
        read(index);
        f.if(digit, () => {
          slot.set(counts.add(digit.shl(2)));
          const place = f.let(slot.load32().shl(2));
          f.store32(slot, slot.load32().add(1));
          f.store32(entries.add(place), points.add(index.mul(pointSize)).or(sign.and(NEGATED)));
          f.store32(groups.add(place), digit);
        });
      });
      f.return(counts.add(half.shl(2)).load32());
    },
  );
}

/**
 * Adds `<prefix>_sumRound` (entries, groups, count, to, pairs, scratch): replaces each two neighbours of one group by their sum, written
 * to consecutive points from `to`; shortens the lists in place. Returns the new count. Repeated until the count stays, each
 * group has one entry. `pairs` has room for `BATCH` pairs.
 */
export function addGroupSums(module: WasmModule, prefix: string, field: Field): void {
  module.function(
    `${prefix}_sumRound`,
    { entries: 'i32', groups: 'i32', count: 'i32', to: 'i32', pairs: 'i32', scratch: 'i32' },
    'i32',
    (f, { entries, groups, count, to, pairs, scratch }) => {
      const read = f.local('i32');
      const write = f.local('i32');
      const waiting = f.local('i32');
      const next = f.let(to);
      const flush = (): void => {
        f.call(`${prefix}_addPairs`, pairs, waiting, to, scratch);
        to.set(next);
        waiting.set(0);
      };
      f.while(
        () => read.ltU(count),
        () => {
          const entry = f.let(entries.add(read.shl(2)).load32());
          const group = f.let(groups.add(read.shl(2)).load32());
          const more = f.let(read.add(1));
          // Past the end stands something that is no group.
          f.if(
            more.ltU(count).and(groups.add(more.shl(2)).load32().eq(group)),
            () => {
              const pair = f.let(pairs.add(waiting.shl(3)));
              f.store32(pair, entry);
              f.store32(pair, entries.add(more.shl(2)).load32(), 4);
              f.store32(entries.add(write.shl(2)), next);
              next.set(next.add(pointBytes(field)));
              waiting.set(waiting.add(1));
              read.set(read.add(2));
            },
            () => {
              f.store32(entries.add(write.shl(2)), entry);
              read.set(more);
            },
          );
          f.store32(groups.add(write.shl(2)), group);
          write.set(write.add(1));
          f.if(waiting.eq(BATCH), flush);
        },
      );
      f.if(waiting, flush);
      f.return(write);
    },
  );
}
