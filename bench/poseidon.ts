/**
 * Candidates for the permutation behind `protocol/hash/poseidon.ts`, in milliseconds per call: `node bench/poseidon.ts`.
 * Each is checked against the plain definition before it is timed.
 */
import { buildPoseidon, buildPoseidonOpt, buildPoseidonReference, type Poseidon } from 'circomlibjs';
import { FIELD_MODULUS } from '../protocol/constants.ts';
import { compress, permute } from '../protocol/hash/poseidon.ts';
import { sparsePoseidon } from './poseidon-bigint.ts';

const WIDTHS = [3, 5, 9, 17];
const SECONDS = 0.3;

type Candidate = (state: readonly bigint[]) => bigint;

const first =
  (poseidon: Poseidon): Candidate =>
  (state) =>
    poseidon.F.toObject(poseidon(state.slice(1), state[0], 1));

const reference = first(await buildPoseidonReference());
const candidates: Record<string, Candidate> = {
  'circomlibjs plain definition': reference,
  'circomlibjs optimised, call by call': first(await buildPoseidonOpt()),
  'own bigint, sparse matrices, lazy reduction': (state) => sparsePoseidon(state)[0],
  'circomlibjs WebAssembly': first(await buildPoseidon()),
  'protocol compress': (state) => compress(state[0], state.slice(1)),
  'protocol permute (all outputs)': (state) => permute(state)[0],
};

function millisecondsPerCall(run: Candidate, state: readonly bigint[]): number {
  for (let k = 0; k < 20; k++) run(state);
  const start = performance.now();
  let calls = 0;
  while (performance.now() - start < SECONDS * 1000) {
    for (let k = 0; k < 10; k++) run(state);
    calls += 10;
  }
  return (performance.now() - start) / calls;
}

const rows: Record<string, Record<string, number>> = {};
for (const [name, run] of Object.entries(candidates)) {
  rows[name] = {};
  for (const width of WIDTHS) {
    const state = Array.from({ length: width }, (_, k) => FIELD_MODULUS / BigInt(k + 3));
    if (run(state) !== reference(state)) throw new Error(`${name} is wrong at width ${width}`);
    rows[name][`t=${width}`] = Number(millisecondsPerCall(run, state).toFixed(4));
  }
}
console.table(rows);
