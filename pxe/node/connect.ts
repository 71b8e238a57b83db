import type { Address } from 'viem';
import type { L1Client } from '../../l1/client.ts';
import { rollupAddress } from '../../l1/deploy/deployment-file.ts';
import type { RollupInfo } from '../../l1/rollup-info.ts';
import type { Prover } from '../../prover/prover.ts';
import { SequencerClient } from '../../rpc/client.ts';
import { Azalea } from '../client/azalea.ts';
import { Pxe, type PxeOptions } from '../pxe.ts';
import { memoryBackend } from '../store/backend.ts';
import { L1NoteSource } from '../sync/l1-note-source.ts';
import { FetchingProver } from './fetching-prover.ts';
import { lmdbBackend } from './lmdb-backend.ts';
import type { FetchKeysOptions } from './proving-keys.ts';
import { workerScanner } from './worker-scanner.ts';

export interface ConnectOptions extends Omit<PxeOptions, 'l1' | 'rollup'> {
  /** JSON-RPC endpoint of L1, or several: the next one serves when one does not. */
  readonly l1: string | readonly string[];
  /** The rollup contract, or the file that `azalea rollup deploy` wrote; default: what the sequencer says, checked against L1. */
  readonly rollup?: Address | string;
  /** Directory of the encrypted store; without one everything is forgotten at the end. */
  readonly store?: string;
  /** Proofs made at the same time; default 1: one proof uses all cores. */
  readonly proofProcesses?: number;
  /** Read records from L1 alone instead of the sequencer. */
  readonly notesFromL1?: boolean;
  /** Called while a proving key arrives: only when something is proven for the first time. */
  readonly onKeyDownload?: FetchKeysOptions['onProgress'];
  /** Called while the sequencer makes a proving key that nobody needed before. */
  readonly onKeyBuilding?: FetchKeysOptions['onBuilding'];
}

/**
 * A client with a PXE in this process: store in a directory, proofs by snarkjs with keys that are fetched from the sequencer
 * when they are first needed. Errors: those of `Pxe.open`.
 */
export async function connect(options: ConnectOptions): Promise<Azalea> {
  const rollup = options.rollup === undefined ? undefined : rollupAddress(options.rollup);
  const backend = options.store === undefined ? memoryBackend() : lmdbBackend(options.store);
  const sequencer = new SequencerClient({ url: options.sequencer });
  const prover = ({ keys }: RollupInfo): Prover =>
    new FetchingProver(
      {
        keys,
        processes: options.proofProcesses,
        fetch: { onProgress: options.onKeyDownload, onBuilding: options.onKeyBuilding },
      },
      { sequencer },
    );
  const noteSource = options.notesFromL1
    ? (rollup: RollupInfo, client: L1Client) => new L1NoteSource({ rollup }, { client })
    : undefined;
  return new Azalea(
    await Pxe.open({ ...options, rollup }, { backend, prover, noteSource, scanner: workerScanner() }),
  );
}
