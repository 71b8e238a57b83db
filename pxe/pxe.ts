import type { Address } from 'viem';
import { connectL1, type L1Client } from '../l1/client.ts';
import { type RollupInfo, readAnchorLifetime, readNoteRoot, readRollupInfo } from '../l1/rollup-info.ts';
import { firstBlockSince, readL2Head } from '../l1/settled-block.ts';
import type { Field } from '../protocol/field.ts';
import type { TreePath } from '../protocol/tree/path.ts';
import type { Prover } from '../prover/prover.ts';
import { SequencerClient } from '../rpc/client.ts';
import type { TransactionStatus } from '../rpc/schema/transactions.ts';
import { DepositCounters } from './accounts/deposit-counters.ts';
import { type HeldAccount, KeyStore } from './accounts/key-store.ts';
import { L1Intents } from './bridge/l1-intents.ts';
import { type AuthorizedCall, type CallOptions, CallSender, type SendOptions } from './calls/call-sender.ts';
import type { PlannedCall } from './calls/plan-call.ts';
import { adoptDeployment } from './deployment.ts';
import { ProgramStore } from './programs/program-store.ts';
import { RecordStore } from './records/record-store.ts';
import type { PxeBackend } from './store/backend.ts';
import { EncryptedStore, type KeyDerivation } from './store/encrypted-store.ts';
import type { Scanner } from './sync/account-search.ts';
import { BlockLog } from './sync/block-log.ts';
import type { NoteSource } from './sync/note-source.ts';
import { NoteTreeMirror } from './sync/note-tree-mirror.ts';
import { shownNullifiers } from './sync/shown-nullifiers.ts';
import type { SyncProgress } from './sync/sync-progress.ts';
import { Synchronizer } from './sync/synchronizer.ts';
import { ClaimedSpends } from './transactions/claimed-spends.ts';
import type { ProvenCall } from './transactions/prove-call.ts';
import { type KeptTransaction, TransactionStore } from './transactions/transaction-store.ts';
import { TransactionTracker, type WaitOptions } from './transactions/transaction-tracker.ts';

export interface PxeOptions {
  /** Base URL of the sequencer. */
  readonly sequencer: string;
  /** JSON-RPC endpoint of L1, several of them (`L1ClientOptions.l1`), or a connected client. */
  readonly l1: string | readonly string[] | L1Client;
  /** Most L1 blocks asked for in one eth_getLogs; default 1000, less when the node refuses. */
  readonly l1LogRange?: number;
  /** Address of the rollup contract; default: the sequencer's answer, checked against L1. */
  readonly rollup?: Address;
  /** Seals the store: the same each time a store is opened. Not a seed: store and key together give full control. */
  readonly passphrase: string;
  /** Cost of deriving the store's key from the passphrase (scrypt); fixed when the store is made. */
  readonly keyDerivation?: KeyDerivation;
  /** Milliseconds between two questions while waiting; default 500. */
  readonly pollMs?: number;
  /** Called after each L2 block that was searched. */
  readonly onSync?: (progress: SyncProgress) => void;
}

export interface PxeDependencies {
  readonly backend: PxeBackend;
  /** Its keys must be the rollup's: a prover that gets them from elsewhere compares them with `rollup.keys`. */
  readonly prover: Prover | ((rollup: RollupInfo) => Prover);
  /** The source of commitments; default: the sequencer. */
  readonly noteSource?: (rollup: RollupInfo, l1: L1Client) => NoteSource;
  /** Filters blocks before they are searched, many times as fast; closed with the PXE. A browser's app gives one, too. */
  readonly scanner?: Scanner;
}

const isClient = (l1: PxeOptions['l1']): l1 is L1Client => typeof l1 === 'object' && 'request' in l1;

interface Parts {
  readonly store: EncryptedStore;
  readonly keys: KeyStore;
  readonly records: RecordStore;
  readonly programs: ProgramStore;
  readonly transactions: TransactionStore;
  readonly mirror: NoteTreeMirror;
  readonly synchronizer: Synchronizer;
  readonly sender: CallSender;
  readonly claimedSpends: ClaimedSpends;
  readonly tracker: TransactionTracker;
  readonly deposits: DepositCounters;
  readonly l1Intents: L1Intents;
  readonly sequencer: SequencerClient;
  readonly l1: L1Client;
  readonly rollup: RollupInfo;
  readonly prover: Prover;
  readonly scanner: Scanner | undefined;
}

/**
 * The Private eXecution Environment: holds the keys, follows the chain, runs, signs and proves calls. All secrets live
 * here and only here; the sequencer gets proofs.
 */
