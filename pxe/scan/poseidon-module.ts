/// <reference path="../../protocol/hash/circomlibjs.d.ts" />
import poseidonConstants from '../../node_modules/circomlibjs/src/poseidon_constants_opt.js';
import { joined } from '../../prover/wasm/binary.ts';
import { type Code, get, i32 } from '../../prover/wasm/code.ts';
import type { ModuleWriter } from '../../prover/wasm/module.ts';
import { ELEMENT_BYTES } from '../../prover/wasm/prime-field.ts';

const FULL_ROUNDS = 8;

/**
 * Adds two functions and returns the columns' addresses:
 * - `permute<t>(state)`, circomlib's Poseidon permutation of width t as in protocol/hash/poseidon.ts, up to its last linear
 *   layer;
 * - `output<t>(result, state, column)`, which computes one element of that layer.
 */
export function addPermutation(
  module: ModuleWriter,
  width: number,
  constant: (value: bigint) => Uint8Array,
): readonly number[] {
  const place = (values: readonly string[]): number =>
    module.reserve(joined(values.map((value) => constant(BigInt(value)))));
  const { C, S, M, P } = poseidonConstants;
  const [additions, sparse, full, middle] = [C[width - 2], S[width - 2], M[width - 2], P[width - 2]];
  const partialRounds = sparse.length / (2 * width - 1);
  const additionsAt = place(additions);
  const sparseAt = place(sparse);
  const columnsOf = (matrix: readonly (readonly string[])[]): number[] =>
    matrix.map((_, i) => place(matrix.map((row) => row[i])));
  const fullAt = columnsOf(full);
  const middleAt = columnsOf(middle);
  const scratch = module.reserve(width * ELEMENT_BYTES);
  const power = i32.const(module.reserve(ELEMENT_BYTES));

  const inState = (i: number): Code => i32.add(get(0), i32.const(i * ELEMENT_BYTES));
  const inScratch = (i: number): Code => i32.const(scratch + i * ELEMENT_BYTES);
  const added = (k: number): Code => i32.const(additionsAt + k * ELEMENT_BYTES);
  const entry = (k: number): Code => i32.const(sparseAt + k * ELEMENT_BYTES);

  module.add(`permute${width}`, 1, () => {
    const code: Code[] = [];
    const call = (name: string, ...operands: Code[]): void => void code.push(module.call(name, ...operands));
    const fifthPower = (result: Code, element: Code): void => {
      call('sqr', power, element);
      call('sqr', power, power);
      call('mul', result, element, power);
    };
    let [here, there] = [inState, inScratch];
    const layer = (columns: readonly number[]): void => {
      for (let i = 0; i < width; i++) call('dot', there(i), here(0), i32.const(columns[i]), i32.const(width));
      [here, there] = [there, here];
    };
    let next = 0;
    const fullRound = (columns: readonly number[]): void => {
      for (let i = 0; i < width; i++) {
        fifthPower(here(i), here(i));
        call('sum', here(i), here(i), added(next++));
      }
      layer(columns);
    };
    for (let i = 0; i < width; i++) call('sum', here(i), here(i), added(next++));
    for (let round = 1; round < FULL_ROUNDS / 2; round++) fullRound(fullAt);
    fullRound(middleAt);
    for (let round = 0; round < partialRounds; round++) {
      const base = (2 * width - 1) * round;
      fifthPower(here(0), here(0));
      call('sum', here(0), here(0), added(next++));
      call('dot', there(0), here(0), entry(base), i32.const(width));
      for (let k = 1; k < width; k++) {
        call('mul', power, here(0), entry(base + width + k - 1));
        call('sum', here(k), here(k), power);
      }
      call('copy', here(0), there(0));
    }
    for (let round = 1; round < FULL_ROUNDS / 2; round++) fullRound(fullAt);
    // Seven layers came before, so the state is in the scratch memory.
    for (let i = 0; i < width; i++) fifthPower(inState(i), inScratch(i));
    return code;
  });
  module.add(`output${width}`, 3, () => [module.call('dot', get(0), get(1), get(2), i32.const(width))]);
  return fullAt;
}
