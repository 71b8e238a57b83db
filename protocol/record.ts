import { DOMAIN, RECORD_WORDS } from './constants.ts';
import { hashToGroup } from './curve/hash-to-group.ts';
import { clearCofactor, mulPoint, type Point } from './curve/point.ts';
import { AzaleaError } from './errors.ts';
import type { Field } from './field.ts';
import { hash } from './hash/hash.ts';

/** Preimage of a commitment: docs/specification.md, section 4. */
export interface RecordPreimage {
  readonly typeId: Field;
  /** x of the owner's address. */
  readonly owner: Field;
  readonly blind: Field;
  readonly rho: Field;
  /** RECORD_WORDS words; unused ones are 0. */
  readonly data: readonly Field[];
}

/** hash(TYPE, [programId, recordName]). */
export function recordTypeId(programId: Field, recordName: Field): Field {
  return hash(DOMAIN.TYPE, [programId, recordName]);
}

export function ownerHash(owner: Field, blind: Field): Field {
  return hash(DOMAIN.OWNER, [owner, blind]);
}

/** hash(RECORD, [typeId, ownerHash, rho, d_0..d_4]). */
export function commitmentOf(typeId: Field, owner: Field, rho: Field, data: readonly Field[]): Field {
  if (data.length !== RECORD_WORDS) {
    throw new AzaleaError(
      'RECORD_WORDS',
      `A record has ${RECORD_WORDS} data words, this one has ${data.length}.`,
    );
  }
  return hash(DOMAIN.RECORD, [typeId, owner, rho, ...data]);
}

export function recordCommitment(record: RecordPreimage): Field {
  return commitmentOf(record.typeId, ownerHash(record.owner, record.blind), record.rho, record.data);
}

/** rho of output i, made unique by the transition's first nullifier. */
export function outputRho(firstNullifier: Field, output: number): Field {
  return hash(DOMAIN.RHO, [firstNullifier, BigInt(output)]);
}

/** blind of output i, from the encryption secret S_i. */
export function outputBlind(secret: Field, output: number): Field {
  return hash(DOMAIN.BLIND, [secret, BigInt(output)]);
}

/** rho of the deposit at `queueIndex` of L1's queue. */
export function depositRho(queueIndex: bigint): Field {
  return hash(DOMAIN.RHO_DEPOSIT, [queueIndex]);
}

/** blind of an account's deposit number `counter`: found again from the seed alone. */
export function depositBlind(viewKey: bigint, rollupId: Field, counter: number): Field {
  return hash(DOMAIN.DEPOSIT_BLIND, [viewKey, rollupId, BigInt(counter)]);
}

/** The owner's private part of a deposit; L1 shows the rest. */
export interface DepositOptions {
  readonly viewKey: bigint;
  /** x of the owner's address. */
  readonly owner: Field;
  readonly rollupId: Field;
  readonly counter: number;
  readonly typeId: Field;
  readonly queueIndex: bigint;
  readonly data: readonly Field[];
}

/** The record that L1's queue element `queueIndex` becomes, if its ownerHash is the one of this account and counter. */
export function depositRecord(options: DepositOptions): RecordPreimage {
  const { viewKey, owner, rollupId, counter, typeId, queueIndex, data } = options;
  const blind = depositBlind(viewKey, rollupId, counter);
  return { typeId, owner, blind, rho: depositRho(queueIndex), data };
}

/** gamma = sk_sig * H, H = hashToGroup(commitment). */
export function gammaOf(skSig: bigint, commitment: Field): Point {
  return mulPoint(hashToGroup(commitment), skSig);
}

/**
 * hash(NULL, [commitment, (8 * gamma).y]). The y of 8 * gamma: gamma, -gamma and gamma + torsion give one nullifier.
 */
export function nullifierOf(commitment: Field, gamma: Point): Field {
  return hash(DOMAIN.NULL, [commitment, clearCofactor(gamma).y]);
}

/** Public nullifier of the unused input slot j: not free (front-running), not random (one signature, one settlement). */
export function dummyNullifier(tvk: Field, signer: Field, input: number): Field {
  return hash(DOMAIN.DUMMY, [tvk, signer, BigInt(input)]);
}
