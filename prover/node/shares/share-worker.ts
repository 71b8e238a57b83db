/** Worker thread that owns a share of a proving key: gets scalars, gives sums. */
import { parentPort, workerData } from 'node:worker_threads';
import { KeyShare } from '../../groth16/key-share.ts';
import type { Slice } from '../../groth16/partition.ts';
import type { ProvingKey } from '../../groth16/proving-key.ts';
import { Bn254Kernels } from '../../kernels/bn254.ts';
import { openRange } from './file-range.ts';

export interface ShareWorkerData {
  readonly module: WebAssembly.Module;
  readonly file: string;
  readonly key: Pick<ProvingKey, 'sections'>;
  readonly slices: readonly Slice[];
}

export interface SumRequest {
  readonly slice: number;
  readonly scalars: Uint8Array<ArrayBuffer>;
}

const { module, file, key, slices } = workerData as ShareWorkerData;
const range = await openRange(file);
const share = await KeyShare.load(await Bn254Kernels.create(module), range.read, key, slices);
await range.close();

parentPort!.on('message', ({ slice, scalars }: SumRequest) => {
  const sum = share.sum(slice, scalars);
  scalars.fill(0);
  parentPort!.postMessage(sum, [sum.buffer]);
});
parentPort!.postMessage('ready');
