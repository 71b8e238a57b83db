/**
 * Additions of pairs of affine points that share one field inversion: 5 multiplications and a square each. Every special case
 * (doubling, opposite points, infinity) is recognised. Isomorphic.
 */
import { ELEMENT_BYTES, type Element, LIMB_BITS, LIMBS, type PrimeField } from './field.ts';
import { type Field, POWER_SCRATCH_BYTES } from './field-functions.ts';
import { QuadraticField } from './quadratic-field.ts';
import type { FunctionBuilder, Local, WasmModule } from './wasm.ts';
import { i32, i64, type Value } from './wasm-value.ts';

/** Pairs that share an inversion. */
export const BATCH = 2048;
/** Highest limb of x of the point at infinity; no element has it. */
export const INFINITY_LIMB = 0x7fff_ffff;
/** Set in a point's address: the point is meant negated. Addresses are multiples of four. */
export const NEGATED = 1;

/** What a pair needs. */
const KIND = { ordinary: 0, doubling: 1, left: 2, right: 3, infinity: 4 } as const;

/** Bytes of an affine point: x, y. */
export function pointBytes(field: Field): number {
  return 2 * field.bytes;
}

/** Bytes at `scratch` of `_addPairs`: accumulator, inverse, prefix products, kinds, room for the inversion. */
export function pairScratchBytes(field: Field): number {
  return 3 * field.bytes + BATCH * (field.bytes + 4) + POWER_SCRATCH_BYTES + 4 * ELEMENT_BYTES;
}

/**
 * Adds `<prefix>_addPairs` (pairs, count, to, scratch): pairs are two addresses each, with `NEGATED` in bit 0; sums go to
 * consecutive points at `to`. At most `BATCH` pairs. The field's functions have the same prefix as the curve.
 */
export function addBatchAddition(module: WasmModule, prefix: string, field: Field): void {
  const base = field instanceof QuadraticField ? field.base : field;
  const size = field.bytes;
  addFieldInverse(module, prefix, field, base);
  addClassify(module, prefix, field);

  const layout = { accumulator: 0, inverse: size, prefixes: 3 * size } as const;
  const kinds = layout.prefixes + BATCH * size;
  const room = kinds + 4 * BATCH;

  module.function(
    `${prefix}_addSpecial`,
    { kind: 'i32', left: 'i32', right: 'i32', to: 'i32', scratch: 'i32', before: 'i32' },
    undefined,
    (f, { kind, left, right, to, scratch, before }) => {
      f.if(kind.eq(KIND.infinity), () => {
        f.store32(to, i32(INFINITY_LIMB), 4 * (LIMBS - 1));
        f.return();
      });
      f.if(kind.ne(KIND.doubling), () => {
        const from = f.let(left.select(right, kind.eq(KIND.left)));
        copy(f, to, from.and(-4), size);
        const y = signed(f, field.load(f, from.and(-4), size), from);
        field.store(f, to, field.settle(f, y), size);
        f.return();
      });
      const accumulator = field.load(f, scratch, layout.accumulator);
      const inverse = field.mul(f, accumulator, field.load(f, before));
      const y = field.settle(f, signed(f, field.load(f, left.and(-4), size), left));
      const twice = field.settle(f, field.add(f, y, y));
      field.store(f, scratch, field.mul(f, accumulator, twice), layout.accumulator);
      const x = field.load(f, left.and(-4));
      const square = field.square(f, x);
      const triple = field.settle(f, field.add(f, field.add(f, square, square), square));
      finish(f, field, field.mul(f, triple, inverse), { x1: x, y1: y, x2: x }, to);
    },
  );

  module.function(
    `${prefix}_addPairs`,
    { pairs: 'i32', count: 'i32', to: 'i32', scratch: 'i32' },
    undefined,
    (f, { pairs, count, to, scratch }) => {
      const prefix0 = f.let(scratch.add(layout.prefixes));
      field.store(f, scratch, field.constant(1n), layout.inverse + size);
      // Product of all denominators before each pair: that of the first is 1, stored just before the others.
      const before = f.let(scratch.add(layout.inverse + size));
      f.for(0, count, (index) => {
        const pair = f.let(pairs.add(index.shl(3)));
        const [left, right] = [f.let(pair.load32(0)), f.let(pair.load32(4))];
        const x1 = field.load(f, left.and(-4));
        const x2 = field.load(f, right.and(-4));
        const denominator = field.sub(f, x2, x1);
        const kind = f.local('i32');
        kind.set(0);
        f.if(mayBeSpecial(f, base, denominator, x1, x2), () => {
          kind.set(f.value(`${prefix}_classify`, left, right));
          f.if(kind, () => {
            f.if(
              kind.eq(KIND.doubling),
              () => {
                const y = signed(f, field.load(f, left.and(-4), size), left);
                const twice = field.settle(f, field.add(f, y, y));
                assign(denominator, twice);
              },
              () => assign(denominator, field.constant(1n)),
            );
          });
        });
        f.store32(scratch.add(index.shl(2)), kind, kinds);
        const product = field.mul(f, denominator, field.load(f, before));
        before.set(prefix0.add(index.mul(size)));
        field.store(f, before, product);
      });
      f.call(`${prefix}_invert`, scratch.add(layout.accumulator), before, scratch.add(room));
      const index = f.let(count);
      f.while(
        () => index.ne(0),
        () => {
          index.set(index.sub(1));
          const pair = f.let(pairs.add(index.shl(3)));
          const [left, right] = [f.let(pair.load32(0)), f.let(pair.load32(4))];
          const out = f.let(to.add(index.mul(pointBytes(field))));
          before.set(prefix0.add(index.sub(1).mul(size)));
          const kind = f.let(scratch.add(index.shl(2)).load32(kinds));
          f.if(
            kind,
            () => f.call(`${prefix}_addSpecial`, kind, left, right, out, scratch, before),
            () => {
              const accumulator = field.load(f, scratch, layout.accumulator);
              const inverse = field.mul(f, accumulator, field.load(f, before));
              const x1 = field.load(f, left.and(-4));
              const x2 = field.load(f, right.and(-4));
              field.store(f, scratch, field.mul(f, accumulator, field.sub(f, x2, x1)), layout.accumulator);
              const y1 = signed(f, field.load(f, left.and(-4), size), left);
              const y2 = signed(f, field.load(f, right.and(-4), size), right);
              let rise = field.sub(f, y2, y1);
              // Signs can make it a sum, of factor 2: too much for Fq2.
              if (field instanceof QuadraticField) rise = field.settle(f, rise);
              finish(f, field, field.mul(f, rise, inverse), { x1, y1, x2 }, out);
            },
          );
        },
      );
    },
  );
}

