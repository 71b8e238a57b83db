/** An L2 block as the sequencer works with it: decoded from the bytes that stand on L1, cut into chunks as L1 cuts it. */
import { keccak_256 } from '@noble/hashes/sha3.js';
import { decodeBlock, encodeBlock } from '../../protocol/block.ts';
import { DEPOSITS_PER_CHUNK, KEY_ID, STATE_UPDATE_SLOTS } from '../../protocol/constants.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import type { TransitionSignals } from '../../protocol/transition.ts';
import { depositLeaf } from '../../protocol/tree/deposit-leaf.ts';
import type { AppliedChunk } from '../../prover/witness/state-update.ts';
import type { ChunkSize } from './chunk-plan.ts';
import { bytesHex } from '../hex.ts';
import { type PoolTransition, poolTransition } from '../mempool/pool-transition.ts';
import type { StoredDeposit } from '../state/records.ts';
import type { Chunk } from '../state/world-state.ts';

/** Key id on L1 of each state-update size. */
export const STATE_UPDATE_KEY: Readonly<Record<ChunkSize, number>> = {
  small: KEY_ID['state-update-small'],
  large: KEY_ID['state-update-large'],
};

/** A deposit's DEPOSIT_WORDS field elements: typeId, ownerHash, queue index, d_0..d_4. */
export type BlockDeposit = readonly bigint[];

/** A chunk together with the roots that L1 accepted for it. */
export interface SettledChunk extends Chunk {
  readonly newNoteRoot: bigint;
  readonly newNullifierRoot: bigint;
}

export interface BlockContents {
  /** keccak256 of the bytes. */
  readonly hash: string;
  readonly transitions: readonly PoolTransition[];
  readonly chunks: readonly SettledChunk[];
  /** Hashes every deposit: dear, so only for whoever asks. */
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
  const transitions = block.transitions.map(({ keyId, proof, signals }) =>
    poolTransition({ transitions: [{ keyId, proof, signals: [...signals, context.rollupId] }] }),
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
  const chunks = layChunks(
    sizes,
    transitions.map((transition) => transition.signals),
    deposits,
  ).map((chunk, index) => ({
    ...chunk,
    newNoteRoot: block.chunks[index].newNoteRoot,
    newNullifierRoot: block.chunks[index].newNullifierRoot,
  }));
  return {
    hash: bytesHex(keccak_256(bytes)),
    transitions,
    chunks,
    depositCommitments: () => deposits.map(depositLeaf),
  };
}

/** Bytes of a block made of these transitions and applied chunks with their proofs. */
export function writeBlock(
  transitions: readonly { readonly transition: PoolTransition; readonly anchorBlock: number }[],
  applied: readonly AppliedChunk[],
  proofs: readonly Uint8Array[],
  depositCount: number,
): Uint8Array {
  return encodeBlock({
    transitions: transitions.map(({ transition, anchorBlock }) => ({
      keyId: transition.proven.keyId,
      anchorBlock,
      proof: transition.proven.proof,
      signals: transition.proven.signals.slice(0, -1),
    })),
    chunks: applied.map((chunk, index) => ({
      keyId: STATE_UPDATE_KEY[chunk.size],
      newNoteRoot: chunk.newNoteRoot,
      newNullifierRoot: chunk.newNullifierRoot,
      proof: proofs[index],
    })),
    depositCount,
  });
}

/**
 * Cuts a block's data over its chunks as L1 does (docs/specification.md, section 11).
 * @throws AzaleaError BLOCK_LAYOUT when something is left over or a chunk gets nothing.
 */
export function layChunks(
  sizes: readonly ChunkSize[],
  transitions: readonly Pick<TransitionSignals, 'nullifiers' | 'commitments'>[],
  deposits: readonly BlockDeposit[],
): Chunk[] {
  const nullifiers = transitions.flatMap((transition) => transition.nullifiers);
  const commitments = transitions.flatMap((transition) => transition.commitments);
  const waiting = [...deposits];
  const chunks = sizes.map((size, index): Chunk => {
    const slots = STATE_UPDATE_SLOTS[size];
    const data = {
      nullifiers: nullifiers.splice(0, slots),
      commitments: commitments.splice(0, slots),
      deposits: waiting.splice(0, DEPOSITS_PER_CHUNK),
    };
    if (data.nullifiers.length + data.commitments.length + data.deposits.length === 0) {
      throw new AzaleaError('BLOCK_LAYOUT', `Chunk ${index} gets nothing; leave it out`, { chunk: index });
    }
    return { size, data };
  });
  const left = nullifiers.length + commitments.length + waiting.length;
  if (left > 0) throw new AzaleaError('BLOCK_LAYOUT', `${left} elements find no chunk; plan more`, { left });
  return chunks;
}

function sizeOf(keyId: number): ChunkSize {
  const size = (['small', 'large'] as const).find((name) => STATE_UPDATE_KEY[name] === keyId);
  if (size !== undefined) return size;
  throw new AzaleaError('BLOCK_LAYOUT', `Key ${keyId} is not the key of a state update`, { keyId });
}
