import { bech32m } from '@scure/base';
import { type ComputeKey, computeKeyOf, SEED_BYTES } from './account.ts';
import { SUBGROUP_ORDER } from './constants.ts';
import { decompress } from './curve/point.ts';
import { AzaleaError } from './errors.ts';
import { type Field, fieldFromBytes, fieldToBytes, integerFromBytes, integerToBytes } from './field.ts';

/** Human-readable prefixes of the bech32m text forms. */
export const TEXT_PREFIX = {
  address: 'azalea',
  seed: 'azseed',
  viewKey: 'azview',
  computeKey: 'azcompute',
} as const;

type Kind = keyof typeof TEXT_PREFIX;

const KIND_NAME: Record<Kind, string> = {
  address: 'address',
  seed: 'seed',
  viewKey: 'view key',
  computeKey: 'compute key',
};

/** `azalea1...` of an address (x of a subgroup point). */
export function addressToText(address: Field): string {
  return encode('address', fieldToBytes(address));
}

/**
 * Reads an address; a mistyped one is refused, not sent to.
 * Errors: TEXT_FORM (mistyped), TEXT_KIND (another kind of key), TEXT_LENGTH, POINT_NOT_IN_SUBGROUP.
 */
export function addressFromText(text: string): Field {
  const address = fieldFromBytes(decode('address', text, 32), 'address');
  decompress(address, 'address');
  return address;
}

/** `azseed1...`. Secret. */
export function seedToText(seed: Uint8Array): string {
  return encode('seed', seed);
}

/** Errors: TEXT_FORM, TEXT_KIND, TEXT_LENGTH. */
export function seedFromText(text: string): Uint8Array {
  return decode('seed', text, SEED_BYTES);
}

/** `azview1...`. Secret: shows every record of the account. */
export function viewKeyToText(viewKey: bigint): string {
  return encode('viewKey', integerToBytes(viewKey, 32));
}

/** Errors: TEXT_FORM, TEXT_KIND, TEXT_LENGTH, SCALAR_OUT_OF_RANGE. */
export function viewKeyFromText(text: string): bigint {
  const viewKey = integerFromBytes(decode('viewKey', text, 32));
  if (viewKey === 0n || viewKey >= SUBGROUP_ORDER) {
    throw new AzaleaError('SCALAR_OUT_OF_RANGE', 'The view key is not a scalar in [1, l).');
  }
  return viewKey;
}

/** `azcompute1...` of pk_sig.x, pr_sig.x, sk_prf. Secret: recognises the account's jobs. */
export function computeKeyToText(key: ComputeKey): string {
  const bytes = new Uint8Array(96);
  bytes.set(fieldToBytes(key.pkSig.x), 0);
  bytes.set(fieldToBytes(key.prSig.x), 32);
  bytes.set(integerToBytes(key.skPrf, 32), 64);
  return encode('computeKey', bytes);
}

/** Errors: TEXT_FORM, TEXT_KIND, TEXT_LENGTH, POINT_NOT_IN_SUBGROUP, COMPUTE_KEY_INCONSISTENT. */
export function computeKeyFromText(text: string): ComputeKey {
  const bytes = decode('computeKey', text, 96);
  const pkSig = decompress(fieldFromBytes(bytes.subarray(0, 32), 'pk_sig'), 'pk_sig');
  const prSig = decompress(fieldFromBytes(bytes.subarray(32, 64), 'pr_sig'), 'pr_sig');
  const key = computeKeyOf(pkSig, prSig);
  if (key.skPrf !== integerFromBytes(bytes.subarray(64))) {
    throw new AzaleaError('COMPUTE_KEY_INCONSISTENT', 'The parts of the compute key do not belong together.');
  }
  return key;
}

/** bech32m's length limit is for error location guarantees; the longest form here has 174 characters. */
const LENGTH_LIMIT = 200;

function encode(kind: Kind, bytes: Uint8Array): string {
  return bech32m.encode(TEXT_PREFIX[kind], bech32m.toWords(bytes), LENGTH_LIMIT);
}

/** The error never repeats the text: it may be a secret. */
function decode(kind: Kind, text: string, length: number): Uint8Array {
  let prefix: string;
  let bytes: Uint8Array;
  try {
    const decoded = bech32m.decode(text.trim() as `${string}1${string}`, LENGTH_LIMIT);
    prefix = decoded.prefix;
    bytes = bech32m.fromWords(decoded.words);
  } catch {
    throw new AzaleaError(
      'TEXT_FORM',
      `This is no ${KIND_NAME[kind]}: it is mistyped or cut. Expected ${TEXT_PREFIX[kind]}1... with a valid checksum.`,
    );
  }
  if (prefix !== TEXT_PREFIX[kind]) {
    throw new AzaleaError(
      'TEXT_KIND',
      `This is no ${KIND_NAME[kind]}: it begins with ${prefix}1, not with ${TEXT_PREFIX[kind]}1.`,
    );
  }
  if (bytes.length !== length) {
    throw new AzaleaError(
      'TEXT_LENGTH',
      `This ${KIND_NAME[kind]} has ${bytes.length} bytes instead of ${length}.`,
    );
  }
  return bytes;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** No account is older. */
const FIRST_YEAR = 2025;

/** A birthday in milliseconds since 1970 as its UTC day: 2026-11-30. */
export function birthdayToText(birthday: number): string {
  return new Date(birthday).toISOString().slice(0, 10);
}

/**
 * Start of a UTC day in milliseconds since 1970.
 * @param now milliseconds since 1970
 * Throws BIRTHDAY_INVALID for another form, a day that does not exist, or one in the future, which would hide records.
 */
export function birthdayFromText(text: string, now: number): number {
  const time = DAY.test(text) ? Date.parse(text) : Number.NaN;
  const valid = !Number.isNaN(time) && birthdayToText(time) === text && time <= now;
  if (valid && new Date(time).getUTCFullYear() >= FIRST_YEAR) return time;
  throw new AzaleaError(
    'BIRTHDAY_INVALID',
    `"${text}" is no birthday of an account: give the day on which its seed was drawn, such as ${birthdayToText(now)}, or leave it out.`,
  );
}
