/** An L2 block as the sequencer works with it: decoded from the bytes that stand on L1, cut into chunks as L1 cuts it. */
import { keccak_256 } from '@noble/hashes/sha3.js';
import { decodeBlock, encodeBlock } from '../../protocol/transaction/block.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import { stateUpdateHash } from '../../protocol/state/binding.ts';
import { depositLeaf } from '../../protocol/tree/deposit-leaf.ts';
import type { AppliedChunk } from '../../protocol/state/apply-chunk.ts';
import { type Chunk, type ChunkSize, chunkSizeOfKey, STATE_UPDATE_KEY } from '../../protocol/state/chunk.ts';
import { type BlockDeposit, layChunks } from '../../protocol/state/lay-chunks.ts';
import { bytesHex } from '../hex.ts';
import type { Candidate } from '../mempool/mempool.ts';
import { type PoolTransaction, poolTransaction } from '../mempool/pool-transaction.ts';
import type { StoredDeposit } from '../state/records.ts';

/** A chunk together with the roots that L1 accepted for it. */
export interface SettledChunk extends Chunk {
  readonly newNoteRoot: bigint;
  readonly newNullifierRoot: bigint;
}

export interface BlockContents {
  /** keccak256 of the bytes. */
  readonly hash: string;
  /** In order. A block's bytes have no bounds between transactions yet: each transition is one. */
  readonly transactions: readonly PoolTransaction[];
  readonly chunks: readonly SettledChunk[];
  /** Hashes every deposit: expensive, so computed on demand. */
  readonly depositCommitments: () => readonly bigint[];
}

export interface BlockContext {
  readonly rollupId: bigint;
  /** Element of the deposit queue, counted from the first that the block may take. */
  readonly deposit: (offset: number) => StoredDeposit | undefined;
}

export const depositWords = (deposit: StoredDeposit): BlockDeposit => [
  BigInt(deposit.typeId),
  BigInt(deposit.ownerHash),
  BigInt(deposit.index),
  ...deposit.data.map(BigInt),
];

/**
 * Reads a settled block.
 * @throws AzaleaError L1_INCONSISTENT when it takes a deposit that is not known, BLOCK_ENCODING.
 */
export function readBlock(bytes: Uint8Array, context: BlockContext): BlockContents {
  const block = decodeBlock(bytes);
  const transactions = block.transitions.map(({ keyId, proof, statementHash, signals }) =>
    poolTransaction({
      transitions: [{ keyId, proof, statementHash, signals: [...signals, context.rollupId] }],
    }),
  );
  const deposits = Array.from({ length: block.depositCount }, (_, offset) => {
    const deposit = context.deposit(offset);
    if (deposit === undefined) {
      throw new AzaleaError(
        'L1_INCONSISTENT',
        'A block takes a deposit whose event L1 did not show; trying again',
      );
    }
    return depositWords(deposit);
  });
  const sizes = block.chunks.map(({ keyId }) => sizeOf(keyId));
  const chunks = layChunks(sizes, transactions, deposits).map((chunk, index) => ({
    ...chunk,
    newNoteRoot: block.chunks[index].newNoteRoot,
    newNullifierRoot: block.chunks[index].newNullifierRoot,
  }));
  return {
    hash: bytesHex(keccak_256(bytes)),
    transactions,
    chunks,
    depositCommitments: () => deposits.map(depositLeaf),
  };
}

/** Bytes of a block made of these transactions and applied chunks with their proofs. */
export function writeBlock(
  chosen: readonly Candidate[],
  applied: readonly AppliedChunk[],
  proofs: readonly Uint8Array[],
  depositCount: number,
): Uint8Array {
  return encodeBlock({
    transitions: chosen.flatMap(({ transaction, anchorBlocks }) =>
      transaction.transitions.map(({ proven }, k) => ({
        keyId: proven.keyId,
        anchorBlock: anchorBlocks[k],
        proof: proven.proof,
        statementHash: proven.statementHash,
        signals: proven.signals.slice(0, -1),
      })),
    ),
    chunks: applied.map((chunk, index) => ({
      keyId: STATE_UPDATE_KEY[chunk.size],
      newNoteRoot: chunk.newNoteRoot,
      newNullifierRoot: chunk.newNullifierRoot,
      statementHash: stateUpdateHash(chunk),
      proof: proofs[index],
    })),
    depositCount,
  });
}

function sizeOf(keyId: number): ChunkSize {
  const size = chunkSizeOfKey(keyId);
  if (size !== undefined) return size;
  throw new AzaleaError('BLOCK_LAYOUT', `Key ${keyId} is not the key of a state update`, { keyId });
}
