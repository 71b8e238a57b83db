/** Field kernels against bigint, at the limits that docs/proofs/field-kernels.md gives. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FIELD_MODULUS } from '../../../../protocol/constants.ts';
import { BASE_FIELD_MODULUS } from '../../../../protocol/proof.ts';
import {
  ELEMENT_BYTES,
  type Element,
  LIMB_BITS,
  LIMBS,
  PrimeField,
} from '../../../../prover/kernels/field.ts';
import {
  addFieldFunctions,
  addPrimeFieldFunctions,
  type Field,
  POWER_SCRATCH_BYTES,
} from '../../../../prover/kernels/field-functions.ts';
import { QuadraticField } from '../../../../prover/kernels/quadratic-field.ts';
import { type FunctionBuilder, WasmModule } from '../../../../prover/kernels/wasm.ts';

const R = 1n << 261n;
const fq = new PrimeField(BASE_FIELD_MODULUS);
const fr = new PrimeField(FIELD_MODULUS);
const fq2 = new QuadraticField(fq);

type Run = (to: number, ...operands: number[]) => number;
const memory = new WebAssembly.Memory({ initial: 2 });

function instantiate(module: WasmModule): Record<string, Run> {
  const compiled = new WebAssembly.Module(module.bytes());
  return new WebAssembly.Instance(compiled, { env: { memory } }).exports as Record<string, Run>;
}

const words = () => new BigInt64Array(memory.buffer);

/** A module with one function (to, a, b) on wide elements of one or two halves. */
function wide(halves: number, apply: (f: FunctionBuilder, a: Element, b: Element) => Element): Run {
  const module = new WasmModule();
  module.function('run', { to: 'i32', a: 'i32', b: 'i32' }, undefined, (f, { to, a, b }) => {
    const load = (address: typeof a): Element =>
      Array.from({ length: halves * LIMBS }, (_, i) => f.let(address.load64(8 * i)));
    for (const [i, limb] of apply(f, load(a), load(b)).entries()) f.store64(to, limb, 8 * i);
  });
  return instantiate(module).run!;
}

const integer = (limbs: readonly bigint[]): bigint =>
  limbs.reduce((sum, limb, i) => sum + (limb << BigInt(LIMB_BITS * i)), 0n);
const mod = (value: bigint, p: bigint): bigint => ((value % p) + p) % p;

function apply(run: Run, a: readonly bigint[], b: readonly bigint[]): bigint[] {
  words().set(a, 128);
  words().set(b, 256);
  run(8 * 384, 8 * 128, 8 * 256);
  return [...words().slice(384, 384 + a.length)];
}

/** Limbs within +-factor * 2^29, the value within +-2^256: its highest limb within 2^24. Often at the limits. */
function limbs(factor: bigint): fc.Arbitrary<bigint[]> {
  const limit = factor << 29n;
  const within = (bound: bigint) =>
    fc.oneof(
      fc.constantFrom(-bound + 1n, bound - 1n, 0n, 1n, -1n),
      fc.bigInt({ min: -bound + 1n, max: bound - 1n }),
    );
  const extreme = fc.constantFrom(limit - 1n, -limit + 1n).map((limb) => Array<bigint>(8).fill(limb));
  return fc
    .tuple(
      fc.oneof(extreme, fc.array(within(limit), { minLength: 8, maxLength: 8 })),
      within((1n << 24n) - 4n),
    )
    .map(([low, top]) => [...low, top]);
}

/** |value| < p / 5.8 below zero, 2.2 p above: what `reduce` promises. */
function assertReduced(result: readonly bigint[], p: bigint): void {
  const value = integer(result);
  assert.ok(6n * value > -p - 6n && 10n * value < 22n * p, `value ${value}`);
  for (const limb of result.slice(0, 8)) assert.ok(limb >= 0n && limb < 1n << 29n, `limb ${limb}`);
}

