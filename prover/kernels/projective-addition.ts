/**
 * Complete addition on y^2 = x^3 + b in homogeneous coordinates (Renes, Costello, Batina, eprint 2015/1060, algorithm 7):
 * right for all points of a group of odd order, doubling and infinity included. Infinity is (0 : 1 : 0). Isomorphic.
 */
import type { Field } from './field-functions.ts';
import type { WasmModule } from './wasm.ts';

/** Elements at `scratch`: 3b first, which the caller writes, then room. */
const SCRATCH_ELEMENTS = 10;

export function projectiveBytes(field: Field): number {
  return 3 * field.bytes;
}

export function projectiveScratchBytes(field: Field): number {
  return SCRATCH_ELEMENTS * field.bytes;
}

/** Adds `<prefix>_add3` (to, a, b, scratch) on points X, Y, Z; `to` may be an operand. */
export function addProjectiveAddition(
  module: WasmModule,
  prefix: string,
  fieldPrefix: string,
  field: Field,
): void {
  const parameters = { to: 'i32', a: 'i32', b: 'i32', scratch: 'i32' } as const;
  module.function(`${prefix}_add3`, parameters, undefined, (f, { to, a, b, scratch }) => {
    const at = (address: typeof to, index: number) => address.add(index * field.bytes);
    const [X1, Y1, Z1] = [0, 1, 2].map((k) => at(a, k)) as [typeof to, typeof to, typeof to];
    const [X2, Y2, Z2] = [0, 1, 2].map((k) => at(b, k)) as [typeof to, typeof to, typeof to];
    const [b3, t0, t1, t2, t3, t4, X3, Y3, Z3] = Array.from({ length: 9 }, (_, k) => at(scratch, k)) as [
      typeof to,
      typeof to,
      typeof to,
      typeof to,
      typeof to,
      typeof to,
      typeof to,
      typeof to,
      typeof to,
    ];
    const add = (r: typeof to, x: typeof to, y: typeof to) => f.call(`${fieldPrefix}_add`, r, x, y);
    const sub = (r: typeof to, x: typeof to, y: typeof to) => f.call(`${fieldPrefix}_sub`, r, x, y);
    const mul = (r: typeof to, x: typeof to, y: typeof to) => f.call(`${fieldPrefix}_mul`, r, x, y);
    mul(t0, X1, X2);
    mul(t1, Y1, Y2);
    mul(t2, Z1, Z2);
    add(t3, X1, Y1);
    add(t4, X2, Y2);
    mul(t3, t3, t4);
    add(t4, t0, t1);
    sub(t3, t3, t4);
    add(t4, Y1, Z1);
    add(X3, Y2, Z2);
    mul(t4, t4, X3);
    add(X3, t1, t2);
    sub(t4, t4, X3);
    add(X3, X1, Z1);
    add(Y3, X2, Z2);
    mul(X3, X3, Y3);
    add(Y3, t0, t2);
    sub(Y3, X3, Y3);
    add(X3, t0, t0);
    add(t0, X3, t0);
    mul(t2, b3, t2);
    add(Z3, t1, t2);
    sub(t1, t1, t2);
    mul(Y3, b3, Y3);
    mul(X3, t4, Y3);
    mul(t2, t3, t1);
    sub(X3, t2, X3);
    mul(Y3, Y3, t0);
    mul(t1, t1, Z3);
    add(Y3, t1, Y3);
    mul(t0, t0, t3);
    mul(Z3, Z3, t4);
    add(Z3, Z3, t0);
    for (const [k, from] of [X3, Y3, Z3].entries()) field.store(f, at(to, k), field.load(f, from));
  });
}
