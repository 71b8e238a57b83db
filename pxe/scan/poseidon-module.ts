/// <reference path="../../protocol/hash/circomlibjs.d.ts" />
import poseidonConstants from '../../node_modules/circomlibjs/src/poseidon_constants_opt.js';
import { ELEMENT_BYTES, type Element, LIMBS, type PrimeField } from '../../prover/kernels/field.ts';
import type { FunctionBuilder, Local, WasmModule } from '../../prover/kernels/wasm.ts';
import { i32, type Value } from '../../prover/kernels/wasm-value.ts';
import type { ModuleMemory } from './module-memory.ts';

const FULL_ROUNDS = 8;
/** Products that signed columns hold before their carries. */
const COLUMN_PRODUCTS = 3;

/**
 * Adds what permutations are made of. Lanes of the state are carried, not settled: bounds in docs/proofs/scan-kernels.md.
 * - `fifth` (to, a, addend): a^5 plus an element;
 * - `dot` (to, a, b, count): the sum of products of consecutive elements;
 * - `spread` (lanes, factor, constants, count): adds to each lane the factor times its constant;
 * - `settledDot`: `dot`, settled.
 */
export function addPermutationParts(module: WasmModule, field: PrimeField): void {
  module.function('fifth', { to: 'i32', a: 'i32', addend: 'i32' }, undefined, (f, { to, a, addend }) => {
    const x = field.load(f, a);
    const fourth = field.square(f, field.square(f, x));
    field.store(f, to, reducedSum(f, field, field.product(f, x, fourth), field.load(f, addend)));
  });

  const dot = { to: 'i32', a: 'i32', b: 'i32', count: 'i32' } as const;
  for (const name of ['dot', 'settledDot'] as const) {
    module.function(name, dot, undefined, (f, { to, a, b, count }) => {
      const columns = Array.from({ length: 2 * LIMBS }, () => f.local('i64'));
      for (const column of columns) column.set(0);
      const room = f.local('i32');
      room.set(COLUMN_PRODUCTS);
      f.while(
        () => count,
        () => {
          for (const [k, term] of field.product(f, field.load(f, a), field.load(f, b)).entries()) {
            columns[k].set(columns[k].add(term));
          }
          a.set(a.add(ELEMENT_BYTES));
          b.set(b.add(ELEMENT_BYTES));
          count.set(count.sub(1));
          room.set(room.sub(1));
          f.if(room.eqz(), () => {
            for (const [k, limb] of carriedColumns(f, columns).entries()) columns[k].set(limb);
            room.set(COLUMN_PRODUCTS);
          });
        },
      );
      const sum = field.reduce(f, columns);
      field.store(f, to, name === 'dot' ? sum : field.settle(f, sum));
    });
  }

  const spread = { lanes: 'i32', factor: 'i32', constants: 'i32', count: 'i32' } as const;
  module.function('spread', spread, undefined, (f, { lanes, factor, constants, count }) => {
    const by = field.load(f, factor);
    f.while(
      () => count,
      () => {
        const product = field.product(f, by, field.load(f, constants));
        field.store(f, lanes, reducedSum(f, field, product, field.load(f, lanes)));
        lanes.set(lanes.add(ELEMENT_BYTES));
        constants.set(constants.add(ELEMENT_BYTES));
        count.set(count.sub(1));
      },
    );
  });
}

/** The reduced product plus an element: what stands nine columns up is not divided by R away. */
function reducedSum(
  f: FunctionBuilder,
  field: PrimeField,
  columns: readonly Value[],
  addend: Element,
): Element {
  const high = addend.map((limb, i) => {
    const column = columns[LIMBS + i];
    return column === undefined ? limb : column.add(limb);
  });
  return field.reduce(f, [...columns.slice(0, LIMBS), ...high]);
}

