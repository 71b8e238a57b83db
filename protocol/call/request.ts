import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes, randomBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Account, ComputeKey } from '../account.ts';
import { AVM_SIZE, type SizeClass, SUBGROUP_ORDER } from '../constants.ts';
import { hashToGroup } from '../curve/hash-to-group.ts';
import { G, mulPoint, type Point } from '../curve/point.ts';
import { encryptionScalar } from '../encryption.ts';
import { AzaleaError } from '../errors.ts';
import { type Field, fieldToBytes, integerFromBytes, integerToBytes } from '../field.ts';
import { dummyNullifier, nullifierOf, type RecordPreimage, recordCommitment } from '../record.ts';
import {
  type Message,
  messageSignals,
  TRANSITION_SLOTS,
  type TransitionSignals,
} from '../transaction/transition.ts';
import { challengeOf } from './challenge.ts';
import { type OutputRecord, type SealedOutput, sealOutputs } from './seal-outputs.ts';

/** Bytes of fresh randomness that enter a signature nonce. */
export const NONCE_RANDOM_BYTES = 32;

/** One call, ready to be signed. */
export interface AuthorizeOptions {
  readonly account: Account;
  /** Of the function; `small` if absent. */
  readonly sizeClass?: SizeClass;
  readonly programId: Field;
  readonly functionId: Field;
  /** Plain inputs, padded to the size's capacity. */
  readonly inputs: readonly Field[];
  /** Records to spend, by slot (undefined: unused); the account owns all. */
  readonly recordInputs: readonly (RecordPreimage | undefined)[];
  /** Records to make, by slot (undefined: unused). */
  readonly recordOutputs: readonly (OutputRecord | undefined)[];
  readonly message?: Message;
  readonly anchorRoot: Field;
  readonly rollupId: Field;
  /** Fresh for every signature; tests may fix it. */
  readonly randomness?: Uint8Array;
}

/** An input slot as the circuit sees it. */
export interface AuthorizedInput {
  readonly used: boolean;
  readonly record: RecordPreimage;
  readonly commitment: Field;
  /** H = hashToGroup(commitment), h = t*H, gamma = sk_sig*H. */
  readonly H: Point;
  readonly h: Point;
  readonly gamma: Point;
  readonly nullifier: Field;
}

/**
 * A signed call. With the program and the note-tree paths, a delegated prover needs nothing else.
 * It lets the prover neither change the call, nor spend another record, nor compute another nullifier.
 * It is confidential all the same: it shows this call.
 */
export interface Authorization {
  readonly computeKey: ComputeKey;
  /** Of the circuit that proves it; bound by functionId. */
  readonly sizeClass: SizeClass;
  /** The signer's address. */
  readonly signer: Point;
  readonly programId: Field;
  readonly functionId: Field;
  readonly caller: Field;
  readonly isRoot: boolean;
  readonly inputs: readonly Field[];
  readonly tvk: Field;
  readonly recordInputs: readonly AuthorizedInput[];
  readonly recordOutputs: readonly SealedOutput[];
  readonly signals: TransitionSignals;
  readonly challenge: bigint;
  /** s = t - c*sk_sig mod l. */
  readonly response: bigint;
}

/**
 * Signs a call: docs/specification.md, sections 4 and 5. Nothing here checks that the outputs follow from the program:
 * the circuit does.
 * Errors: RECORD_NOT_OWNED, TOO_MANY_RECORDS, RECORD_DUPLICATE, RECORD_WORDS, INPUT_COUNT, MESSAGE_FOREIGN,
 * FIELD_OUT_OF_RANGE, POINT_NOT_IN_SUBGROUP (an output owner), NONCE_RANDOMNESS.
 */
export function authorize(options: AuthorizeOptions): Authorization {
  const { account, programId, functionId, inputs, anchorRoot, rollupId, sizeClass = 'small' } = options;
  const slots = TRANSITION_SLOTS[sizeClass];
  checkCall(options, sizeClass);
  checkRecords(options, sizeClass);
  const t = signatureNonce(options);
  const signer = account.address.x;
  const tvk = mulPoint(account.address, t).x;

  const recordInputs = Array.from({ length: slots.inputs }, (_, slot) =>
    authorizeInput(account, options.recordInputs[slot], t, tvk, slot),
  );
  const nullifiers = recordInputs.map((input) => input.nullifier);
  const recordOutputs = sealOutputs({
    outputs: options.recordOutputs,
    slots: slots.outputs,
    signer,
    tvk,
    firstNullifier: nullifiers[0],
  });
  const signals: TransitionSignals = {
    anchorRoot,
    nullifiers,
    commitments: recordOutputs.map((output) => output.commitment),
    tpk: mulPoint(G, t).x,
    encryptionPoint: mulPoint(G, encryptionScalar(tvk)).x,
    ciphertexts: recordOutputs.map((output) => output.ciphertext),
    outgoing: recordOutputs.map((output) => output.outgoing),
    finalizeHash: 0n,
    linkIn: 0n,
    linkOut: Array<Field>(slots.calls).fill(0n),
    message: options.message,
    rollupId,
  };
  const unsigned = {
    sizeClass,
    computeKey: account.computeKey,
    signer: account.address,
    programId,
    functionId,
    caller: signer,
    isRoot: true,
    inputs,
    tvk,
    recordInputs,
    recordOutputs,
    signals,
  };
  const challenge = challengeOf(unsigned);
  const response = (((t - challenge * account.skSig) % SUBGROUP_ORDER) + SUBGROUP_ORDER) % SUBGROUP_ORDER;
  return { ...unsigned, challenge, response };
}

