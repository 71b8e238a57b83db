/** Field arithmetic as functions on memory: operands and results are addresses of elements. Isomorphic. */
import { ELEMENT_BYTES, type PrimeField } from './field.ts';
import type { QuadraticField } from './quadratic-field.ts';
import type { WasmModule } from './wasm.ts';
import { i64, type Value } from './wasm-value.ts';

export type Field = PrimeField | QuadraticField;

/** Bits of an exponent per step. */
const WINDOW = 4;
/** Bytes that `_power` needs at its scratch address. */
export const POWER_SCRATCH_BYTES = 16 * ELEMENT_BYTES;

/**
 * Adds `<prefix>_add`, `_sub`, `_mul` (to, a, b), `_square` and `_neg` (to, a). Operands and results are settled elements;
 * `to` may be an operand.
 */
export function addFieldFunctions(module: WasmModule, prefix: string, field: Field): void {
  const binary = { to: 'i32', a: 'i32', b: 'i32' } as const;
  for (const operation of ['add', 'sub', 'mul'] as const) {
    module.function(`${prefix}_${operation}`, binary, undefined, (f, { to, a, b }) =>
      field.store(f, to, field.settle(f, field[operation](f, field.load(f, a), field.load(f, b)))),
    );
  }
  module.function(`${prefix}_square`, { to: 'i32', a: 'i32' }, undefined, (f, { to, a }) =>
    field.store(f, to, field.settle(f, field.square(f, field.load(f, a)))),
  );
  module.function(`${prefix}_neg`, { to: 'i32', a: 'i32' }, undefined, (f, { to, a }) =>
    field.store(f, to, field.settle(f, field.sub(f, field.constant(0n), field.load(f, a)))),
  );
}

/**
 * Adds functions of a prime field, after `addFieldFunctions`:
 * - `_fromBytes` (to, from, count): 32 bytes little-endian each, below 2^256, to settled elements;
 * - `_toBytes` (to, from, count): the inverse, canonical;
 * - `_convert` (to, from, count, factor): the same with the product by an element at `factor`, divided by R, instead;
 * - `_revert` (to, from, count, factor): `_toBytes` of that product;
 * - `_isZero` (a): 1 or 0, for settled elements;
 * - `_power<name>` (to, a, scratch) for each exponent: a raised to it; `inverse`, exponent p - 2, is always there (0 gives 0).
 */
export function addPrimeFieldFunctions(
  module: WasmModule,
  prefix: string,
  field: PrimeField,
  exponents: Readonly<Record<string, bigint>> = {},
): void {
  const arrays = { to: 'i32', from: 'i32', count: 'i32' } as const;
  module.function(`${prefix}_fromBytes`, arrays, undefined, (f, { to, from, count }) => {
    f.for(0, count, () => {
      const plain = field.unpack(f, from);
      field.store(f, to, field.settle(f, field.mul(f, plain, field.constant(field.one))));
      to.set(to.add(ELEMENT_BYTES));
      from.set(from.add(32));
    });
  });
  module.function(
    `${prefix}_convert`,
    { ...arrays, factor: 'i32' },
    undefined,
    (f, { to, from, count, factor }) => {
      const by = field.load(f, factor);
      f.for(0, count, () => {
        field.store(f, to, field.settle(f, field.mul(f, field.unpack(f, from), by)));
        to.set(to.add(ELEMENT_BYTES));
        from.set(from.add(32));
      });
    },
  );
  module.function(
    `${prefix}_revert`,
    { ...arrays, factor: 'i32' },
    undefined,
    (f, { to, from, count, factor }) => {
      const by = field.load(f, factor);
      f.for(0, count, () => {
        const product = field.mul(f, field.load(f, from), by);
        field.pack(f, to, field.canonical(f, product));
        to.set(to.add(32));
        from.set(from.add(ELEMENT_BYTES));
      });
    },
  );
  module.function(`${prefix}_toBytes`, arrays, undefined, (f, { to, from, count }) => {
    f.for(0, count, () => {
      field.pack(f, to, field.fromMontgomery(f, field.load(f, from)));
      to.set(to.add(32));
      from.set(from.add(ELEMENT_BYTES));
    });
  });
  module.function(`${prefix}_isZero`, { a: 'i32' }, 'i32', (f, { a }) => {
    const limbs = field.canonical(f, field.load(f, a));
    f.return(
      limbs
        .slice(1)
        .reduce((any, limb) => any.or(limb), limbs[0]!)
        .eqz(),
    );
  });
  addPower(module, `${prefix}_inverse`, prefix, field, field.modulus - 2n);
  for (const [name, exponent] of Object.entries(exponents))
    addPower(module, `${prefix}_power${name}`, prefix, field, exponent);
}

function addPower(
  module: WasmModule,
  name: string,
  prefix: string,
  field: PrimeField,
  exponent: bigint,
): void {
  const parameters = { to: 'i32', a: 'i32', scratch: 'i32' } as const;
  module.function(name, parameters, undefined, (f, { to, a, scratch }) => {
    const entry = (index: Value): Value => scratch.add(index.mul(ELEMENT_BYTES));
    field.store(f, scratch, field.constant(1n));
    f.for(1, 1 << WINDOW, (index) => f.call(`${prefix}_mul`, entry(index), entry(index.sub(1)), a));
    field.store(f, to, field.constant(1n));
    // Digits from the highest; a 64-bit word of the exponent at a time.
    const words = [192n, 128n, 64n, 0n].map((shift) => (exponent >> shift) & 0xffff_ffff_ffff_ffffn);
    for (const word of words) {
      const bits = f.let(i64(word));
      f.for(0, 64 / WINDOW, () => {
        for (let bit = 0; bit < WINDOW; bit++) f.call(`${prefix}_square`, to, to);
        f.call(`${prefix}_mul`, to, to, entry(bits.shrU(64 - WINDOW).wrap()));
        bits.set(bits.shl(WINDOW));
      });
    }
  });
}