/** Columns with their carries moved up; the highest keeps the rest. */
function carriedColumns(f: FunctionBuilder, columns: readonly Local[]): Value[] {
  const mask = (1n << 29n) - 1n;
  const out: Value[] = [];
  let above: Value = columns[0];
  for (let k = 0; k < columns.length - 1; k++) {
    const whole = f.let(above);
    out.push(f.let(whole.and(mask)));
    above = columns[k + 1].add(whole.shrS(29));
  }
  out.push(f.let(above));
  return out;
}

/**
 * Adds `permute<width>` (state) and returns the addresses of the last linear layer's columns: circomlib's Poseidon permutation as in
 * protocol/hash/poseidon.ts, up to that layer. `settledDot` of the state and a column gives one element of it.
 */
export function addPermutation(module: WasmModule, memory: ModuleMemory, width: number): readonly number[] {
  const place = (values: readonly string[]): number => memory.constants(values.map(BigInt));
  const { C, S, M, P } = poseidonConstants;
  const [additions, sparse, full, middle] = [C[width - 2], S[width - 2], M[width - 2], P[width - 2]];
  /** Constants of a partial round: the row of its first lane, the column of the others. */
  const roundConstants = 2 * width - 1;
  const partialRounds = sparse.length / roundConstants;
  const additionsAt = place(additions);
  const sparseAt = place(sparse);
  /** The columns, one behind the other. */
  const columnsOf = (matrix: readonly (readonly string[])[]): number =>
    place(matrix.flatMap((_, i) => matrix.map((row) => row[i])));
  const fullAt = columnsOf(full);
  const middleAt = columnsOf(middle);
  const zero = i32(memory.constants([0n]));
  const scratch = i32(memory.reserve(width * ELEMENT_BYTES));
  const laneBytes = width * ELEMENT_BYTES;

  const round = { state: 'i32', addition: 'i32', columns: 'i32' } as const;
  module.function(`fullRound${width}`, round, undefined, (f, { state, addition, columns }) => {
    f.for(
      0,
      laneBytes,
      (at) => f.call('fifth', scratch.add(at), state.add(at), addition.add(at)),
      ELEMENT_BYTES,
    );
    f.for(
      0,
      laneBytes,
      (at) => f.call('dot', state.add(at), scratch, columns.add(at.mul(width)), width),
      ELEMENT_BYTES,
    );
  });
  module.function(`permute${width}`, { state: 'i32' }, undefined, (f, { state }) => {
    const addition = f.let(i32(additionsAt));
    f.for(
      0,
      laneBytes,
      (at) => f.call('fr_add', state.add(at), state.add(at), addition.add(at)),
      ELEMENT_BYTES,
    );
    const fullRounds = (count: number, columns: number): void =>
      f.for(0, count, () => {
        addition.set(addition.add(laneBytes));
        f.call(`fullRound${width}`, state, addition, i32(columns));
      });
    fullRounds(FULL_ROUNDS / 2 - 1, fullAt);
    fullRounds(1, middleAt);
    addition.set(addition.add(laneBytes));
    const constants = f.let(i32(sparseAt));
    const rest = state.add(ELEMENT_BYTES);
    f.for(0, partialRounds, () => {
      f.call('fifth', state, state, addition);
      f.call('dot', scratch, state, constants, width);
      f.call('spread', rest, state, constants.add(laneBytes), width - 1);
      for (let at = 0; at < ELEMENT_BYTES; at += 4) f.store32(state, scratch.load32(at), at);
      addition.set(addition.add(ELEMENT_BYTES));
      constants.set(constants.add(roundConstants * ELEMENT_BYTES));
    });
    addition.set(addition.sub(laneBytes));
    fullRounds(FULL_ROUNDS / 2 - 1, fullAt);
    f.for(0, laneBytes, (at) => f.call('fifth', state.add(at), state.add(at), zero), ELEMENT_BYTES);
  });
  return Array.from({ length: width }, (_, k) => fullAt + k * laneBytes);
}
