import { concatBytes } from '@noble/hashes/utils.js';
import { KEY_ID } from '../constants.ts';
import { AzaleaError } from '../errors.ts';
import { type Field, fieldFromBytes, fieldToBytes, integerFromBytes, integerToBytes } from '../field.ts';
import { assertProofEncoding, PROOF_BYTES } from '../proof.ts';
import { LARGE_SIGNAL_COUNT, SMALL_SIGNAL_COUNT } from './transition.ts';

/** A transition as a block carries it: without rollupId, which L1 knows. */
export interface BlockTransition {
  /** Its circuit: says how many signals it has. */
  readonly keyId: number;
  /** L2 block whose note root is the anchor. */
  readonly anchorBlock: number;
  readonly proof: Uint8Array;
  /** The statement's hash, c. */
  readonly statementHash: Field;
  /** The words of the statement without the last, rollupId. */
  readonly signals: readonly Field[];
}

/** A state-update proof and the roots after it. */
export interface BlockChunk {
  readonly keyId: number;
  readonly newNoteRoot: Field;
  readonly newNullifierRoot: Field;
  /** The statement's hash, c. */
  readonly statementHash: Field;
  readonly proof: Uint8Array;
}

export interface Block {
  readonly transitions: readonly BlockTransition[];
  readonly chunks: readonly BlockChunk[];
  /** Elements taken from L1's deposit queue. */
  readonly depositCount: number;
}

/** First byte of an encoded block. */
export const BLOCK_VERSION = 1;
/** Section types. */
export const BLOCK_SECTION = { transitions: 1, chunks: 2, deposits: 3 } as const;

const PROOF_END = 1 + 4 + PROOF_BYTES;
const HEADER_BYTES = PROOF_END + 32;

/** Signals that a block carries of a transition of this key: all but rollupId. Throws BLOCK_ENCODING for another key. */
function carriedSignals(keyId: number): number {
  if (keyId === KEY_ID['transition-small']) return SMALL_SIGNAL_COUNT - 1;
  if (keyId === KEY_ID['transition-large']) return LARGE_SIGNAL_COUNT - 1;
  throw refused(`key ${keyId} is not the key of a transition`);
}

/** Bytes of one transition in a block. Throws BLOCK_ENCODING for a key that is no transition's. */
export function blockTransitionBytes(keyId: number): number {
  return HEADER_BYTES + 32 * carriedSignals(keyId);
}

/** Bytes of one chunk in a block. */
export const BLOCK_CHUNK_BYTES = 1 + 32 + 32 + 32 + PROOF_BYTES;

/**
 * The one canonical encoding: docs/specification.md, section 11.
 * Errors: BLOCK_ENCODING, PROOF_ENCODING, FIELD_OUT_OF_RANGE, INTEGER_TOO_LARGE.
 */
export function encodeBlock(block: Block): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(BLOCK_VERSION)];
  const section = (type: number, count: number, body: readonly Uint8Array[]): void => {
    if (count === 0) return;
    const bytes = concatBytes(unsigned(count, 2), ...body);
    parts.push(Uint8Array.of(type), integerToBytes(BigInt(bytes.length), 4), bytes);
  };
  section(
    BLOCK_SECTION.transitions,
    block.transitions.length,
    block.transitions.flatMap(({ keyId, anchorBlock, proof, statementHash, signals }) => {
      assertProofEncoding(proof);
      if (signals.length !== carriedSignals(keyId)) {
        throw refused(
          `a transition of key ${keyId} carries ${carriedSignals(keyId)} signals, not ${signals.length}`,
        );
      }
      return [
        unsigned(keyId, 1),
        unsigned(anchorBlock, 4),
        proof,
        ...[statementHash, ...signals].map(fieldToBytes),
      ];
    }),
  );
  section(
    BLOCK_SECTION.chunks,
    block.chunks.length,
    block.chunks.flatMap(({ keyId, newNoteRoot, newNullifierRoot, statementHash, proof }) => {
      assertProofEncoding(proof);
      return [unsigned(keyId, 1), ...[newNoteRoot, newNullifierRoot, statementHash].map(fieldToBytes), proof];
    }),
  );
  section(BLOCK_SECTION.deposits, block.depositCount, []);
  return concatBytes(...parts);
}

