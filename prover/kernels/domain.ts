/**
 * Kernels over the evaluation domain: number-theoretic transforms without bit reversal, rows of the constraint system, the
 * quotient. Isomorphic.
 *
 * Values stand in bit-reversed order. The inverse transform takes them to coefficients in natural order (decimation in
 * frequency), the forward one back (decimation in time). A block of 2h elements is a polynomial modulo x^2h - z^2; each half of it
 * is the rest modulo x^h - z and x^h + z. So each block has one twiddle factor, z, and a coset is only another z.
 */
import { ELEMENT_BYTES, type PrimeField } from './field.ts';
import type { WasmModule } from './wasm.ts';

/** Bytes of one term of a row: wire, and the address of its coefficient. */
export const TERM_BYTES = 8;

/**
 * Adds, over Fr:
 * - `inverseLayer` and `forwardLayer` (data, half, count, blocks, twiddles): `count` of the `half` butterflies of each block;
 * - `rows` (from, to, starts, terms, targets, witness, out): sums of coefficient * R^2 times witness (32 bytes, canonical), one per row, written to
 *   element `targets[row]`;
 * - `products` (to, a, b, count), and `multiplyAll` (to, a, count, factor);
 * - `quotient` (to, a, b, c, count, k1, k2): a b k1 - c k2 for factors that are plain numbers, 32 bytes each, canonical.
 */
export function addDomainKernels(module: WasmModule, field: PrimeField): void {
  const layer = { data: 'i32', half: 'i32', count: 'i32', blocks: 'i32', twiddles: 'i32' } as const;
  for (const direction of ['inverse', 'forward'] as const) {
    module.function(`${direction}Layer`, layer, undefined, (f, { data, half, count, blocks, twiddles }) => {
      const distance = f.let(half.mul(ELEMENT_BYTES));
      const rest = f.let(half.sub(count).mul(ELEMENT_BYTES).add(distance));
      f.for(0, blocks, () => {
        const z = field.load(f, twiddles);
        f.for(0, count, () => {
          const other = f.let(data.add(distance));
          const u = field.load(f, data);
          const v = field.load(f, other);
          if (direction === 'inverse') {
            field.store(f, data, field.settle(f, field.add(f, u, v)));
            field.store(f, other, field.mul(f, field.sub(f, u, v), z));
          } else {
            const product = field.mul(f, v, z);
            field.store(f, data, field.settle(f, field.add(f, u, product)));
            field.store(f, other, field.settle(f, field.sub(f, u, product)));
          }
          data.set(data.add(ELEMENT_BYTES));
        });
        data.set(data.add(rest));
        twiddles.set(twiddles.add(ELEMENT_BYTES));
      });
    });
  }

  module.function(
    'rows',
    { from: 'i32', to: 'i32', starts: 'i32', terms: 'i32', targets: 'i32', witness: 'i32', out: 'i32' },
    undefined,
    (f, { from, to, starts, terms, targets, witness, out }) => {
      f.for(from, to, (row) => {
        const start = f.let(starts.add(row.shl(2)));
        const term = f.let(terms.add(start.load32().mul(TERM_BYTES)));
        const end = f.let(terms.add(start.load32(4).mul(TERM_BYTES)));
        const target = f.let(out.add(targets.add(row.shl(2)).load32().mul(ELEMENT_BYTES)));
        field.store(f, target, field.constant(0n));
        f.while(
          () => term.ltU(end),
          () => {
            const value = field.unpack(f, witness.add(term.load32().shl(5)));
            const product = field.mul(f, value, field.load(f, term.load32(4)));
            field.store(f, target, field.settle(f, field.add(f, field.load(f, target), product)));
            term.set(term.add(TERM_BYTES));
          },
        );
      });
    },
  );

  module.function(
    'products',
    { to: 'i32', a: 'i32', b: 'i32', count: 'i32' },
    undefined,
    (f, { to, a, b, count }) => {
      f.for(0, count, () => {
        field.store(f, to, field.settle(f, field.mul(f, field.load(f, a), field.load(f, b))));
        for (const pointer of [to, a, b]) pointer.set(pointer.add(ELEMENT_BYTES));
      });
    },
  );

  module.function(
    'multiplyAll',
    { to: 'i32', a: 'i32', count: 'i32', factor: 'i32' },
    undefined,
    (f, { to, a, count, factor }) => {
      const by = field.load(f, factor);
      f.for(0, count, () => {
        field.store(f, to, field.settle(f, field.mul(f, field.load(f, a), by)));
        for (const pointer of [to, a]) pointer.set(pointer.add(ELEMENT_BYTES));
      });
    },
  );

  module.function(
    'quotient',
    { to: 'i32', a: 'i32', b: 'i32', c: 'i32', count: 'i32', k1: 'i32', k2: 'i32' },
    undefined,
    (f, { to, a, b, c, count, k1, k2 }) => {
      f.for(0, count, () => {
        const product = field.mul(f, field.mul(f, field.load(f, a), field.load(f, b)), field.load(f, k1));
        const subtracted = field.mul(f, field.load(f, c), field.load(f, k2));
        const difference = field.settle(f, field.sub(f, product, subtracted));
        field.pack(f, to, field.canonical(f, difference));
        for (const pointer of [a, b, c]) pointer.set(pointer.add(ELEMENT_BYTES));
        to.set(to.add(32));
      });
    },
  );
}
