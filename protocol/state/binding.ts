import { keccak_256 } from '@noble/hashes/sha3.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { DEPOSIT_WORDS, DEPOSITS_PER_CHUNK, FIELD_MODULUS, STATE_UPDATE_SLOTS } from '../constants.ts';
import { AzaleaError } from '../errors.ts';
import { type Field, integerFromBytes, integerToBytes, toField } from '../field.ts';
import type { ChunkData } from './chunk.ts';

/** A chunk between its roots. */
export interface BoundChunk {
  readonly data: ChunkData;
  readonly oldNoteRoot: Field;
  readonly newNoteRoot: Field;
  readonly oldNullifierRoot: Field;
  readonly newNullifierRoot: Field;
  readonly starts: {
    readonly noteStart: number;
    readonly depositStart: number;
    readonly nullifierStart: number;
  };
}

/** x and y of a state-update proof: they bind the proof to everything that L1 knows of the chunk. */
export interface ChunkBinding {
  readonly x: Field;
  readonly y: Field;
}

export interface StateUpdateBindingOptions {
  readonly chainId: bigint;
  /** Address of the rollup contract. */
  readonly contract: string;
  /** L1 account that proposes the block. */
  readonly sender: string;
  readonly l2Block: number;
  readonly keyId: number;
  readonly chunk: BoundChunk;
}

/** D: nullifiers, commitments, deposit words. Throws CHUNK_SHAPE unless every slot is there, skipped ones as zeros. */
export function chunkElements(data: ChunkData): Field[] {
  const slots = data.nullifiers.length;
  const whole =
    Object.values<number>(STATE_UPDATE_SLOTS).includes(slots) &&
    data.commitments.length === slots &&
    data.deposits.length === DEPOSITS_PER_CHUNK &&
    data.deposits.every((words) => words.length === DEPOSIT_WORDS);
  if (!whole) {
    throw new AzaleaError(
      'CHUNK_SHAPE',
      `D has as many nullifiers as commitments (${Object.values(STATE_UPDATE_SLOTS).join(' or ')}) and ${DEPOSITS_PER_CHUNK} deposits of ${DEPOSIT_WORDS} words; fill skipped slots with zeros.`,
    );
  }
  return [...data.nullifiers, ...data.commitments, ...data.deposits.flat()];
}

/**
 * x and y of a state-update proof: docs/specification.md, section 10; twin of contracts/StateUpdates.sol. x commits to
 * everything L1 knows of the chunk, y = sum_j D_j x^(j+1) lets the circuit show that it used the same D.
 */
export function stateUpdateBinding(options: StateUpdateBindingOptions): ChunkBinding {
  const { chunk } = options;
  const elements = chunkElements(chunk.data);
  const words = [
    options.chainId,
    BigInt(options.contract),
    BigInt(options.sender),
    BigInt(options.l2Block),
    BigInt(options.keyId),
    ...elements,
    chunk.oldNoteRoot,
    chunk.newNoteRoot,
    chunk.oldNullifierRoot,
    chunk.newNullifierRoot,
    BigInt(chunk.starts.noteStart),
    BigInt(chunk.starts.depositStart),
    BigInt(chunk.starts.nullifierStart),
  ];
  const digest = keccak_256(concatBytes(...words.map((word) => integerToBytes(word, 32))));
  const x = integerFromBytes(digest) % FIELD_MODULUS;
  let y = 0n;
  for (let j = elements.length - 1; j >= 0; j--) y = toField((y + elements[j]) * x);
  return { x, y };
}
