import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { DOMAIN, SUBGROUP_ORDER } from './constants.ts';
import { addPoints, G, mulPoint, type Point } from './curve/point.ts';
import { AzaleaError } from './errors.ts';
import { type Field, integerFromBytes } from './field.ts';
import { hashToScalar } from './hash/hash.ts';

/** Bytes of a seed. */
export const SEED_BYTES = 32;

/** Public part of the signing keys plus sk_prf: enough to check signatures and to prove, not to sign. */
export interface ComputeKey {
  readonly pkSig: Point;
  readonly prSig: Point;
  readonly skPrf: bigint;
}

/** Everything that follows from a seed. Secret, all but `address`. */
export interface Account {
  readonly seed: Uint8Array;
  /** Signing key, spends. */
  readonly skSig: bigint;
  readonly rSig: bigint;
  readonly computeKey: ComputeKey;
  /** View key: decrypts incoming and (for honest senders) outgoing records. */
  readonly viewKey: bigint;
  /** Point of the address; it is published by x. */
  readonly address: Point;
}

/** Wide reduction: SHA-512 of the parts as a big-endian integer mod l; its bias is below 2^-250. */
export function wideHashToScalar(label: string, ...parts: readonly Uint8Array[]): bigint {
  return integerFromBytes(sha512(concatBytes(utf8ToBytes(label), ...parts))) % SUBGROUP_ORDER;
}

/** Derives the keys of docs/specification.md, section 3. Throws SEED_LENGTH, SEED_UNUSABLE. */
export function accountFromSeed(seed: Uint8Array): Account {
  if (seed.length !== SEED_BYTES) {
    throw new AzaleaError('SEED_LENGTH', `A seed has ${SEED_BYTES} bytes, this one has ${seed.length}.`);
  }
  const skSig = wideHashToScalar('azalea/sk_sig/v1', seed);
  const rSig = wideHashToScalar('azalea/r_sig/v1', seed);
  if (skSig === 0n || rSig === 0n) throw unusableSeed();
  const computeKey = computeKeyOf(mulPoint(G, skSig), mulPoint(G, rSig));
  const viewKey = (skSig + rSig + computeKey.skPrf) % SUBGROUP_ORDER;
  if (viewKey === 0n) throw unusableSeed();
  return { seed: seed.slice(), skSig, rSig, computeKey, viewKey, address: mulPoint(G, viewKey) };
}

/** The compute key over its two public points. */
export function computeKeyOf(pkSig: Point, prSig: Point): ComputeKey {
  return { pkSig, prSig, skPrf: hashToScalar(DOMAIN.SK_PRF, [pkSig.x, prSig.x]) };
}

/** address = pk_sig + pr_sig + sk_prf * G, as the circuit checks it. */
export function addressOfComputeKey(key: ComputeKey): Point {
  return addPoints(addPoints(key.pkSig, key.prSig), mulPoint(G, key.skPrf));
}

/** Address (x) that belongs to a view key. */
export function addressOfViewKey(viewKey: bigint): Field {
  return mulPoint(G, viewKey).x;
}

function unusableSeed(): AzaleaError {
  return new AzaleaError('SEED_UNUSABLE', 'This seed gives a zero key (chance 2^-250). Draw another one.');
}
