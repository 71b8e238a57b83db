/**
 * Poseidon in plain bigint, for comparison only: circomlibjs's optimised constants (sparse matrices in the partial
 * rounds), sums reduced once. The WebAssembly build behind `permute` is faster.
 */
import { FIELD_MODULUS } from '../protocol/constants.ts';

interface Constants {
  readonly C: readonly (readonly string[])[];
  readonly S: readonly (readonly string[])[];
  readonly M: readonly (readonly (readonly string[])[])[];
  readonly P: readonly (readonly (readonly string[])[])[];
}

// circomlibjs does not export its constants; a path is enough for a benchmark.
const path = new URL('../node_modules/circomlibjs/src/poseidon_constants_opt.js', import.meta.url);
const { default: constants }: { default: Constants } = await import(path.href);

const FULL_ROUNDS = 8;
const PARTIAL_ROUNDS = [56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68];
const C = constants.C.map((row) => row.map(BigInt));
const S = constants.S.map((row) => row.map(BigInt));
const M = constants.M.map((matrix) => matrix.map((row) => row.map(BigInt)));
const P = constants.P.map((matrix) => matrix.map((row) => row.map(BigInt)));

function power5(x: bigint): bigint {
  const square = (x * x) % FIELD_MODULUS;
  return (((square * square) % FIELD_MODULUS) * x) % FIELD_MODULUS;
}

function mix(state: readonly bigint[], matrix: readonly (readonly bigint[])[]): bigint[] {
  return state.map((_, i) => {
    let sum = 0n;
    for (let j = 0; j < state.length; j++) sum += matrix[j][i] * state[j];
    return sum % FIELD_MODULUS;
  });
}

/** All elements of the permuted state. */
export function sparsePoseidon(input: readonly bigint[]): bigint[] {
  const t = input.length;
  const [c, s, m, p] = [C[t - 2], S[t - 2], M[t - 2], P[t - 2]];
  const partial = PARTIAL_ROUNDS[t - 2];
  let state = input.map((x, i) => x + c[i]);
  for (let round = 0; round < FULL_ROUNDS / 2; round++) {
    state = state.map((x, i) => power5(x) + c[(round + 1) * t + i]);
    state = mix(state, round < FULL_ROUNDS / 2 - 1 ? m : p);
  }
  for (let round = 0; round < partial; round++) {
    const at = (2 * t - 1) * round;
    const head = power5(state[0]) + c[(FULL_ROUNDS / 2 + 1) * t + round];
    let sum = s[at] * head;
    for (let k = 1; k < t; k++) {
      sum += s[at + k] * state[k];
      state[k] = (state[k] + head * s[at + t + k - 1]) % FIELD_MODULUS;
    }
    state[0] = sum % FIELD_MODULUS;
  }
  for (let round = 0; round < FULL_ROUNDS / 2 - 1; round++) {
    const at = (FULL_ROUNDS / 2 + 1) * t + partial + round * t;
    state = mix(
      state.map((x, i) => power5(x) + c[at + i]),
      m,
    );
  }
  return mix(state.map(power5), m);
}