/** x3 = slope^2 - x1 - x2, y3 = slope (x1 - x3) - y1, settled. */
function finish(
  f: FunctionBuilder,
  field: Field,
  slope: Element,
  { x1, y1, x2 }: Readonly<Record<'x1' | 'y1' | 'x2', Element>>,
  to: Value,
): void {
  const x3 = field.settle(f, field.sub(f, field.sub(f, field.square(f, slope), x1), x2));
  field.store(f, to, x3);
  const y3 = field.sub(f, field.mul(f, slope, field.sub(f, x1, x3)), y1);
  field.store(f, to, field.settle(f, y3), field.bytes);
}

/**
 * Whether x1 = x2 is possible modulo p, by the lowest limb (the difference of settled elements is -p, 0 or p), or a point is
 * infinite. Wrong in three of 2^29 cases.
 */
function mayBeSpecial(
  f: FunctionBuilder,
  base: PrimeField,
  difference: Element,
  x1: Element,
  x2: Element,
): Value {
  const mask = (1n << BigInt(LIMB_BITS)) - 1n;
  const p = base.modulus & mask;
  const low = f.let(difference[0]!.and(mask));
  return low
    .eqz()
    .or(low.eq(p))
    .or(low.eq(mask + 1n - p))
    .or(x1[LIMBS - 1]!.eq(INFINITY_LIMB))
    .or(x2[LIMBS - 1]!.eq(INFINITY_LIMB));
}

/** Adds `_classify` (left, right): the pair's kind. */
function addClassify(module: WasmModule, prefix: string, field: Field): void {
  const isZero = (f: FunctionBuilder, element: Element): Value => {
    // A sum or difference of two settled elements is within (-1.1 p, 2.1 p); signs take it to -2.1 p.
    const limbs = field.canonical(f, field.settle(f, element));
    return limbs
      .slice(1)
      .reduce((any, limb) => any.or(limb), limbs[0]!)
      .eqz();
  };
  module.function(`${prefix}_classify`, { left: 'i32', right: 'i32' }, 'i32', (f, { left, right }) => {
    const top = (address: Value): Value => address.and(-4).load32(4 * (LIMBS - 1));
    f.if(top(left).eq(INFINITY_LIMB), () => {
      f.return(i32(KIND.infinity).select(KIND.right, top(right).eq(INFINITY_LIMB)));
    });
    f.if(top(right).eq(INFINITY_LIMB), () => f.return(i32(KIND.left)));
    const x = field.sub(f, field.load(f, left.and(-4)), field.load(f, right.and(-4)));
    f.if(isZero(f, x).eqz(), () => f.return(i32(KIND.ordinary)));
    const y1 = signed(f, field.load(f, left.and(-4), field.bytes), left);
    const y2 = signed(f, field.load(f, right.and(-4), field.bytes), right);
    f.return(i32(KIND.infinity).select(KIND.doubling, isZero(f, field.add(f, y1, y2))));
  });
}

/** Adds `_invert` (to, a, scratch), 0 to 0. */
function addFieldInverse(module: WasmModule, prefix: string, field: Field, base: PrimeField): void {
  const parameters = { to: 'i32', a: 'i32', scratch: 'i32' } as const;
  module.function(`${prefix}_invert`, parameters, undefined, (f, { to, a, scratch }) => {
    const [first, second] = [scratch, f.let(scratch.add(2 * ELEMENT_BYTES))] as const;
    const room = f.let(scratch.add(4 * ELEMENT_BYTES));
    if (!(field instanceof QuadraticField)) {
      f.call('fq_inverse', to, a, room);
      return;
    }
    // 1 / (c0 + c1 u) = (c0 - c1 u) / (c0^2 + c1^2)
    const element = field.load(f, a);
    const [c0, c1] = [element.slice(0, LIMBS), element.slice(LIMBS)];
    const norm = base.settle(f, base.add(f, base.square(f, c0), base.square(f, c1)));
    base.store(f, first, norm);
    f.call('fq_inverse', second, first, room);
    const inverse = base.load(f, second);
    base.store(f, to, base.mul(f, c0, inverse));
    const negative = c1.map((limb) => i64(0n).sub(limb));
    base.store(f, to, base.mul(f, negative, inverse), ELEMENT_BYTES);
  });
}

/** Negated where the address says so. */
function signed(f: FunctionBuilder, element: Element, address: Value): Element {
  const mask = f.let(i64(0n).sub(address.and(NEGATED).extendU()));
  return element.map((limb) => f.let(limb.xor(mask).sub(mask)));
}

function assign(to: Element, from: Element): void {
  for (const [i, limb] of to.entries()) (limb as Local).set(from[i]!);
}

function copy(f: FunctionBuilder, to: Value, from: Value, bytes: number): void {
  for (let at = 0; at < bytes; at += 4) f.store32(to, from.load32(at), at);
}
