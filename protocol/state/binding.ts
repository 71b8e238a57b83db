import { DEPOSIT_WORDS, DEPOSITS_PER_CHUNK, DOMAIN, STATE_UPDATE_SLOTS } from '../constants.ts';
import { AzaleaError } from '../errors.ts';
import type { Field } from '../field.ts';
import { hash } from '../hash/hash.ts';
import { type PublicInputs, publicInputs } from '../transaction/statement.ts';
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

/** The statement of a state update, S: roots, starts, D; docs/specification.md, section 10. Throws CHUNK_SHAPE. */
export function stateUpdateStatement(chunk: BoundChunk): Field[] {
  return [
    chunk.oldNoteRoot,
    chunk.newNoteRoot,
    chunk.oldNullifierRoot,
    chunk.newNullifierRoot,
    BigInt(chunk.starts.noteStart),
    BigInt(chunk.starts.depositStart),
    BigInt(chunk.starts.nullifierStart),
    ...chunkElements(chunk.data),
  ];
}

/** The statement's hash, c. */
export function stateUpdateHash(chunk: BoundChunk): Field {
  return hash(DOMAIN.STATE_UPDATE, stateUpdateStatement(chunk));
}

/**
 * Public inputs of a state-update proof: docs/specification.md, section 10; twin of contracts/StateUpdates.sol. x binds the
 * proof to the chain, the contract, the proposer and the block, so nobody can copy a proposal.
 */
export function stateUpdatePublicInputs(options: StateUpdateBindingOptions): PublicInputs {
  const { chunk } = options;
  const bound = [
    options.chainId,
    BigInt(options.contract),
    BigInt(options.sender),
    BigInt(options.l2Block),
    BigInt(options.keyId),
  ];
  return publicInputs(bound, stateUpdateStatement(chunk), stateUpdateHash(chunk));
}
