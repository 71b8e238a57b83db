import { RECORD_WORDS } from '../constants.ts';
import { decompress, mulPoint, type Point } from '../curve/point.ts';
import { encryptionScalar, encryptWords, outgoingOf } from '../encryption.ts';
import type { Field } from '../field.ts';
import { outputBlind, outputRho, type RecordPreimage, recordCommitment } from '../record.ts';

/** A record that a function makes. */
export interface OutputRecord {
  readonly typeId: Field;
  /** x of the owner's address. */
  readonly owner: Field;
  /** RECORD_WORDS words. */
  readonly data: readonly Field[];
}

/** An output slot with all that follows from it. */
export interface SealedOutput {
  readonly used: boolean;
  readonly ownerPoint: Point;
  readonly record: RecordPreimage;
  readonly commitment: Field;
  readonly ciphertext: readonly Field[];
  readonly outgoing: Field;
}

export interface SealOptions {
  /** By slot; undefined is an unused slot. */
  readonly outputs: readonly (OutputRecord | undefined)[];
  /** Output slots of the size; unused ones hold typeId 0, the signer and zeros, hashed and encrypted all the same. */
  readonly slots: number;
  readonly signer: Field;
  readonly tvk: Field;
  /** nullifiers[0] of the transition: outputs are made after it is known. */
  readonly firstNullifier: Field;
}

/** rho, blind, commitment, ciphertext and outgoing of every output slot. Throws POINT_NOT_IN_SUBGROUP for an owner. */
export function sealOutputs(options: SealOptions): SealedOutput[] {
  const { outputs, slots, signer, tvk, firstNullifier } = options;
  const scalar = encryptionScalar(tvk);
  return Array.from({ length: slots }, (_, slot) => {
    const output = outputs[slot] ?? { typeId: 0n, owner: signer, data: Array<Field>(RECORD_WORDS).fill(0n) };
    const ownerPoint = decompress(output.owner, 'owner of an output record');
    const secret = mulPoint(ownerPoint, scalar).x;
    const record: RecordPreimage = {
      typeId: output.typeId,
      owner: output.owner,
      data: output.data,
      rho: outputRho(firstNullifier, slot),
      blind: outputBlind(secret, slot),
    };
    return {
      used: outputs[slot] !== undefined,
      ownerPoint,
      record,
      commitment: recordCommitment(record),
      ciphertext: encryptWords(secret, slot, firstNullifier, [output.typeId, ...output.data]),
      outgoing: outgoingOf(output.owner, tvk, slot),
    };
  });
}
