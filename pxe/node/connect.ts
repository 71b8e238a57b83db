import { mkdirSync } from 'node:fs';
import type { Address } from 'viem';
import { DirectoryLock } from '../../host/directory-lock.ts';
import type { L1Client } from '../../l1/client.ts';
import { rollupAddress } from '../../l1/deploy/deployment-file.ts';
import type { RollupInfo } from '../../l1/rollup-info.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import type { Prover } from '../../prover/prover.ts';
import { SequencerClient } from '../../rpc/client.ts';
import { Azalea } from '../client/azalea.ts';
import { Pxe, type PxeOptions } from '../pxe.ts';
import { memoryBackend, type PxeBackend } from '../store/backend.ts';
import { L1NoteSource } from '../sync/l1-note-source.ts';
import { FetchingProver } from './fetching-prover.ts';
import { lmdbBackend } from './lmdb-backend.ts';
import type { FetchKeysOptions } from './proving-keys.ts';
import { workerScanner } from './worker-scanner.ts';

/** Options of `connect`; docs/client.md lists them with those of `Pxe.open`. */
export interface ConnectOptions extends Omit<PxeOptions, 'l1' | 'rollup'> {
  /** JSON-RPC endpoint of L1, or several: the next one serves when one does not. */
  readonly l1: string | readonly string[];
  /** The rollup contract, or the file that `azalea rollup deploy` wrote; default: the sequencer's answer, checked against L1. */
  readonly rollup?: Address | string;
  /** Directory of the encrypted store, for one process at a time; without one everything is forgotten at the end. */
  readonly store?: string;
  /** The caller holds the store's `DirectoryLock` itself. Default false: `connect` takes it and refuses a second process. */
  readonly storeIsHeld?: boolean;
  /** Proofs made at the same time; default 1: one proof uses all cores. */
  readonly proofProcesses?: number;
  /**
   * Read records from L1 alone instead of the sequencer; default false. Blocks that a sequencer showed before are searched
   * again: it may have hidden records, or shown them as spent.
   */
  readonly notesFromL1?: boolean;
  /** Called with file, bytes received and bytes in all while a proving key arrives: when something is proven for the first time. */
  readonly onKeyDownload?: FetchKeysOptions['onProgress'];
  /** Called with the circuit and a fraction from 0 to 1 while the sequencer makes a proving key on first demand. */
  readonly onKeyBuilding?: FetchKeysOptions['onBuilding'];
}

/**
 * Returns a client with a PXE in this process. Its store is a directory. snarkjs proves, with keys that are fetched from the
 * sequencer on first use. Errors: those of `Pxe.open`, PXE_STORE_IN_USE, PXE_STORE_DAMAGED.
 */
export async function connect(options: ConnectOptions): Promise<Azalea> {
  const rollup = options.rollup === undefined ? undefined : rollupAddress(options.rollup);
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
  const backend = await openBackend(options);
  return new Azalea(
    await Pxe.open({ ...options, rollup }, { backend, prover, noteSource, scanner: workerScanner() }),
  );
}

/**
 * Two processes on one store would each choose from the records that the other spends. So a second one is refused.
 * Throws PXE_STORE_IN_USE, PXE_STORE_DAMAGED.
 */
async function openBackend({ store, storeIsHeld }: ConnectOptions): Promise<PxeBackend> {
  if (store === undefined) return memoryBackend();
  if (storeIsHeld) return lmdbBackend(store);
  mkdirSync(store, { recursive: true, mode: 0o700 });
  const lock = await DirectoryLock.take(store).catch((cause: unknown) => {
    if (!(cause instanceof AzaleaError) || cause.code !== 'STORE_IN_USE') throw cause;
    throw new AzaleaError(
      'PXE_STORE_IN_USE',
      `Another client uses the wallet's store ${store}: close it first, or give each its own directory.`,
      { directory: store },
      { cause },
    );
  });
  try {
    const backend = lmdbBackend(store);
    return { ...backend, close: () => backend.close().finally(() => lock.release()) };
  } catch (error) {
    await lock.release();
    throw error;
  }
}
