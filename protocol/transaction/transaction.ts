import { keccak_256 } from '@noble/hashes/sha3.js';
import { concatBytes } from '@noble/hashes/utils.js';
import type { SizeClass } from '../constants.ts';
import { AzaleaError } from '../errors.ts';
import { type Field, fieldFromBytes, fieldToBytes } from '../field.ts';
import { assertProofEncoding, PROOF_BYTES } from '../proof.ts';
import { SIGNAL_NAMES, transitionSizeClass } from './transition.ts';

/** A proven transition. */
export interface ProvenTransition {
  /** KEY_ID of its circuit. */
  readonly keyId: number;
  /** PROOF_BYTES bytes. */
  readonly proof: Uint8Array;
  /** The statement's hash, c: one of the proof's public inputs. */
  readonly statementHash: Field;
  /** All words of the statement, in order: docs/specification.md, section 6. */
  readonly signals: readonly Field[];
}

/** One root call; its callees and a fee transition join it once they exist. */
export interface Transaction {
  readonly transitions: readonly ProvenTransition[];
}

/** First byte of an encoded transaction. */
export const TRANSACTION_VERSION = 1;

const HEADER_BYTES = 2;

/** Bytes of a transaction with one transition, by its size class. */
export const TRANSACTION_BYTES: Readonly<Record<SizeClass, number>> = {
  small: HEADER_BYTES + 1 + PROOF_BYTES + 32 + 32 * SIGNAL_NAMES.small.length,
  large: HEADER_BYTES + 1 + PROOF_BYTES + 32 + 32 * SIGNAL_NAMES.large.length,
};
/** The one canonical encoding: docs/specification.md, section 11. Throws what `decodeTransaction` throws. */
export function encodeTransaction(transaction: Transaction): Uint8Array {
  assertSingle(transaction.transitions.length);
  for (const { keyId, proof, signals } of transaction.transitions) {
    const sizeClass = sizeClassOf(keyId);
    assertProofEncoding(proof);
    const { length } = SIGNAL_NAMES[sizeClass];
    if (signals.length !== length) {
      throw new AzaleaError(
        'TRANSACTION_ENCODING',
        `A ${sizeClass} transition has ${length} signals, this one has ${signals.length}.`,
      );
    }
  }
  return concatBytes(
    Uint8Array.of(TRANSACTION_VERSION, transaction.transitions.length),
    ...transaction.transitions.flatMap(({ keyId, proof, statementHash, signals }) => [
      Uint8Array.of(keyId),
      proof,
      fieldToBytes(statementHash),
      ...signals.map(fieldToBytes),
    ]),
  );
}

/**
 * Reads an encoded transaction; any other encoding of the same thing is refused.
 * Errors: TRANSACTION_ENCODING (length, version), TRANSACTION_SHAPE (not exactly one transition), TRANSACTION_KEY,
 * PROOF_ENCODING, FIELD_OUT_OF_RANGE (names the signal).
 */
export function decodeTransaction(bytes: Uint8Array): Transaction {
  if (bytes.length < HEADER_BYTES) {
    throw new AzaleaError('TRANSACTION_ENCODING', `A transaction has at least ${HEADER_BYTES} bytes.`);
  }
  if (bytes[0] !== TRANSACTION_VERSION) {
    throw new AzaleaError(
      'TRANSACTION_ENCODING',
      `Unknown transaction version ${bytes[0]}; this software reads version ${TRANSACTION_VERSION}.`,
    );
  }
  assertSingle(bytes[1]);
  if (bytes.length === HEADER_BYTES) {
    throw new AzaleaError('TRANSACTION_ENCODING', 'The transaction ends before its transition.');
  }
  const keyId = bytes[HEADER_BYTES];
  const sizeClass = sizeClassOf(keyId);
  if (bytes.length !== TRANSACTION_BYTES[sizeClass]) {
    throw new AzaleaError(
      'TRANSACTION_ENCODING',
      `A transaction of one ${sizeClass} transition has ${TRANSACTION_BYTES[sizeClass]} bytes, this one has ${bytes.length}.`,
    );
  }
  const proofStart = HEADER_BYTES + 1;
  const proof = bytes.slice(proofStart, proofStart + PROOF_BYTES);
  assertProofEncoding(proof);
  const word = (at: number, name: string): Field => {
    const start = proofStart + PROOF_BYTES + 32 * at;
    return fieldFromBytes(bytes.subarray(start, start + 32), name);
  };
  const statementHash = word(0, "the statement's hash");
  const signals = SIGNAL_NAMES[sizeClass].map((name, k) => word(1 + k, `signal ${name}`));
  return { transitions: [{ keyId, proof, statementHash, signals }] };
}

/**
 * keccak256 of, per transition, key id and statement: never of proof bytes, which anyone can re-randomise, nor of the
 * statement's hash, which a signer can change.
 */
export function transactionId(transaction: {
  readonly transitions: readonly Pick<ProvenTransition, 'keyId' | 'signals'>[];
}): Uint8Array {
  return keccak_256(
    concatBytes(
      ...transaction.transitions.flatMap(({ keyId, signals }) => [
        Uint8Array.of(keyId),
        ...signals.map(fieldToBytes),
      ]),
    ),
  );
}

function assertSingle(count: number): void {
  if (count === 1) return;
  throw new AzaleaError(
    'TRANSACTION_SHAPE',
    `A transaction is exactly one transition until calls between programs exist; this one says ${count}.`,
    { transitions: count },
  );
}

function sizeClassOf(keyId: number): SizeClass {
  const sizeClass = transitionSizeClass(keyId);
  if (sizeClass !== undefined) return sizeClass;
  throw new AzaleaError('TRANSACTION_KEY', `Key ${keyId} is not the key of a transition.`, { keyId });
}
