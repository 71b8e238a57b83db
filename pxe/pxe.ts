import { bytesToHex } from '@noble/hashes/utils.js';
import type { Address } from 'viem';
import { connectL1, type L1Client } from '../l1/client.ts';
import { type RollupInfo, readNoteRoot, readRollupInfo } from '../l1/rollup-info.ts';
import type { Program } from '../program/compile/artifact.ts';
import type { Authorization } from '../protocol/call/request.ts';
import { AzaleaError } from '../protocol/errors.ts';
import { type Field, fieldToHex } from '../protocol/field.ts';
import type { TreePath } from '../protocol/tree/path.ts';
import type { ProveEvent, Prover } from '../prover/prover.ts';
import { SequencerClient } from '../rpc/client.ts';
import type { TransactionStatus } from '../rpc/schema/transactions.ts';
import { DepositCounters } from './accounts/deposit-counters.ts';
import { type HeldAccount, KeyStore } from './accounts/key-store.ts';
import { L1Intents } from './bridge/l1-intents.ts';
import { type CallArgument, type PlannedCall, planCall } from './calls/plan-call.ts';
import { adoptDeployment } from './deployment.ts';
import { ProgramStore } from './programs/program-store.ts';
import { RecordStore } from './records/record-store.ts';
import type { PxeBackend } from './store/backend.ts';
import { EncryptedStore, type KeyDerivation } from './store/encrypted-store.ts';
import { BlockLog } from './sync/block-log.ts';
import type { NoteSource } from './sync/note-source.ts';
import { NoteTreeMirror } from './sync/note-tree-mirror.ts';
import { Synchronizer } from './sync/synchronizer.ts';
import { authorizeCall, type ProvenCall, proveCall, transitionCircuit } from './transactions/prove-call.ts';
import { TransactionStore } from './transactions/transaction-store.ts';
import { TransactionTracker, type WaitOptions } from './transactions/transaction-tracker.ts';

export interface PxeOptions {
  /** Base URL of the sequencer. */
  readonly sequencer: string;
  /** JSON-RPC endpoint of L1, several of them (`L1ClientOptions.l1`), or a connected client. */
  readonly l1: string | readonly string[] | L1Client;
  /** Most L1 blocks asked for in one eth_getLogs; default 1000, less when the node refuses. */
  readonly l1LogRange?: number;
  /** Address of the rollup contract; default: what the sequencer says, checked against L1. */
  readonly rollup?: Address;
  readonly passphrase: string;
  readonly keyDerivation?: KeyDerivation;
  /** Milliseconds between two questions while waiting; default 500. */
  readonly pollMs?: number;
  readonly onSync?: (block: number, head: number) => void;
}

export interface PxeDependencies {
  readonly backend: PxeBackend;
  /** Its keys must be the rollup's: a prover that gets them from elsewhere compares them with `rollup.keys`. */
  readonly prover: Prover | ((rollup: RollupInfo) => Prover);
  /** Where commitments come from; default: the sequencer. */
  readonly noteSource?: (rollup: RollupInfo, l1: L1Client) => NoteSource;
}

export interface CallOptions {
  readonly program: Program;
  readonly functionName: string;
  readonly args: readonly CallArgument[];
  readonly signer: Field;
}

