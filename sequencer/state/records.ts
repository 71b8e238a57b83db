/**
 * The sequencer's records on disk, as JSON values. Field elements, hashes and addresses are lower-case hex strings,
 * numbers are safe integers. The version stands in the identity; another version is refused.
 */
import type { ChunkSize } from '../../protocol/state/chunk.ts';

export const STORE_VERSION = 2;

/** The rollup that a data directory belongs to. */
export interface StoredIdentity {
  readonly version: number;
  readonly rollupId: string;
  readonly chainId: number;
  readonly rollup: string;
  readonly bridge: string;
  readonly keys: readonly { readonly id: number; readonly hash: string }[];
}

/** Last L1 block whose events are applied. */
export interface StoredCursor {
  readonly number: number;
  readonly hash: string;
}

/** Everything that determines how the next block is built: two states with equal positions are the same state. */
export interface StatePosition {
  readonly l2Block: number;
  readonly noteRoot: string;
  readonly nullifierRoot: string;
  readonly nextNote: number;
  readonly nextNullifier: number;
  readonly nextDeposit: number;
}

export interface StoredChunk {
  readonly size: ChunkSize;
  readonly noteStart: number;
  readonly depositStart: number;
  readonly nullifierStart: number;
}

/** An L2 block found on L1, and the state after it. */
export interface StoredBlock extends StatePosition {
  readonly hash: string;
  readonly l1Block: number;
  readonly l1BlockHash: string;
  readonly l1TransactionHash: string | null;
  readonly proposer: string | null;
  readonly timestamp: number;
  readonly chunks: readonly StoredChunk[];
  /** In order, each with the number of its transitions, which stand side by side in the bytes. */
  readonly transactions: readonly { readonly id: string; readonly transitions: number }[];
  readonly deposits: readonly {
    readonly queueIndex: number;
    readonly index: number;
    readonly commitment: string;
  }[];
}

export interface StoredDeposit {
  readonly index: number;
  readonly typeId: string;
  readonly ownerHash: string;
  readonly data: readonly string[];
  readonly l1Block: number;
  readonly l1BlockHash: string;
}

export interface Reason {
  readonly code: string;
  readonly message: string;
}

/**
 * pool: accepted, not on L1 (its public status follows from the candidate). settled: in an L2 block that is on L1.
 * dropped: will never settle.
 */
export interface StoredTransaction {
  readonly id: string;
  readonly state: 'pool' | 'settled' | 'dropped';
  /** Order of acceptance; kept when a reorg returns the transaction to the pool. */
  readonly sequence: number;
  readonly l2Block: number | null;
  /** The reason that it waits (pool) or was dropped. */
  readonly reason: Reason | null;
  /** L1 block in which it was first seen with an anchor that no stored root equals. */
  readonly parkedAt: number | null;
}

/** The block being built. Everything else about it follows from these facts and the state. */
export interface StoredCandidate {
  readonly parent: StatePosition;
  readonly proposer: string;
  readonly chunks: readonly ChunkSize[];
  readonly transactionIds: readonly string[];
  readonly depositCount: number;
  /** Keys of the chunk proofs in the proof store, in order. */
  readonly proofKeys: readonly string[];
}

export interface StoredAttempt {
  readonly hash: string;
  readonly raw: string;
  readonly maxFeePerGas: string;
  readonly maxPriorityFeePerGas: string;
}

/** The one L1 transaction slot (nonce) in use; every attempt in it carries the same nonce, so one at most is mined. */
export interface StoredPublication {
  readonly proposer: string;
  readonly nonce: number;
  readonly blockHash: string;
  readonly l2Block: number;
  /** L1 block at which the nonce was free. Absent in stores of earlier versions. */
  readonly l1Block?: number;
  readonly gas: string;
  readonly attempts: readonly StoredAttempt[];
}
