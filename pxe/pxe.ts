import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import type { Address } from 'viem';
import { connectL1, type L1Client } from '../l1/client.ts';
import { type RollupInfo, readNoteRoot, readRollupInfo } from '../l1/rollup-info.ts';
import type { Program } from '../program/artifact.ts';
import { AzaleaError } from '../protocol/errors.ts';
import { type Field, fieldToHex } from '../protocol/field.ts';
import { depositBlind, ownerHash } from '../protocol/record.ts';
import type { Authorization } from '../protocol/request.ts';
import type { TreePath } from '../protocol/tree/path.ts';
import type { ProveEvent, Prover } from '../prover/prover.ts';
import { SequencerClient } from '../rpc/client.ts';
import type { TransactionStatus } from '../rpc/schema/transactions.ts';
import { type HeldAccount, KeyStore } from './accounts/key-store.ts';
import { type CallArgument, type PlannedCall, planCall } from './calls/plan-call.ts';
import { adoptDeployment } from './deployment.ts';
import { ProgramStore } from './programs/program-store.ts';
import { RecordStore } from './records/record-store.ts';
import type { PxeBackend } from './store/backend.ts';
import { EncryptedStore, type KeyDerivation } from './store/encrypted-store.ts';
import { BlockLog } from './sync/block-log.ts';
import { DEPOSIT_COUNTER_WINDOW } from './sync/discovery.ts';
import type { NoteSource } from './sync/note-source.ts';
import { NoteTreeMirror } from './sync/note-tree-mirror.ts';
import { Synchronizer } from './sync/synchronizer.ts';
import { isRefusal } from './transactions/is-refusal.ts';
import { authorizeCall, type ProvenCall, proveCall } from './transactions/prove-call.ts';
import { TransactionStore } from './transactions/transaction-store.ts';

