import { CIPHERTEXT_WORDS, DOMAIN, initialState, RECORD_WORDS } from './constants.ts';
import { decompress, isSubgroupX, mulPoint } from './curve/point.ts';
import { type Field, fieldAdd, fieldSub } from './field.ts';
import { hash, hashToScalar } from './hash/hash.ts';
import { permute } from './hash/poseidon.ts';
import { commitmentOf, outputBlind, outputRho, ownerHash, type RecordPreimage } from './record.ts';

/** The public part of one output, as the chain shows it. */
export interface EncryptedOutput {
  readonly output: number;
  readonly commitment: Field;
  /** CIPHERTEXT_WORDS words: typeId and data under the key stream. */
  readonly ciphertext: readonly Field[];
  readonly outgoing: Field;
  /** nullifiers[0] of its transition. */
  readonly firstNullifier: Field;
}

/** r_out, the encryption scalar of a transition. */
export function encryptionScalar(tvk: Field): bigint {
  return hashToScalar(DOMAIN.R_OUT, [tvk]);
}

/** Width of the key stream's permutation: capacity and two words stay hidden. */
const KEY_STREAM_WIDTH = 9;

/** k_j = state[1 + j] of the permutation on [iv, S, i, nullifiers[0], 0...]. */
export function keyStream(secret: Field, output: number, firstNullifier: Field): Field[] {
  const state = [initialState(DOMAIN.KEYSTREAM, 3), secret, BigInt(output), firstNullifier];
  while (state.length < KEY_STREAM_WIDTH) state.push(0n);
  return permute(state).slice(1, 1 + CIPHERTEXT_WORDS);
}

export function encryptWords(
  secret: Field,
  output: number,
  firstNullifier: Field,
  words: readonly Field[],
): Field[] {
  const stream = keyStream(secret, output, firstNullifier);
  return stream.map((key, k) => fieldAdd(words[k], key));
}

export function decryptWords(
  secret: Field,
  output: number,
  firstNullifier: Field,
  ciphertext: readonly Field[],
): Field[] {
  const stream = keyStream(secret, output, firstNullifier);
  return stream.map((key, k) => fieldSub(ciphertext[k], key));
}

/** outgoing_i: the owner's x under the sender's key. */
export function outgoingOf(owner: Field, tvk: Field, output: number): Field {
  return fieldAdd(owner, hash(DOMAIN.OUT, [tvk, BigInt(output)]));
}

/** The secret that opens every output of a transition that this view key owns: S = (vk * R).x. */
export function incomingSecret(viewKey: bigint, encryptionPointX: Field): Field {
  return mulPoint(decompress(encryptionPointX, 'encryption point R'), viewKey).x;
}

/** Opens an output with the shared secret; undefined unless the recomputed commitment is the output's. */
export function openOutput(
  encrypted: EncryptedOutput,
  owner: Field,
  secret: Field,
): RecordPreimage | undefined {
  const { output, firstNullifier } = encrypted;
  const [typeId, ...data] = decryptWords(secret, output, firstNullifier, encrypted.ciphertext);
  const blind = outputBlind(secret, output);
  const rho = outputRho(firstNullifier, output);
  const commitment = commitmentOf(typeId, ownerHash(owner, blind), rho, data.slice(0, RECORD_WORDS));
  return commitment === encrypted.commitment ? { typeId, owner, blind, rho, data } : undefined;
}

/** A transition's tvk as its sender's view key recovers it: (vk * tpk).x. */
export function recoverTvk(viewKey: bigint, tpkX: Field): Field {
  return mulPoint(decompress(tpkX, 'tpk'), viewKey).x;
}

/**
 * Opens an output with the sender's tvk. Returns undefined for a tvk of somebody else.
 * A dishonest sender's output may stay closed too: the circuit does not tie tvk to tpk.
 */
export function openOutgoing(encrypted: EncryptedOutput, tvk: Field): RecordPreimage | undefined {
  const owner = fieldSub(encrypted.outgoing, hash(DOMAIN.OUT, [tvk, BigInt(encrypted.output)]));
  if (!isSubgroupX(owner)) return undefined;
  const secret = mulPoint(decompress(owner, 'owner'), encryptionScalar(tvk)).x;
  return openOutput(encrypted, owner, secret);
}