for (const [name, field] of [
  ['Fq', fq],
  ['Fr', fr],
] as const) {
  const p = field.modulus;
  const rInverse = modInverse(R % p, p);

  describe(`${name}, inline`, () => {
    for (const [left, right] of [
      [1n, 1n],
      [2n, 1n],
      [1n, 2n],
    ] as const) {
      it(`multiplies limbs within ${left} and ${right} times 2^29`, () => {
        const run = wide(1, (f, a, b) => field.mul(f, a, b));
        fc.assert(
          fc.property(limbs(left), limbs(right), (a, b) => {
            const result = apply(run, a, b);
            assert.equal(mod(integer(result), p), mod(integer(a) * integer(b) * rInverse, p));
            assertReduced(result, p);
          }),
          { numRuns: 300 },
        );
      });
    }

    it('squares', () => {
      const run = wide(1, (f, a) => field.square(f, a));
      fc.assert(
        fc.property(limbs(1n), (a) => {
          const result = apply(run, a, a);
          assert.equal(mod(integer(result), p), mod(integer(a) ** 2n * rInverse, p));
          assertReduced(result, p);
        }),
        { numRuns: 300 },
      );
    });

    it('multiplies and squares with all limbs at their limits, every sign', () => {
      const mul = wide(1, (f, a, b) => field.mul(f, a, b));
      const square = wide(1, (f, a) => field.square(f, a));
      const all = (limb: bigint, top: bigint): bigint[] => [...Array<bigint>(8).fill(limb), top];
      const top = (1n << 24n) - 4n;
      const full = (1n << 30n) - 2n;
      const one = (1n << 29n) - 1n;
      for (const a of [all(full, top), all(-full, -top), all(full, -top), all(-full, top)]) {
        for (const b of [all(one, top), all(-one, -top), all(one, -top), all(-one, top)]) {
          for (const [x, y] of [
            [a, b],
            [b, a],
          ] as const)
            assert.equal(mod(integer(apply(mul, x, y)), p), mod(integer(x) * integer(y) * rInverse, p));
          assert.equal(mod(integer(apply(square, b, b)), p), mod(integer(b) ** 2n * rInverse, p));
        }
      }
    });

    it('settles limbs up to 2^32', () => {
      const run = wide(1, (f, a) => field.settle(f, a));
      fc.assert(
        fc.property(limbs(8n), fc.bigInt({ min: -(1n << 27n), max: 1n << 27n }), (low, top) => {
          const a = [...low.slice(0, 8), top];
          const result = apply(run, a, a);
          assert.equal(mod(integer(result), p), mod(integer(a), p));
          assert.ok(integer(result) << 12n > -p && (integer(result) - p) << 12n < p, String(integer(result)));
        }),
        { numRuns: 500 },
      );
    });

    it('finds the canonical value in (-p, 3p)', () => {
      const run = wide(1, (f, a) => field.canonical(f, a));
      const split = (value: bigint): bigint[] =>
        Array.from({ length: 9 }, (_, i) =>
          i === 8 ? value >> 232n : (value >> BigInt(29 * i)) & ((1n << 29n) - 1n),
        );
      const near = [-p + 1n, -1n, 0n, 1n, p - 1n, p, p + 1n, 2n * p - 1n, 2n * p, 2n * p + 1n, 3n * p - 1n];
      for (const value of near) {
        assert.equal(integer(apply(run, split(value), split(value))), mod(value, p), String(value));
      }
    });
  });

  describe(`${name}, functions`, () => {
    const module = new WasmModule();
    addFieldFunctions(module, 'f', field);
    addPrimeFieldFunctions(module, 'f', field, { Half: (p - 1n) / 2n });
    const call = instantiate(module);
    const [A, B, C, SCRATCH, BYTES] = [4096, 4196, 4296, 8192, 8192 + POWER_SCRATCH_BYTES] as const;
    const write = (at: number, value: bigint): void => {
      putBytes(value);
      call.f_fromBytes!(at, BYTES, 1);
    };
    const putBytes = (value: bigint): void => {
      for (let k = 0; k < 32; k++)
        new Uint8Array(memory.buffer)[BYTES + k] = Number((value >> BigInt(8 * k)) & 255n);
    };
    const read = (at: number): bigint => {
      call.f_toBytes!(BYTES, at, 1);
      return new Uint8Array(memory.buffer, BYTES, 32).reduceRight(
        (sum, byte) => (sum << 8n) | BigInt(byte),
        0n,
      );
    };
    const element = fc.oneof(
      fc.constantFrom(0n, 1n, 2n, p - 1n, p - 2n, (1n << 253n) - 1n),
      fc.bigInt({ min: 0n, max: p - 1n }),
    );

    it('agree with integers modulo p', () => {
      fc.assert(
        fc.property(element, element, (a, b) => {
          write(A, a);
          write(B, b);
          assert.equal(read(A), a);
          const expected = { add: a + b, sub: a - b, mul: a * b };
          for (const [name, value] of Object.entries(expected)) {
            call[`f_${name}`]!(C, A, B);
            assert.equal(read(C), mod(value, p), name);
          }
          call.f_square!(C, A);
          assert.equal(read(C), mod(a * a, p));
          call.f_neg!(C, A);
          assert.equal(read(C), mod(-a, p));
          assert.equal(call.f_isZero!(A), a === 0n ? 1 : 0);
        }),
        { numRuns: 200 },
      );
    });

    it('take any 32 bytes', () => {
      for (const value of [p, p + 1n, 2n * p, 5n * p, (1n << 256n) - 1n]) {
        write(A, value);
        assert.equal(read(A), mod(value, p));
      }
    });

    it('invert, 0 to 0, and raise to a power', () => {
      for (const a of [0n, 1n, 2n, p - 1n, 12345678901234567890n, p >> 1n]) {
        write(A, a);
        call.f_inverse!(C, A, SCRATCH);
        assert.equal(mod(read(C) * a, p), a === 0n ? 0n : 1n);
        call.f_powerHalf!(C, A, SCRATCH);
        assert.ok([0n, 1n, p - 1n].includes(read(C)));
      }
      write(A, 4n);
      call.f_powerHalf!(A, A, SCRATCH);
      assert.equal(read(A), 1n);
    });

    it('stay settled under repeated use', () => {
      write(A, p - 1n);
      write(B, p - 2n);
      let [a, b] = [p - 1n, p - 2n];
      for (let k = 0; k < 100; k++) {
        call.f_sub!(A, A, B);
        call.f_add!(B, B, A);
        call.f_mul!(A, A, B);
        a = mod(a - b, p);
        b = mod(b + a, p);
        a = mod(a * b, p);
      }
      assert.equal(read(A), a);
      assert.equal(read(B), b);
    });
  });
}