export interface PxeOptions {
  /** Base URL of the sequencer. */
  readonly sequencer: string;
  /** JSON-RPC endpoint of L1, or a connected client. */
  readonly l1: string | L1Client;
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
  readonly prover: Prover;
  /** keccak256 of the prover's own transition key as L1 holds it (l1/verification-key.ts). */
  readonly keyHash?: string;
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

/** A deposit prepared for L1: whoever sends it, this account will own the record. */
export interface PreparedDeposit {
  readonly ownerHash: Field;
  readonly counter: number;
}

interface Parts {
  readonly store: EncryptedStore;
  readonly keys: KeyStore;
  readonly records: RecordStore;
  readonly programs: ProgramStore;
  readonly transactions: TransactionStore;
  readonly mirror: NoteTreeMirror;
  readonly synchronizer: Synchronizer;
  readonly sequencer: SequencerClient;
  readonly l1: L1Client;
  readonly rollup: RollupInfo;
  readonly prover: Prover;
  readonly pollMs: number;
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
    const { backend, prover, keyHash } = dependencies;
    const store = await EncryptedStore.open(backend, options.passphrase, options.keyDerivation);
    try {
      const sequencer = new SequencerClient({ url: options.sequencer });
      const l1 = typeof options.l1 === 'string' ? await connectL1({ l1: options.l1 }) : options.l1;
      const info = await sequencer.getInfo();
      const rollup = await readRollupInfo(l1, options.rollup ?? (info.rollup as Address));
      await adoptDeployment(store, { rollup, sequencer: info, keyHash });
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
      const pollMs = options.pollMs ?? 500;
      return new Pxe({
        store,
        keys,
        records,
        programs,
        transactions,
        mirror,
        synchronizer,
        sequencer,
        l1,
        rollup,
        prover,
        pollMs,
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
    await this.#refreshTransactions();
  }

  /** Runs a call here without proving it. Errors: those of `planCall`. */
  async simulate(options: CallOptions): Promise<PlannedCall> {
    return this.#plan(options);
  }

  /**
   * Runs, signs, proves and hands in a call. The transaction is kept before it is sent.
   * Errors: those of `planCall`, `Prover.prove` and of the sequencer (docs/errors.md).
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
    await this.#submit(proven.id, proven.bytes);
    return proven;
  }

  /** Plans and signs a call under the newest settled root: everything a prover needs, nothing that lets it do more. */
  async authorize(options: CallOptions): Promise<{
    call: PlannedCall;
    authorization: Authorization;
    notePaths: TreePath[];
    anchorBlock: number;
  }> {
    const { keys, mirror, rollup, synchronizer } = this.#parts;
    await synchronizer.sync();
    const call = this.#plan(options);
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
   * checked against L1, must hold the transaction's outputs. Errors: TRANSACTION_DROPPED, WAIT_TIMEOUT,
   * SETTLEMENT_NOT_ON_L1.
   */
  async wait(
    id: string,
    wanted: 'included' | 'proven' | 'settled' = 'settled',
    options: {
      timeoutMs?: number;
      signal?: AbortSignal;
      onStatus?: (status: TransactionStatus) => void;
    } = {},
  ): Promise<TransactionStatus> {
    const { sequencer, pollMs, transactions } = this.#parts;
    const deadline = Date.now() + (options.timeoutMs ?? 600_000);
    try {
      const status = await sequencer.waitForTransaction(id, wanted, { intervalMs: pollMs, ...options });
      if (wanted === 'settled') await this.#seeSettled(id, status.l2Block ?? 0, deadline);
      return status;
    } catch (error) {
      if (error instanceof AzaleaError && error.code === 'TRANSACTION_DROPPED') {
        await transactions.update(id, { state: 'dropped', reason: error.message });
      }
      throw error;
    }
  }

  /** Follows the chain up to the block that the sequencer names, and looks for the transaction there. */
  async #seeSettled(id: string, l2Block: number, deadline: number): Promise<void> {
    const { synchronizer, transactions, pollMs } = this.#parts;
    for (;;) {
      await synchronizer.sync();
      const kept = transactions.get(id);
      if (kept?.state === 'settled') return;
      if (synchronizer.head >= l2Block) {
        // Another wallet's transaction: nothing here can recognise it.
        if (kept === undefined) return;
        throw new AzaleaError(
          'SETTLEMENT_NOT_ON_L1',
          `The sequencer says that ${id} settled in L2 block ${l2Block}, but L1 has no such outputs there. It may have been reorganised: wait again, or hand it to another sequencer. Do not count it as paid.`,
          { transaction: id, l2Block },
        );
      }
      if (Date.now() > deadline) {
        throw new AzaleaError(
          'WAIT_TIMEOUT',
          `L1 as this wallet sees it has not reached L2 block ${l2Block} yet; synchronise later.`,
          { transaction: id, l2Block },
        );
      }
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }

  /** Takes the account's next deposit counter. It is kept before the caller can use it. Throws DEPOSIT_WINDOW_FULL. */
  async prepareDeposit(owner: Field): Promise<PreparedDeposit> {
    const { keys, rollup, store } = this.#parts;
    const held = keys.get(owner);
    if (held.depositsUsed >= held.depositsSeen + DEPOSIT_COUNTER_WINDOW) {
      throw new AzaleaError(
        'DEPOSIT_WINDOW_FULL',
        `${DEPOSIT_COUNTER_WINDOW} deposits of this account are not on L1 yet. Send one of them, or wait until it settles: a wallet restored from its seed looks no further.`,
      );
    }
    const counter = held.depositsUsed;
    held.depositsUsed += 1;
    await store.write([keys.progressWrite(held)]);
    return {
      counter,
      ownerHash: ownerHash(owner, depositBlind(held.keys.viewKey, rollup.rollupId, counter)),
    };
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

  async #submit(id: string, bytes: Uint8Array): Promise<void> {
    const { sequencer, transactions } = this.#parts;
    try {
      await sequencer.submitTransaction(bytes);
      await transactions.update(id, { state: 'submitted' });
    } catch (error) {
      if (!(error instanceof AzaleaError)) throw error;
      if (error.code === 'TRANSACTION_DUPLICATE') {
        await transactions.update(id, { state: 'submitted' });
      } else if (isRefusal(error.code)) {
        await transactions.update(id, { state: 'dropped', reason: `${error.code}: ${error.message}` });
        throw error;
      } else {
        throw error;
      }
    }
  }

  async #refreshTransactions(): Promise<void> {
    const { transactions, sequencer } = this.#parts;
    for (const kept of transactions.waiting()) {
      if (kept.state === 'made') {
        // Made before a crash or while the sequencer was away: the same bytes again.
        await this.#submit(kept.id, hexToBytes(kept.bytes.slice(2))).catch(ignoreKnown);
        continue;
      }
      const status = await sequencer.getTransaction(kept.id).catch((error: unknown) => {
        // Lost there, or another sequencer: the same bytes again, else its records would stay locked for ever.
        if ((error as AzaleaError).code !== 'TRANSACTION_UNKNOWN') return ignoreKnown(error);
        return this.#submit(kept.id, hexToBytes(kept.bytes.slice(2))).catch(ignoreKnown);
      });
      if (status?.status === 'dropped' || status?.status === 'reverted') {
        await transactions.update(kept.id, { state: 'dropped', reason: status.reason?.message });
      }
    }
  }
}

function ignoreKnown(error: unknown): undefined {
  if (error instanceof AzaleaError) return undefined;
  throw error;
}
