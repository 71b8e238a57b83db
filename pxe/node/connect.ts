import type { Address } from 'viem';
import type { L1Client } from '../../l1/client.ts';
import type { RollupInfo } from '../../l1/rollup-info.ts';
import { SnarkjsProver } from '../../prover/node/snarkjs-prover.ts';
import { SequencerClient } from '../../rpc/client.ts';
import { Azalea } from '../client/azalea.ts';
import { Pxe, type PxeOptions } from '../pxe.ts';
import { memoryBackend } from '../store/backend.ts';
import { L1NoteSource } from '../sync/l1-note-source.ts';
import { lmdbBackend } from './lmdb-backend.ts';
import { type FetchKeysOptions, fetchTransitionKey } from './proving-keys.ts';

export interface ConnectOptions extends Omit<PxeOptions, 'l1'> {
  /** JSON-RPC endpoint of L1. */
  readonly l1: string;
  readonly rollup?: Address;
  /** Directory of the encrypted store; without one everything is forgotten at the end. */
  readonly store?: string;
  /** Proofs made at the same time; default 1: one proof uses all cores. */
  readonly proofProcesses?: number;
  /** Read records from L1 alone instead of the sequencer. */
  readonly notesFromL1?: boolean;
  readonly onKeyDownload?: FetchKeysOptions['onProgress'];
}

/**
 * A client with a PXE in this process: keys from the sequencer, store in a directory, proofs by snarkjs.
 * Errors: those of `Pxe.open` and `fetchTransitionKey`.
 */
export async function connect(options: ConnectOptions): Promise<Azalea> {
  const sequencer = new SequencerClient({ url: options.sequencer });
  const { key, keyHash } = await fetchTransitionKey(sequencer, { onProgress: options.onKeyDownload });
  const backend = options.store === undefined ? memoryBackend() : lmdbBackend(options.store);
  const prover = new SnarkjsProver({ keys: [key], processes: options.proofProcesses });
  const noteSource = options.notesFromL1
    ? (rollup: RollupInfo, client: L1Client) => new L1NoteSource({ rollup }, { client })
    : undefined;
  try {
    return new Azalea(await Pxe.open(options, { backend, prover, keyHash, noteSource }));
  } catch (error) {
    await prover.close();
    throw error;
  }
}
