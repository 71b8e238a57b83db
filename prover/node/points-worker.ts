/** Worker thread: multiplies a generator by batches of scalars. Keeps the tables it has built. */
import { parentPort, workerData } from 'node:worker_threads';
import { Bn254Kernels, type Group } from '../kernels/bn254.ts';
import { FixedBase } from '../keys/fixed-base.ts';

export interface PointsRequest {
  readonly id: number;
  readonly group: Group;
  readonly scalars: Uint8Array<ArrayBuffer>;
}

export type PointsReply = { readonly id: number } & (
  | { readonly points: Uint8Array<ArrayBuffer> }
  | { readonly error: string }
);

const kernels = Bn254Kernels.create(workerData as WebAssembly.Module);
const tables: Partial<Record<Group, FixedBase>> = {};

parentPort!.on('message', async ({ id, group, scalars }: PointsRequest) => {
  try {
    const table = (tables[group] ??= new FixedBase(await kernels, group));
    const points = table.multiply(scalars);
    parentPort!.postMessage({ id, points } satisfies PointsReply, [points.buffer]);
  } catch (error) {
    parentPort!.postMessage({ id, error: String(error) } satisfies PointsReply);
  }
});