function checkCall({ inputs, message, programId }: AuthorizeOptions, sizeClass: SizeClass): void {
  if (inputs.length !== AVM_SIZE[sizeClass].inputs) {
    throw new AzaleaError(
      'INPUT_COUNT',
      `A ${sizeClass} function takes ${AVM_SIZE[sizeClass].inputs} input elements, padded with zeros; got ${inputs.length}.`,
    );
  }
  if (message !== undefined && message.programId !== programId) {
    throw new AzaleaError('MESSAGE_FOREIGN', 'A program can send messages in its own name only.');
  }
}

function checkRecords(options: AuthorizeOptions, sizeClass: SizeClass): void {
  const { recordInputs, recordOutputs, account } = options;
  const slots = TRANSITION_SLOTS[sizeClass];
  if (recordInputs.length > slots.inputs || recordOutputs.length > slots.outputs) {
    throw new AzaleaError(
      'TOO_MANY_RECORDS',
      `A ${sizeClass} function takes ${slots.inputs} and makes ${slots.outputs} records at most; this call has ${recordInputs.length} and ${recordOutputs.length}.`,
    );
  }
  const seen = new Set<Field>();
  for (const record of recordInputs) {
    if (record === undefined) continue;
    if (record.owner !== account.address.x) {
      throw new AzaleaError(
        'RECORD_NOT_OWNED',
        'A record input belongs to another account; only its owner can spend it.',
      );
    }
    const commitment = recordCommitment(record);
    if (seen.has(commitment)) {
      throw new AzaleaError('RECORD_DUPLICATE', 'The same record is given twice; a record is spent once.');
    }
    seen.add(commitment);
  }
}

/** t: a reused or biased one would leak sk_sig, so everything that is signed enters it beside fresh randomness. */
function signatureNonce(options: AuthorizeOptions): bigint {
  const random = options.randomness ?? randomBytes(NONCE_RANDOM_BYTES);
  if (random.length !== NONCE_RANDOM_BYTES) {
    throw new AzaleaError('NONCE_RANDOMNESS', `A signature nonce takes ${NONCE_RANDOM_BYTES} random bytes.`);
  }
  const records = options.recordInputs.map((record) =>
    record === undefined ? 0n : recordCommitment(record),
  );
  const outputs = options.recordOutputs.map((output) =>
    output === undefined ? [0n] : [1n, output.typeId, output.owner, ...output.data],
  );
  const fields = [
    options.programId,
    options.functionId,
    ...options.inputs,
    BigInt(records.length),
    ...records,
    BigInt(outputs.length),
    ...outputs.flat(),
    ...messageSignals(options.message),
    options.anchorRoot,
    options.rollupId,
    // Call index: one call per transaction until calls between programs exist.
    0n,
  ];
  const digest = sha512(
    concatBytes(
      utf8ToBytes('azalea/nonce/v1'),
      integerToBytes(options.account.skSig, 32),
      random,
      ...fields.map(fieldToBytes),
    ),
  );
  const t = integerFromBytes(digest) % SUBGROUP_ORDER;
  if (t === 0n) throw new AzaleaError('NONCE_ZERO', 'The signature nonce came out as zero. Try again.');
  return t;
}

function authorizeInput(
  account: Account,
  given: RecordPreimage | undefined,
  t: bigint,
  tvk: Field,
  slot: number,
): AuthorizedInput {
  const used = given !== undefined;
  const record = given ?? emptyRecord(account.address.x);
  const commitment = recordCommitment(record);
  const H = hashToGroup(commitment);
  const gamma = mulPoint(H, account.skSig);
  return {
    used,
    record,
    commitment,
    H,
    h: mulPoint(H, t),
    gamma,
    nullifier: used ? nullifierOf(commitment, gamma) : dummyNullifier(tvk, account.address.x, slot),
  };
}

/** The content of an unused input slot: zeros under the signer. */
function emptyRecord(signer: Field): RecordPreimage {
  return { typeId: 0n, owner: signer, blind: 0n, rho: 0n, data: [0n, 0n, 0n, 0n, 0n] };
}
