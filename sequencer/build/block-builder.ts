/**
 * Chooses what goes into the next block, and derives everything a chosen block needs: applied chunks, proof keys and
 * the bytes for L1. The choice is stored; the rest follows from it and the state, so it survives a crash by being
 * derived again.
 */
import { layChunks, type BlockDeposit } from '../../protocol/state/lay-chunks.ts';
import type { AppliedChunk } from '../../protocol/state/apply-chunk.ts';
import { STATE_UPDATE_KEY, type ChunkSize } from '../../protocol/state/chunk.ts';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { DEPOSIT_OVERDUE_L1_BLOCKS, STATE_UPDATE_SLOTS } from '../../protocol/constants.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import { stateUpdatePublicInputs } from '../../protocol/state/binding.ts';
import type { PublicInputs } from '../../protocol/transaction/statement.ts';
import { depositWords, writeBlock } from './block-contents.ts';
import { BlockRoom } from './block-room.ts';
import { planChunks } from './chunk-plan.ts';
import type { ChunkTimes } from './chunk-times.ts';
import { crashPoint } from '../process/crash-point.ts';
import { bytesHex } from '../hex.ts';
import type { Candidate, Mempool } from '../mempool/mempool.ts';
import type { StatePosition, StoredCandidate } from '../state/records.ts';
import type { Store } from '../state/store.ts';
import type { WorldState } from '../state/world-state.ts';

export interface BlockBuilderOptions {
  readonly chainId: number;
  /** Address of the rollup contract. */
  readonly rollup: string;
  /** The L1 account that will propose: the proofs bind it. */
  readonly proposer: string;
  readonly blockTransactions: number;
  /** Most gas that proposing a block may take. */
  readonly blockGas: number;
  /** Chunk sizes whose keys the rollup has. */
  readonly sizes: readonly ChunkSize[];
  readonly maxChunks: number;
  readonly workers: number;
  /** Deposits that are not overdue lengthen the proving of transactions by this share of its time at most. */
  readonly depositShare: number;
  /** Most seconds that deposits alone, or overdue ones, are proven. */
  readonly depositBlockSeconds: number;
}

export interface BlockBuilderDependencies {
  readonly store: Store;
  readonly state: WorldState;
  readonly mempool: Mempool;
  readonly times: ChunkTimes;
}

/** One proof to make. `key` identifies its statement: proofs are cached under it. */
export interface ChunkJob {
  readonly key: string;
  readonly chunk: AppliedChunk;
  readonly inputs: PublicInputs;
}

/** A candidate with everything derived. */
export interface BuiltBlock {
  readonly candidate: StoredCandidate;
  readonly l2Block: number;
  readonly jobs: readonly ChunkJob[];
  /** Of each transition of the block the id of its transaction. */
  readonly owners: readonly string[];
  /** The block's bytes, from the chunk proofs in order. */
  readonly encode: (proofs: readonly Uint8Array[]) => { bytes: Uint8Array; hash: string };
}

/** Fewer chunks cost less gas: that is worth a tenth more of proving time. */
const TIE_SHARE = 0.1;

export class BlockBuilder {
  readonly #options: BlockBuilderOptions;
  readonly #store: Store;
  readonly #state: WorldState;
  readonly #mempool: Mempool;
  readonly #times: ChunkTimes;

  constructor(options: BlockBuilderOptions, dependencies: BlockBuilderDependencies) {
    this.#options = options;
    this.#store = dependencies.store;
    this.#state = dependencies.state;
    this.#mempool = dependencies.mempool;
    this.#times = dependencies.times;
  }

