import { LADDER_BITS, QUARTER_OF_A } from '../../protocol/curve/x-ladder.ts';
import { ELEMENT_BYTES, type Element, type PrimeField } from '../../prover/kernels/field.ts';
import type { FunctionBuilder, WasmModule } from '../../prover/kernels/wasm.ts';
import { i32, i64, type Value } from '../../prover/kernels/wasm-value.ts';
import type { ModuleMemory } from './module-memory.ts';

/**
 * Adds `ladder` (result, base, scalar), the twin of `multiplyX` in protocol/curve/x-ladder.ts without the divisions before and after:
 * u of the multiple, as result over the element behind it, of the point with u = `base`. The scalar has 32 bytes. Scalars choose by
 * masks only. Bounds: docs/proofs/scan-kernels.md.
 */
export function addLadder(module: WasmModule, field: PrimeField, memory: ModuleMemory): void {
  const state = i32(memory.reserve(4 * ELEMENT_BYTES));
  const offsets = { x0: 0, z0: ELEMENT_BYTES, x1: 2 * ELEMENT_BYTES, z1: 3 * ELEMENT_BYTES } as const;

  // A function of its own, so that engines optimise it while a ladder runs.
  module.function('ladderStep', { base: 'i32', mask: 'i64' }, undefined, (f, { base, mask }) => {
    const [x0, x1] = exchanged(f, mask, field.load(f, state, offsets.x0), field.load(f, state, offsets.x1));
    const [z0, z1] = exchanged(f, mask, field.load(f, state, offsets.z0), field.load(f, state, offsets.z1));
    const sum0 = field.carry(f, field.add(f, x0, z0));
    const difference0 = field.sub(f, x0, z0);
    const left = field.mul(f, difference0, field.add(f, x1, z1));
    const right = field.mul(f, sum0, field.sub(f, x1, z1));
    field.store(f, state, field.square(f, field.carry(f, field.add(f, left, right))), offsets.x1);
    const other1 = field.square(f, field.sub(f, left, right));
    field.store(f, state, field.mul(f, other1, field.load(f, base)), offsets.z1);
    const square = field.square(f, sum0);
    const other = field.square(f, difference0);
    field.store(f, state, field.mul(f, square, other), offsets.x0);
    const four = field.sub(f, square, other);
    const factor = field.settle(
      f,
      four.map((limb, i) => f.let(limb.mul(QUARTER_OF_A).add(other[i]))),
    );
    field.store(f, state, field.mul(f, four, factor), offsets.z0);
  });

  const parameters = { result: 'i32', base: 'i32', scalar: 'i32' } as const;
  module.function('ladder', parameters, undefined, (f, { result, base, scalar }) => {
    const [one, zero] = [field.constant(1n), field.constant(0n)];
    field.store(f, state, one, offsets.x0);
    field.store(f, state, zero, offsets.z0);
    field.store(f, state, field.load(f, base), offsets.x1);
    field.store(f, state, one, offsets.z1);
    const before = f.local('i32');
    before.set(0);
    const mask = (bit: Value): Value => i64(0n).sub(bit.extendU());
    f.for(0, LADDER_BITS, (step) => {
      const at = f.let(i32(LADDER_BITS - 1).sub(step));
      const word = scalar.add(at.shrU(5).shl(2)).load32();
      const bit = f.let(word.shrU(at.and(31)).and(1));
      f.call('ladderStep', base, mask(bit.xor(before)));
      before.set(bit);
    });
    for (const [at, first, second] of [
      [0, offsets.x0, offsets.x1],
      [ELEMENT_BYTES, offsets.z0, offsets.z1],
    ] as const) {
      const pair = [field.load(f, state, first), field.load(f, state, second)] as const;
      field.store(f, result, field.settle(f, exchanged(f, mask(before), ...pair)[0]), at);
    }
  });
}

/** Two elements, exchanged if the mask is all ones, not if it is 0. */
function exchanged(f: FunctionBuilder, mask: Value, a: Element, b: Element): readonly [Element, Element] {
  const difference = a.map((limb, i) => f.let(limb.xor(b[i]).and(mask)));
  return [
    a.map((limb, i) => f.let(limb.xor(difference[i]))),
    b.map((limb, i) => f.let(limb.xor(difference[i]))),
  ];
}