function unsigned(value: number, bytes: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0) throw refused(`${value} is no unsigned integer`);
  return integerToBytes(BigInt(value), bytes);
}

/** Reads an encoded block; any other encoding is refused with BLOCK_ENCODING. */
export function decodeBlock(bytes: Uint8Array): Block {
  if (bytes[0] !== BLOCK_VERSION) throw refused(`unknown version ${bytes[0] ?? 'none'}`);
  const block = { transitions: [] as BlockTransition[], chunks: [] as BlockChunk[], depositCount: 0 };
  let cursor = 1;
  let previous = 0;
  while (cursor < bytes.length) {
    if (bytes.length - cursor < 7) throw refused('a section is cut');
    const type = bytes[cursor];
    const length = Number(integerFromBytes(bytes.subarray(cursor + 1, cursor + 5)));
    const count = Number(integerFromBytes(bytes.subarray(cursor + 5, cursor + 7)));
    const body = bytes.subarray(cursor + 7, cursor + 5 + length);
    if (type <= previous) throw refused('sections are not in ascending order');
    if (count === 0) throw refused(`section ${type} is empty`);
    if (length < 2 || body.length !== length - 2) throw refused(`section ${type} is cut`);
    if (type === BLOCK_SECTION.transitions) {
      block.transitions = readTransitions(body, count);
    } else if (type === BLOCK_SECTION.chunks) {
      block.chunks = readChunks(body, count);
    } else if (type === BLOCK_SECTION.deposits) {
      if (body.length !== 0) throw refused('the deposits section has trailing bytes');
      block.depositCount = count;
    } else {
      throw refused(`unknown section ${type}`);
    }
    previous = type;
    cursor += 5 + length;
  }
  return block;
}

/** Entries of both sizes stand in any order: each says by its key id how long it is. */
function readTransitions(body: Uint8Array, count: number): BlockTransition[] {
  const transitions: BlockTransition[] = [];
  let cursor = 0;
  for (let k = 0; k < count; k++) {
    if (cursor >= body.length) throw refused(`${count} transitions are announced, ${k} are there`);
    const size = blockTransitionBytes(body[cursor]);
    if (size > body.length - cursor) throw refused(`transition ${k} is cut`);
    transitions.push(readTransition(body.subarray(cursor, cursor + size)));
    cursor += size;
  }
  if (cursor !== body.length) throw refused('the transitions section has trailing bytes');
  return transitions;
}

function readTransition(entry: Uint8Array): BlockTransition {
  const proof = entry.slice(5, PROOF_END);
  assertProofEncoding(proof);
  return {
    keyId: entry[0],
    anchorBlock: Number(integerFromBytes(entry.subarray(1, 5))),
    proof,
    statementHash: fieldFromBytes(
      entry.subarray(PROOF_END, HEADER_BYTES),
      "the statement's hash of a transition",
    ),
    signals: Array.from({ length: carriedSignals(entry[0]) }, (_, k) => {
      const start = HEADER_BYTES + 32 * k;
      return fieldFromBytes(entry.subarray(start, start + 32), `signal ${k} of a transition`);
    }),
  };
}

function readChunks(body: Uint8Array, count: number): BlockChunk[] {
  if (body.length !== count * BLOCK_CHUNK_BYTES) {
    throw refused(`${count} chunks take ${count * BLOCK_CHUNK_BYTES} bytes, got ${body.length}`);
  }
  return Array.from({ length: count }, (_, k) =>
    readChunk(body.subarray(k * BLOCK_CHUNK_BYTES, (k + 1) * BLOCK_CHUNK_BYTES)),
  );
}

function readChunk(entry: Uint8Array): BlockChunk {
  const proof = entry.slice(97);
  assertProofEncoding(proof);
  return {
    keyId: entry[0],
    newNoteRoot: fieldFromBytes(entry.subarray(1, 33), 'new note root'),
    newNullifierRoot: fieldFromBytes(entry.subarray(33, 65), 'new nullifier root'),
    statementHash: fieldFromBytes(entry.subarray(65, 97), "the statement's hash of a chunk"),
    proof,
  };
}

function refused(why: string): AzaleaError {
  return new AzaleaError('BLOCK_ENCODING', `These are not the bytes of a block: ${why}.`);
}
