declare module 'circomlibjs' {
  /** A Poseidon over BN254's scalar field; elements are Montgomery-form bytes, inputs may be bigint. */
  export interface Poseidon {
    (inputs: readonly bigint[], initialState: bigint, outputs: 1): Uint8Array;
    (inputs: readonly bigint[], initialState: bigint, outputs: number): Uint8Array[];
    readonly F: { toObject(element: Uint8Array): bigint };
  }
  export function buildPoseidon(): Promise<Poseidon>;
  /** Optimised matrices, field arithmetic call by call. */
  export function buildPoseidonOpt(): Promise<Poseidon>;
  /** The plain definition: full matrix in every round. */
  export function buildPoseidonReference(): Promise<Poseidon>;
}

declare module '*/circomlibjs/src/poseidon_constants_opt.js' {
  /** Constants for t = 2 .. 17, at index t - 2, as hexadecimal numbers. */
  const constants: {
    readonly C: readonly (readonly string[])[];
    readonly S: readonly (readonly string[])[];
    readonly M: readonly (readonly (readonly string[])[])[];
    readonly P: readonly (readonly (readonly string[])[])[];
  };
  export default constants;
}