  /** Returns the candidates for a block built now; `full`: no more would fit. */
  waiting(l1Head: number): { transactions: number; deposits: number; full: boolean } {
    const room = this.#room();
    const transactions = this.#mempool.eligible(l1Head, room).length;
    return { transactions, deposits: this.#deposits().length, full: room.full };
  }

  /** Chooses and stores the next block; `undefined` when nothing waits. */
  choose(l1Head: number): BuiltBlock | undefined {
    const chosen = this.#mempool.eligible(l1Head, this.#room());
    const deposits = this.#deposits();
    const plan = planChunks({
      nullifiers: sum(chosen, (candidate) => candidate.transaction.nullifiers.length),
      commitments: sum(chosen, (candidate) => candidate.transaction.commitments.length),
      deposits: deposits.length,
      workers: this.#options.workers,
      seconds: this.#times.seconds,
      sizes: this.#options.sizes,
      maxChunks: this.#options.maxChunks,
      depositShare: this.#options.depositShare,
      depositSeconds: this.#options.depositBlockSeconds,
      overdue: this.#isOverdue(l1Head),
      tieShare: TIE_SHARE,
    });
    if (plan.chunks.length === 0) return undefined;
    crashPoint('builder.selected');
    const built = this.#derive(this.#position(), chosen, plan.chunks, deposits.slice(0, plan.deposits));
    this.#store.atomic(() => {
      this.#store.candidate = built.candidate;
    });
    crashPoint('builder.candidate-stored');
    return built;
  }

  /**
   * Returns the stored candidate with everything derived again; `undefined` when there is none. A candidate that does not
   * fit the state any more is removed, and its transactions wait again.
   */
  resume(): BuiltBlock | undefined {
    const candidate = this.#store.candidate;
    if (candidate === undefined) return undefined;
    const position = this.#position();
    try {
      if (
        JSON.stringify(candidate.parent) !== JSON.stringify(position) ||
        candidate.proposer !== this.#options.proposer
      ) {
        throw new AzaleaError('CANDIDATE_STALE', 'The state or the proposer has changed');
      }
      const chosen = candidate.transactionIds.map((id): Candidate => {
        const transaction = this.#mempool.transaction(id);
        const anchorBlocks = transaction.transitions.map(({ signals }) => {
          const anchor = this.#mempool.anchor(signals.anchorRoot);
          if (anchor === undefined) throw new AzaleaError('CANDIDATE_STALE', `The anchor of ${id} is gone`);
          return anchor.l2Block;
        });
        return { transaction, anchorBlocks };
      });
      const deposits = this.#deposits().slice(0, candidate.depositCount);
      const built = this.#derive(position, chosen, candidate.chunks, deposits);
      if (JSON.stringify(built.candidate) !== JSON.stringify(candidate)) {
        throw new AzaleaError('CANDIDATE_STALE', 'The derived proofs differ');
      }
      return built;
    } catch (error) {
      if (!(error instanceof AzaleaError)) throw error;
      this.abandon();
      return undefined;
    }
  }

  /** Gives the candidate up; its transactions wait again. */
  abandon(): void {
    this.#store.atomic(() => {
      this.#store.candidate = undefined;
    });
  }

  #derive(
    parent: StatePosition,
    chosen: readonly Candidate[],
    sizes: readonly ChunkSize[],
    deposits: readonly BlockDeposit[],
  ): BuiltBlock {
    const l2Block = parent.l2Block + 1;
    const chunks = layChunks(
      sizes,
      chosen.map((candidate) => candidate.transaction),
      deposits,
    );
    const applied = this.#state.try(chunks);
    const jobs = applied.map((chunk) => this.#job(chunk, l2Block));
    const candidate: StoredCandidate = {
      parent,
      proposer: this.#options.proposer,
      chunks: [...sizes],
      transactionIds: chosen.map(({ transaction }) => transaction.id),
      depositCount: deposits.length,
      proofKeys: jobs.map((job) => job.key),
    };
    return {
      candidate,
      l2Block,
      jobs,
      owners: chosen.flatMap(({ transaction }) => transaction.transitions.map(() => transaction.id)),
      encode: (proofs) => {
        const bytes = writeBlock(chosen, applied, proofs, deposits.length);
        return { bytes, hash: bytesHex(keccak_256(bytes)) };
      },
    };
  }

  #job(chunk: AppliedChunk, l2Block: number): ChunkJob {
    const inputs = stateUpdatePublicInputs({
      chainId: BigInt(this.#options.chainId),
      contract: this.#options.rollup,
      sender: this.#options.proposer,
      l2Block,
      keyId: STATE_UPDATE_KEY[chunk.size],
      chunk,
    });
    const key = `${chunk.size}:${inputs[0].toString(16)}:${inputs[1].toString(16)}`;
    return { key, chunk, inputs };
  }

  /** Room of one block: the configured one, less while a faulty transaction is being isolated. */
  #room(): BlockRoom {
    const { blockTransactions, blockGas, maxChunks, sizes } = this.#options;
    return new BlockRoom({
      transactions: Math.min(this.#store.quarantineLimit ?? Number.POSITIVE_INFINITY, blockTransactions),
      maxChunks,
      chunkSlots: Math.max(...sizes.map((size) => STATE_UPDATE_SLOTS[size])),
      gas: blockGas,
    });
  }

  #position(): StatePosition {
    const head = this.#store.head;
    return {
      l2Block: head.l2Block,
      noteRoot: head.noteRoot,
      nullifierRoot: head.nullifierRoot,
      nextNote: head.nextNote,
      nextNullifier: head.nextNullifier,
      nextDeposit: head.nextDeposit,
    };
  }

  /** Returns whether L1 makes the next block take the oldest waiting deposit (contracts/Bridge.sol). */
  #isOverdue(l1Head: number): boolean {
    const oldest = this.#store.deposits.get(this.#store.head.nextDeposit);
    return oldest !== undefined && l1Head + 1 > oldest.l1Block + DEPOSIT_OVERDUE_L1_BLOCKS;
  }

  /** Waiting deposits in their order, at most as many as a block can take. */
  #deposits(): BlockDeposit[] {
    const start = this.#store.head.nextDeposit;
    const deposits: BlockDeposit[] = [];
    for (const { key, value } of this.#store.deposits.getRange({
      start,
      limit: this.#options.maxChunks * 4,
    })) {
      if (key !== start + deposits.length) break;
      deposits.push(depositWords(value));
    }
    return deposits;
  }
}

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0);
