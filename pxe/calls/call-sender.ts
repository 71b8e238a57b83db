import { bytesToHex } from '@noble/hashes/utils.js';
import type { RollupInfo } from '../../l1/rollup-info.ts';
import type { Program } from '../../program/compile/artifact.ts';
import type { Authorization } from '../../protocol/call/request.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import { type Field, fieldToHex } from '../../protocol/field.ts';
import type { TreePath } from '../../protocol/tree/path.ts';
import type { ProveEvent, Prover } from '../../prover/prover.ts';
import type { KeyStore } from '../accounts/key-store.ts';
import type { RecordStore } from '../records/record-store.ts';
import type { BlockLog } from '../sync/block-log.ts';
import type { NoteTreeMirror } from '../sync/note-tree-mirror.ts';
import type { Synchronizer } from '../sync/synchronizer.ts';
import type { ClaimedSpends } from '../transactions/claimed-spends.ts';
import { authorizeCall, type ProvenCall, proveCall, transitionCircuit } from '../transactions/prove-call.ts';
import { Reservations } from '../transactions/reservations.ts';
import type { KeptTransaction, TransactionStore } from '../transactions/transaction-store.ts';
import type { TransactionTracker } from '../transactions/transaction-tracker.ts';
import { ANCHOR_INTERVAL, chooseAnchor } from './choose-anchor.ts';
import { intentOf } from './intent.ts';
import { type CallArgument, type PlannedCall, planCall } from './plan-call.ts';

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

/** A planned call, signed, with all that a prover needs. */
export interface AuthorizedCall {
  readonly call: PlannedCall;
  readonly authorization: Authorization;
  readonly notePaths: TreePath[];
  readonly anchorBlock: number;
}

export interface CallSenderDependencies {
  readonly keys: KeyStore;
  readonly records: RecordStore;
  readonly transactions: TransactionStore;
  readonly mirror: NoteTreeMirror;
  readonly blocks: BlockLog;
  readonly synchronizer: Synchronizer;
  readonly tracker: TransactionTracker;
  readonly claimedSpends: ClaimedSpends;
  readonly rollup: RollupInfo;
  readonly prover: Prover;
  /** L1's own note root after an L2 block; undefined: L1 has no such block. */
  readonly settledRoot: (l2Block: number) => Promise<Field | undefined>;
  /** L1 blocks in which an anchor can still be used. */
  readonly anchorLifetime: (l2Block: number) => Promise<number>;
}

/** Plans, signs, proves and sends calls. Calls at the same time never spend one record: it is reserved when it is chosen. */
export class CallSender {
  readonly #is: CallSenderDependencies;
  readonly #reservations = new Reservations();

  constructor(dependencies: CallSenderDependencies) {
    this.#is = dependencies;
  }

  /** Commitments that pending calls or waiting transactions spend. */
  locked(): Set<Field> {
    return new Set([...this.#is.transactions.locked(), ...this.#reservations.all()]);
  }

  /** Runs a call here without proving it; nothing is reserved. Errors: those of `planCall`. */
  plan(options: CallOptions): PlannedCall {
    const { records, transactions, keys } = this.#is;
    keys.get(options.signer);
    return planCall(records, { ...options, locked: this.locked(), doubtful: transactions.doubtful() });
  }

  /**
   * Plans and signs a call under a settled root: everything a prover needs, nothing that lets it do more. It reserves no record:
   * `send` does. Errors: those of `planCall`, `Synchronizer.sync` and `ClaimedSpends.check`, SEQUENCER_BEHIND,
   * SIZE_NOT_ON_ROLLUP, ANCHOR_MISMATCH.
   */
  async authorize(options: CallOptions): Promise<AuthorizedCall> {
    await this.#catchUp();
    return this.#sign(this.plan(options), options.signer);
  }

  /**
   * Runs, signs, proves and hands in a call. Its records are reserved from the moment they are chosen, and released if it fails
   * before it is kept. Errors: those of `authorize`, `proveCall` and of the sequencer.
   */
  async send(options: SendOptions): Promise<ProvenCall> {
    const { transactions, prover, tracker } = this.#is;
    const { onProgress, signal } = options;
    await this.#catchUp();
    signal?.throwIfAborted();
    const call = this.plan(options);
    const release = this.#reservations.take(call.spends.map(({ commitment }) => commitment));
    let proven: ProvenCall;
    try {
      const { authorization, notePaths, anchorBlock } = await this.#sign(call, options.signer);
      proven = await proveCall(prover, { authorization, call, notePaths, onProgress, signal });
      await transactions.put({
        id: proven.id,
        bytes: `0x${bytesToHex(proven.bytes)}`,
        signer: options.signer,
        title: `${call.program.name}.aleo/${options.functionName}`,
        spends: call.spends.map(({ commitment }) => commitment),
        intent: intentOf(options),
        anchorBlock,
        createdAt: Date.now(),
        state: 'made',
        reason: undefined,
      });
    } finally {
      // Kept transactions lock their records themselves.
      release();
    }
    await tracker.submit(proven.id, proven.bytes);
    return proven;
  }

  /** Transactions of the same function and arguments, records aside, that wait to be settled; newest last. */
  pending(options: CallOptions): KeptTransaction[] {
    const intent = intentOf(options);
    return this.#is.transactions.waiting().filter((kept) => kept.intent === intent);
  }

  async #catchUp(): Promise<void> {
    const { synchronizer, claimedSpends } = this.#is;
    await synchronizer.sync();
    const { behind, head } = synchronizer;
    if (behind > ANCHOR_INTERVAL) {
      throw new AzaleaError(
        'SEQUENCER_BEHIND',
        `L1 has ${behind} L2 blocks more than the sequencer shows (${head}). A call with so stale an anchor would stand out. Wait until the sequencer has caught up, use another one, or read from L1.`,
        { behind, head },
      );
    }
    await claimedSpends.check();
  }

  async #sign(call: PlannedCall, signer: Field): Promise<AuthorizedCall> {
    const { keys, mirror, blocks, rollup, synchronizer, anchorLifetime } = this.#is;
    requireSize(rollup, call);
    const { keys: account } = keys.get(signer);
    const youngest = Math.max(0, ...call.spends.map(({ block }) => block));
    const anchorBlock = await chooseAnchor(
      { head: synchronizer.head, youngest },
      { lifetime: anchorLifetime },
    );
    // One view of the tree: while L1 is asked, another call may bring the next block.
    const tree = mirror.at(blocks.noteCount(anchorBlock));
    const notePaths = call.spends.map(({ leafIndex }) => tree.path(leafIndex));
    const anchorRoot = await this.#settledRoot(anchorBlock, tree.root());
    const authorization = authorizeCall(call, { account, anchorRoot, rollupId: rollup.rollupId });
    return { call, authorization, notePaths, anchorBlock };
  }

  /** The anchor comes from L1 itself and must be this PXE's own tree: never the sequencer's word. */
  async #settledRoot(l2Block: number, own: Field): Promise<Field> {
    const root = await this.#is.settledRoot(l2Block);
    if (root === own) return root;
    throw new AzaleaError(
      'ANCHOR_MISMATCH',
      `L1 has ${root === undefined ? 'no note root' : `the note root ${fieldToHex(root)}`} for L2 block ${l2Block}, this wallet's tree has ${fieldToHex(own)}. L1 may just have been reorganised: synchronise and try again, or use another sequencer.`,
      { l2Block },
    );
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
