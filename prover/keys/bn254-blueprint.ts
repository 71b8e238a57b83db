/// <reference path="../ffjavascript.d.ts" />
import { buildBn128 } from 'ffjavascript';

/** All that a thread needs to compute with BN254; can be posted to a worker. */
export interface Bn254Blueprint {
  readonly module: WebAssembly.Module;
  /** Generators, Jacobian, Montgomery form. */
  readonly g1: Uint8Array;
  readonly g2: Uint8Array;
  /** roots[k] is a primitive 2^k-th root of unity of the scalar field, Montgomery form. The ones snarkjs uses. */
  readonly roots: readonly Uint8Array[];
}

let blueprint: Promise<Bn254Blueprint> | undefined;

/** Takes the code and the constants out of ffjavascript. Main thread only. */
export function bn254Blueprint(): Promise<Bn254Blueprint> {
  return (blueprint ??= (async () => {
    const curve = await buildBn128(true);
    return {
      module: await WebAssembly.compile(curve.tm.code),
      g1: curve.G1.g,
      g2: curve.G2.g,
      roots: curve.Fr.w,
    };
  })());
}