export class Pxe {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Opens a PXE's store and connects it to its rollup.
   * Errors: those of `EncryptedStore.open` and `adoptDeployment`, SEQUENCER_UNREACHABLE, L1_UNREACHABLE.
   */
  static async open(options: PxeOptions, dependencies: PxeDependencies): Promise<Pxe> {
    const { backend } = dependencies;
    const store = await EncryptedStore.open(backend, options.passphrase, options.keyDerivation);
    try {
      const sequencer = new SequencerClient({ url: options.sequencer });
      const info = await sequencer.getInfo();
      const l1 = isClient(options.l1)
        ? options.l1
        : await connectL1({ l1: options.l1, logRange: options.l1LogRange });
      const rollup = await readRollupInfo(l1, options.rollup ?? (info.rollup as Address));
      await adoptDeployment(store, { rollup, sequencer: info });
      const prover =
        typeof dependencies.prover === 'function' ? dependencies.prover(rollup) : dependencies.prover;
      const keys = await KeyStore.open(store);
      const records = await RecordStore.open(store);
      const mirror = await NoteTreeMirror.open(store);
      const blocks = await BlockLog.open(store);
      const transactions = await TransactionStore.open(store);
      const { scanner } = dependencies;
      const source = dependencies.noteSource?.(rollup, l1) ?? sequencer;
      const settledRoot = (l2Block: number) => readNoteRoot(l1, rollup.rollup, l2Block);
      const synchronizer = new Synchronizer(
        { rollupId: rollup.rollupId, onProgress: options.onSync },
        {
          store,
          keys,
          records,
          mirror,
          blocks,
          source,
          transactions,
          scanner,
          l1BlockSince: (time) => firstBlockSince(l1, rollup.deployedAt, time),
          settledRoot,
          l1Head: () => readL2Head(l1, rollup.rollup),
        },
      );
      const programs = await ProgramStore.open(store);
      const tracker = new TransactionTracker(
        { pollMs: options.pollMs ?? 500 },
        {
          sequencer,
          transactions,
          synchronizer,
          anchorLifetime: (l2Block) => readAnchorLifetime(l1, rollup.rollup, l2Block),
        },
      );
      const claimedSpends = new ClaimedSpends({
        store,
        records,
        transactions,
        shownNullifiers: (l2Block) => shownNullifiers(l1, rollup, l2Block),
      });
      const sender = new CallSender({
        keys,
        records,
        transactions,
        mirror,
        blocks,
        synchronizer,
        tracker,
        claimedSpends,
        rollup,
        prover,
        settledRoot,
        anchorLifetime: (l2Block) => readAnchorLifetime(l1, rollup.rollup, l2Block),
      });
      const deposits = new DepositCounters({ rollupId: rollup.rollupId }, { store, keys });
      const l1Intents = await L1Intents.open({ store, deposits, client: l1 });
      return new Pxe({
        store,
        keys,
        records,
        programs,
        transactions,
        mirror,
        synchronizer,
        sender,
        claimedSpends,
        tracker,
        deposits,
        l1Intents,
        sequencer,
        l1,
        rollup,
        prover,
        scanner,
      });
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  get rollup(): RollupInfo {
    return this.#parts.rollup;
  }

  get l1(): L1Client {
    return this.#parts.l1;
  }

  get keys(): KeyStore {
    return this.#parts.keys;
  }

  get records(): RecordStore {
    return this.#parts.records;
  }

  get programs(): ProgramStore {
    return this.#parts.programs;
  }

  get transactions(): TransactionStore {
    return this.#parts.transactions;
  }

  /** Counters of deposits, from which owner hashes are made. */
  get deposits(): DepositCounters {
    return this.#parts.deposits;
  }

  /** Transactions to L1 that were begun. */
  get l1Intents(): L1Intents {
    return this.#parts.l1Intents;
  }

  get sequencer(): SequencerClient {
    return this.#parts.sequencer;
  }

  /** Path of a note under this PXE's own note root. */
  notePath(leafIndex: number): TreePath {
    return this.#parts.mirror.path(leafIndex);
  }

  /** Newest L2 block of this PXE's view. */
  get head(): number {
    return this.#parts.synchronizer.head;
  }

  /** L2 blocks that L1 had at the end of the last `sync` and the sequencer did not show. */
  get behind(): number {
    return this.#parts.synchronizer.behind;
  }

  /**
   * Follows the chain to the newest settled block, resends transactions that may not have arrived, and learns which were dropped.
   * Errors: those of `Synchronizer.sync` and `ClaimedSpends.check`.
   */
  async sync(): Promise<void> {
    await this.#parts.synchronizer.sync();
    await this.#parts.tracker.refresh();
    await this.#parts.claimedSpends.check();
  }

  /** Runs a call here without proving it. Errors: those of `planCall`. */
  async simulate(options: CallOptions): Promise<PlannedCall> {
    return this.#parts.sender.plan(options);
  }

  /**
   * Runs, signs, proves and hands in a call. The transaction is kept before it is sent. Errors: those of `CallSender.send`
   * (docs/errors.md).
   */
  send(options: SendOptions): Promise<ProvenCall> {
    return this.#parts.sender.send(options);
  }

  /** Plans and signs a call, for a prover elsewhere. Errors: those of `CallSender.authorize`. */
  authorize(options: CallOptions): Promise<AuthorizedCall> {
    return this.#parts.sender.authorize(options);
  }

  /** Transactions of the same function and arguments, records aside, that wait to be settled; newest last. */
  pendingCalls(options: CallOptions): KeptTransaction[] {
    return this.#parts.sender.pending(options);
  }

  /** Commitments of records that pending calls or waiting transactions spend. */
  lockedRecords(): Set<Field> {
    return this.#parts.sender.locked();
  }

  /**
   * Waits until a transaction has the status. `settled` is never the sequencer's word alone: this PXE's own note tree,
   * checked against L1, must hold the transaction's outputs. Errors: those of `TransactionTracker.wait`.
   */
  wait(
    id: string,
    wanted: 'included' | 'proven' | 'settled' = 'settled',
    options: WaitOptions = {},
  ): Promise<TransactionStatus> {
    return this.#parts.tracker.wait(id, wanted, options);
  }

  /** Makes or restores an account; a restored one finds its records at the next `sync`. `birthday`: see `KeyStore.add`. */
  async addAccount(
    options: { alias?: string; seed?: Uint8Array; birthday?: number } = {},
  ): Promise<HeldAccount> {
    return this.#parts.keys.add(options);
  }

  /** Stops prover and scanner and closes the store. */
  async close(): Promise<void> {
    await this.#parts.scanner?.close();
    await this.#parts.prover.close();
    await this.#parts.store.close();
  }
}