export interface SendOptions extends CallOptions {
  readonly onProgress?: (event: ProveEvent) => void;
  readonly signal?: AbortSignal;
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
  readonly tracker: TransactionTracker;
  readonly deposits: DepositCounters;
  readonly l1Intents: L1Intents;
  readonly sequencer: SequencerClient;
  readonly l1: L1Client;
  readonly rollup: RollupInfo;
  readonly prover: Prover;
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
      const source = dependencies.noteSource?.(rollup, l1) ?? sequencer;
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
          settledRoot: (l2Block) => readNoteRoot(l1, rollup.rollup, l2Block),
        },
      );
      const programs = await ProgramStore.open(store);
      const tracker = new TransactionTracker(
        { pollMs: options.pollMs ?? 500 },
        { sequencer, transactions, synchronizer },
      );
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
        tracker,
        deposits,
        l1Intents,
        sequencer,
        l1,
        rollup,
        prover,
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

  /** Counters of deposits: what an owner hash is made from. */
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

  /** Follows the chain to the newest settled block, sends again what may not have arrived, learns what was dropped. */
  async sync(): Promise<void> {
    await this.#parts.synchronizer.sync();
    await this.#parts.tracker.refresh();
  }

  /** Runs a call here without proving it. Errors: those of `planCall`. */
  async simulate(options: CallOptions): Promise<PlannedCall> {
    return this.#plan(options);
  }

  /**
   * Runs, signs, proves and hands in a call. The transaction is kept before it is sent.
   * Errors: those of `authorize`, `Prover.prove` and of the sequencer (docs/errors.md).
   */
  async send(options: SendOptions): Promise<ProvenCall> {
    const { transactions } = this.#parts;
    const { call, authorization, notePaths, anchorBlock } = await this.authorize(options);
    const { onProgress, signal } = options;
    const proven = await proveCall(this.#parts.prover, {
      authorization,
      call,
      notePaths,
      onProgress,
      signal,
    });
    await transactions.put({
      id: proven.id,
      bytes: `0x${bytesToHex(proven.bytes)}`,
      signer: options.signer,
      title: `${call.program.name}.aleo/${options.functionName}`,
      spends: call.spends.map(({ commitment }) => commitment),
      anchorBlock,
      createdAt: Date.now(),
      state: 'made',
      reason: undefined,
    });
    await this.#parts.tracker.submit(proven.id, proven.bytes);
    return proven;
  }

  /**
   * Plans and signs a call under the newest settled root: everything a prover needs, nothing that lets it do more.
   * Errors: those of `planCall` and `sync`, SIZE_NOT_ON_ROLLUP, ANCHOR_MISMATCH.
   */
  async authorize(options: CallOptions): Promise<{
    call: PlannedCall;
    authorization: Authorization;
    notePaths: TreePath[];
    anchorBlock: number;
  }> {
    const { keys, mirror, rollup, synchronizer } = this.#parts;
    await synchronizer.sync();
    const call = this.#plan(options);
    requireSize(rollup, call);
    const account = keys.get(options.signer).keys;
    // One view of the tree: while L1 is asked, another call may bring the next block.
    const anchorBlock = synchronizer.head;
    const notePaths = call.spends.map(({ leafIndex }) => mirror.path(leafIndex));
    const anchorRoot = await this.#settledRoot(anchorBlock, mirror.root());
    const authorization = authorizeCall(call, { account, anchorRoot, rollupId: rollup.rollupId });
    return { call, authorization, notePaths, anchorBlock };
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

  /** Makes or restores an account; a restored one finds its records at the next `sync`. */
  async addAccount(options: { alias?: string; seed?: Uint8Array } = {}): Promise<HeldAccount> {
    return this.#parts.keys.add(options);
  }

  /** Stops the prover and closes the store. */
  async close(): Promise<void> {
    await this.#parts.prover.close();
    await this.#parts.store.close();
  }

  #plan(options: CallOptions): PlannedCall {
    const { records, transactions, keys } = this.#parts;
    keys.get(options.signer);
    return planCall(records, {
      ...options,
      locked: transactions.locked(),
      doubtful: transactions.doubtful(),
    });
  }

  /** The anchor comes from L1 itself and must be this PXE's own tree: never the sequencer's word. */
  async #settledRoot(l2Block: number, own: Field): Promise<Field> {
    const { l1, rollup } = this.#parts;
    const root = await readNoteRoot(l1, rollup.rollup, l2Block);
    if (root !== own) {
      throw new AzaleaError(
        'ANCHOR_MISMATCH',
        `L1 has the note root ${root === undefined ? 'of no' : fieldToHex(root)} for L2 block ${l2Block}, this wallet's tree has ${fieldToHex(own)}. L1 may just have been reorganised: synchronise and try again, or use another sequencer.`,
        { l2Block },
      );
    }
    return root;
  }
}

/** Throws SIZE_NOT_ON_ROLLUP for a call that no key of the rollup can settle. */
function requireSize(rollup: RollupInfo, { program, simulation }: PlannedCall): void {
  const { sizeClass } = simulation.fn.bytecode;
  const circuit = transitionCircuit(sizeClass);
  if (rollup.keys.some(({ name }) => name === circuit)) return;
  throw new AzaleaError(
    'SIZE_NOT_ON_ROLLUP',
    `${program.name}.aleo/${simulation.fn.name} needs the ${sizeClass} circuit, and the rollup ${rollup.rollup} was deployed without it. Use a rollup that has ${circuit}, or make the function smaller.`,
    { circuit },
  );
}