describe('Fq2, inline', () => {
  const p = BASE_FIELD_MODULUS;
  const rInverse = modInverse(R % p, p);
  const halves = (a: readonly bigint[]) => [integer(a.slice(0, LIMBS)), integer(a.slice(LIMBS))] as const;
  /** Within +-2.34 p, the difference of two reduced values. */
  const element = fc
    .tuple(limbs(1n), limbs(1n), fc.bigInt({ min: -7_400_000n, max: 7_400_000n }), fc.boolean())
    .map(([c0, c1, top, same]) => [
      ...c0.slice(0, 8),
      top,
      ...(same ? c0 : c1).slice(0, 8),
      same ? top : -top,
    ]);

  it('multiplies and squares differences', () => {
    const mul = wide(2, (f, a, b) => fq2.mul(f, a, b));
    const square = wide(2, (f, a) => fq2.square(f, a));
    const check = (a: readonly bigint[], b: readonly bigint[]): void => {
      const [a0, a1] = halves(a);
      const [b0, b1] = halves(b);
      const [c0, c1] = halves(apply(mul, a, b));
      assert.equal(mod(c0, p), mod((a0 * b0 - a1 * b1) * rInverse, p));
      assert.equal(mod(c1, p), mod((a0 * b1 + a1 * b0) * rInverse, p));
      const [s0, s1] = halves(apply(square, a, a));
      assert.equal(mod(s0, p), mod((a0 * a0 - a1 * a1) * rInverse, p));
      assert.equal(mod(s1, p), mod(2n * a0 * a1 * rInverse, p));
      for (const half of [0, LIMBS]) {
        assertReduced(apply(mul, a, b).slice(half, half + LIMBS), p);
        assertReduced(apply(square, a, a).slice(half, half + LIMBS), p);
      }
    };
    fc.assert(fc.property(element, element, check), { numRuns: 300 });
    const most = (1n << 29n) - 1n;
    for (const signs of Array.from({ length: 16 }, (_, k) =>
      [0, 1, 2, 3].map((bit) => BigInt(1 - 2 * ((k >> bit) & 1))),
    )) {
      const half = (sign: bigint) => [...Array<bigint>(8).fill(sign * most), sign * 7_400_000n];
      check([...half(signs[0]), ...half(signs[1])], [...half(signs[2]), ...half(signs[3])]);
    }
  });

  it('has functions that keep elements settled', () => {
    const module = new WasmModule();
    addFieldFunctions(module, 'f', fq2 as Field);
    const call = instantiate(module);
    const [A, B] = [4096, 4096 + 2 * ELEMENT_BYTES];
    // (1 + u)^2 = 2u, in Montgomery form throughout.
    const put = (at: number, value: bigint) => {
      for (let i = 0; i < LIMBS; i++)
        new Uint32Array(memory.buffer)[at / 4 + i] = Number((value >> BigInt(29 * i)) & ((1n << 29n) - 1n));
    };
    put(A, R % p);
    put(A + ELEMENT_BYTES, R % p);
    call.f_square!(B, A);
    call.f_add!(A, A, A);
    call.f_sub!(A, A, B);
    call.f_mul!(B, A, A);
    call.f_neg!(B, B);
    call.f_add!(B, B, A);
    // A = 2 + 2u - 2u = 2; B = -4 + 2 = -2.
    call.f_add!(B, B, A);
    const half = (at: number) =>
      integer([...new Int32Array(memory.buffer, at, LIMBS)].map((limb) => BigInt(limb)));
    assert.equal(mod(half(B), p), 0n);
    assert.equal(mod(half(B + ELEMENT_BYTES), p), 0n);
  });
});

describe('the emitter', () => {
  it('gives the same bytes every time', () => {
    const build = () => {
      const module = new WasmModule();
      addFieldFunctions(module, 'f', fq2 as Field);
      return module.bytes();
    };
    assert.deepEqual(build(), build());
  });

  it('refuses unknown functions, wrong arities and mixed types', () => {
    const module = new WasmModule();
    module.function('one', { a: 'i32' }, undefined, () => {});
    assert.throws(() => module.invoke('two', []), RangeError);
    assert.throws(() => module.invoke('one', []), RangeError);
    assert.throws(() => module.function('one', {}, undefined, () => {}), RangeError);
    module.function('mixed', { a: 'i32', b: 'i64' }, undefined, (_f, { a, b }) =>
      assert.throws(() => a.add(b), TypeError),
    );
  });
});

function modInverse(a: bigint, p: bigint): bigint {
  let [r0, r1, t0, t1] = [p, a, 0n, 1n];
  while (r1 !== 0n) [r0, r1, t0, t1] = [r1, r0 % r1, t1, t0 - (r0 / r1) * t1];
  return mod(t0, p);
}
