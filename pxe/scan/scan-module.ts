/**
 * The WebAssembly that a wallet scans with: x ladders, quadratic characters and the widths of Poseidon that trial decryption takes.
 * Scalars choose by masks only: no branch and no address depends on them. Proofs: docs/proofs/x-ladder.md and wasm-field.md.
 */
import { FIELD_MODULUS } from '../../protocol/constants.ts';
import { LADDER_BITS, QUARTER_OF_A } from '../../protocol/curve/x-ladder.ts';
import { HALF_FIELD } from '../../protocol/field.ts';
import { type Code, get, i32, i64, leave, loop, set } from '../../prover/wasm/code.ts';
import { LIMBS } from '../../prover/wasm/limbs.ts';
import { ModuleWriter } from '../../prover/wasm/module.ts';
import { addPrimeField, ELEMENT_BYTES } from '../../prover/wasm/prime-field.ts';
import { addPermutation } from './poseidon-module.ts';

/** The module's exports. Parameters are addresses of elements unless stated otherwise. */
export interface ScanExports {
  readonly memory: WebAssembly.Memory;
  mul(result: number, a: number, b: number): void;
  sqr(result: number, a: number): void;
  sum(result: number, a: number, b: number): void;
  /** a - b. */
  difference(result: number, a: number, b: number): void;
  copy(result: number, a: number): void;
  /** From and to 32 bytes little-endian, canonical. */
  enter(result: number, bytes: number): void;
  leave(bytes: number, a: number): void;
  /** u of the multiple, as result over the element behind it, of the point with u = `base`; the scalar has 32 bytes. */
  ladder(result: number, base: number, scalar: number): void;
  /** a^((r - 1) / 2): 1 for squares, 0 for 0, else -1. */
  character(result: number, a: number): void;
  permute9(state: number): void;
  permute3(state: number): void;
  permute2(state: number): void;
  output9(result: number, state: number, column: number): void;
  output3(result: number, state: number, column: number): void;
  output2(result: number, state: number, column: number): void;
}

export interface ScanModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** A field element in Montgomery form, as memory holds it. */
  readonly constant: (value: bigint) => Uint8Array;
  /** Addresses of the last linear layer's columns, by width. */
  readonly columns: Readonly<Record<9 | 3 | 2, readonly number[]>>;
  /** The start of the caller's memory. */
  readonly free: number;
}

/** @param freeBytes memory for the caller */
export function writeScanModule(freeBytes: number): ScanModule {
  const module = new ModuleWriter();
  const { constant } = addPrimeField(module, '', FIELD_MODULUS);
  addLadder(module, constant);
  addCharacter(module, constant);
  const columns = {
    9: addPermutation(module, 9, constant),
    3: addPermutation(module, 3, constant),
    2: addPermutation(module, 2, constant),
  };
  const free = module.reserve(freeBytes);
  return { bytes: module.bytes(), constant, columns, free };
}

/** The twin of `multiplyX` in protocol/curve/x-ladder.ts, without the divisions before and after. */
function addLadder(module: ModuleWriter, constant: (value: bigint) => Uint8Array): void {
  const element = (): Code => i32.const(module.reserve(ELEMENT_BYTES));
  const [x0, z0, x1, z1] = [element(), element(), element(), element()];
  const [sum0, difference0, sum1, difference1] = [element(), element(), element(), element()];
  const one = i32.const(module.reserve(constant(1n)));
  const quarterOfA = i32.const(module.reserve(constant(QUARTER_OF_A)));
  const call = (name: string, ...operands: Code[]): Code => module.call(name, ...operands);

  module.add('ladder', 3, (locals) => {
    const [bit, before, mask, difference] = locals.many(4);
    const step = locals.one('i32');
    /** Exchanges two elements if the mask is all ones, none if it is 0. */
    const exchange = (a: Code, b: Code): Code[] =>
      Array.from({ length: LIMBS }, (_, k) => [
        set(difference, i64.and(i64.xor(i64.load(a, 8 * k), i64.load(b, 8 * k)), get(mask))),
        i64.store(a, 8 * k, i64.xor(i64.load(a, 8 * k), get(difference))),
        i64.store(b, 8 * k, i64.xor(i64.load(b, 8 * k), get(difference))),
      ]).flat();
    const exchangeAll = [
      set(mask, i64.sub(i64.const(0), i64.xor(get(bit), get(before)))),
      ...exchange(x0, x1),
      ...exchange(z0, z1),
    ];
    const byte = i32.load8(i32.add(get(2), i32.shr(get(step), i32.const(3))));
    return [
      call('copy', x0, one),
      ...Array.from({ length: LIMBS }, (_, k) => i64.store(z0, 8 * k, i64.const(0))),
      call('copy', x1, get(1)),
      call('copy', z1, one),
      set(step, i32.const(LADDER_BITS)),
      loop(
        set(step, i32.sub(get(step), i32.const(1))),
        set(bit, i32.toI64(i32.and(i32.shr(byte, i32.and(get(step), i32.const(7))), i32.const(1)))),
        ...exchangeAll,
        set(before, get(bit)),
        call('sum', sum0, x0, z0),
        call('difference', difference0, x0, z0),
        call('sum', sum1, x1, z1),
        call('difference', difference1, x1, z1),
        call('mul', x1, difference0, sum1),
        call('mul', z1, sum0, difference1),
        call('sum', sum1, x1, z1),
        call('difference', difference1, x1, z1),
        call('sqr', x1, sum1),
        call('sqr', difference1, difference1),
        call('mul', z1, difference1, get(1)),
        call('sqr', sum0, sum0),
        call('sqr', difference0, difference0),
        call('mul', x0, sum0, difference0),
        call('difference', sum0, sum0, difference0),
        call('mul', z0, sum0, quarterOfA),
        call('sum', z0, z0, difference0),
        call('mul', z0, z0, sum0),
        leave(i32.isZero(get(step))),
      ),
      set(bit, i64.const(0)),
      ...exchangeAll,
      call('copy', get(0), x0),
      call('copy', i32.add(get(0), i32.const(ELEMENT_BYTES)), z0),
    ];
  });
}

const WINDOW_BITS = 4;

/** A power with a fixed exponent, in windows: reads and multiplications depend on the exponent alone. */
function addCharacter(module: ModuleWriter, constant: (value: bigint) => Uint8Array): void {
  const table = module.reserve((1 << WINDOW_BITS) * ELEMENT_BYTES);
  const power = (k: number): Code => i32.const(table + k * ELEMENT_BYTES);
  const one = i32.const(module.reserve(constant(1n)));
  const digits: number[] = [];
  for (let rest = HALF_FIELD; rest > 0n; rest >>= BigInt(WINDOW_BITS)) {
    digits.unshift(Number(rest & BigInt((1 << WINDOW_BITS) - 1)));
  }
  module.add('character', 2, () => {
    const code: Code[] = [module.call('copy', power(0), one)];
    for (let k = 1; k < 1 << WINDOW_BITS; k++) code.push(module.call('mul', power(k), power(k - 1), get(1)));
    code.push(module.call('copy', get(0), power(digits[0])));
    for (const digit of digits.slice(1)) {
      for (let bit = 0; bit < WINDOW_BITS; bit++) code.push(module.call('sqr', get(0), get(0)));
      code.push(module.call('mul', get(0), get(0), power(digit)));
    }
    return code;
  });
}
