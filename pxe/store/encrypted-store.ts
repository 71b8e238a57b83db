import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { hmac } from '@noble/hashes/hmac.js';
import { scryptAsync } from '@noble/hashes/scrypt.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, randomBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { AzaleaError } from '../../protocol/errors.ts';
import type { BackendWrite, PxeBackend } from './backend.ts';

/** Entries that say how the key is derived, and whether a key is right. */
export const STORE_HEADER_KEY = 'meta/header';
export const STORE_CHECK_KEY = 'meta/check';
const CHECK_TEXT = 'azalea pxe store';
const NONCE_BYTES = 24;

/** scrypt cost; the default takes about half a second. Lower it in tests only. */
export interface KeyDerivation {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

export const DEFAULT_KEY_DERIVATION: KeyDerivation = { N: 2 ** 17, r: 8, p: 1 };

/** A document to put (or, without `value`, to delete) in one atomic `write`. */
export interface DocumentWrite {
  readonly collection: string;
  readonly id: string;
  readonly value: unknown;
}

interface Header {
  readonly version: 1;
  readonly salt: string;
  readonly kdf: KeyDerivation;
}

/**
 * JSON documents in named collections, sealed with XChaCha20-Poly1305 under a key derived from a passphrase with scrypt.
 * Ids are replaced by a keyed hash: even which commitments a user owns stays inside. Each document is bound to its
 * place (collection and id are authenticated), so that documents cannot be swapped.
 */
export class EncryptedStore {
  readonly #backend: PxeBackend;
  readonly #key: Uint8Array;

  private constructor(backend: PxeBackend, key: Uint8Array) {
    this.#backend = backend;
    this.#key = key;
  }

  /**
   * Opens a store, or makes a new one in an empty backend.
   * Errors: PXE_STORE_PASSPHRASE_WRONG, PXE_STORE_DAMAGED, PXE_PASSPHRASE_EMPTY.
   */
  static async open(
    backend: PxeBackend,
    passphrase: string,
    kdf: KeyDerivation = DEFAULT_KEY_DERIVATION,
  ): Promise<EncryptedStore> {
    if (passphrase.length === 0) {
      throw new AzaleaError(
        'PXE_PASSPHRASE_EMPTY',
        'The passphrase is empty. Choose one: it encrypts your keys.',
      );
    }
    const stored = await backend.get(STORE_HEADER_KEY);
    if (stored === undefined) return EncryptedStore.#create(backend, passphrase, kdf);
    const header = parseHeader(stored);
    const store = new EncryptedStore(backend, await deriveKey(passphrase, header));
    const check = await backend.get(STORE_CHECK_KEY);
    if (check === undefined) throw damaged('its passphrase check is missing');
    let text: unknown;
    try {
      text = store.#unseal(STORE_CHECK_KEY, check);
    } catch (cause) {
      throw new AzaleaError(
        'PXE_STORE_PASSPHRASE_WRONG',
        'The passphrase does not open this store. Try again, or restore the account from its seed into a new store.',
        {},
        { cause },
      );
    }
    if (text !== CHECK_TEXT) throw damaged('its passphrase check holds something else');
    return store;
  }

  static async #create(backend: PxeBackend, passphrase: string, kdf: KeyDerivation): Promise<EncryptedStore> {
    const header: Header = { version: 1, salt: bytesToHex(randomBytes(32)), kdf };
    const store = new EncryptedStore(backend, await deriveKey(passphrase, header));
    await backend.write([
      { key: STORE_HEADER_KEY, value: utf8ToBytes(JSON.stringify(header)) },
      { key: STORE_CHECK_KEY, value: store.#seal(STORE_CHECK_KEY, CHECK_TEXT) },
    ]);
    return store;
  }

  /** Undefined when there is no such document. */
  async get<T>(collection: string, id: string): Promise<T | undefined> {
    const key = this.#documentKey(collection, id);
    const sealed = await this.#backend.get(key);
    if (sealed === undefined) return undefined;
    return this.#open(key, sealed) as T;
  }

  /** Every document of a collection, in no meaningful order. */
  async list<T>(collection: string): Promise<T[]> {
    const entries = await this.#backend.list(`sealed/${collection}/`);
    return entries.map(({ key, value }) => this.#open(key, value) as T);
  }

  /**
   * All writes or none, durable when the promise resolves. A `value` of undefined deletes. `open` are entries that are
   * public anyway (tree nodes), written as they are under keys starting with `public/`.
   */
  async write(documents: readonly DocumentWrite[], open: readonly BackendWrite[] = []): Promise<void> {
    const writes: BackendWrite[] = documents.map(({ collection, id, value }) => {
      const key = this.#documentKey(collection, id);
      return { key, value: value === undefined ? undefined : this.#seal(key, value) };
    });
    await this.#backend.write([...writes, ...open]);
  }

  /** Public entries whose key starts with `prefix` (which starts with `public/`). */
  listOpen(prefix: string): ReturnType<PxeBackend['list']> {
    return this.#backend.list(prefix);
  }

  async close(): Promise<void> {
    this.#key.fill(0);
    await this.#backend.close();
  }

  #documentKey(collection: string, id: string): string {
    return `sealed/${collection}/${bytesToHex(hmac(sha256, this.#key, utf8ToBytes(`${collection}/${id}`)))}`;
  }

  #seal(place: string, value: unknown): Uint8Array {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = xchacha20poly1305(this.#key, nonce, utf8ToBytes(place));
    return concatBytes(nonce, cipher.encrypt(utf8ToBytes(stringify(value))));
  }

  #unseal(place: string, sealed: Uint8Array): unknown {
    const cipher = xchacha20poly1305(this.#key, sealed.subarray(0, NONCE_BYTES), utf8ToBytes(place));
    return parse(new TextDecoder().decode(cipher.decrypt(sealed.subarray(NONCE_BYTES))));
  }

  #open(place: string, sealed: Uint8Array): unknown {
    try {
      return this.#unseal(place, sealed);
    } catch (cause) {
      throw damaged('a document does not authenticate', cause);
    }
  }
}

async function deriveKey(passphrase: string, header: Header): Promise<Uint8Array> {
  return scryptAsync(passphrase.normalize('NFKC'), header.salt, { ...header.kdf, dkLen: 32 });
}

function parseHeader(bytes: Uint8Array): Header {
  try {
    const header = JSON.parse(new TextDecoder().decode(bytes)) as Header;
    if (header.version === 1 && typeof header.salt === 'string') return header;
  } catch {
    // falls through: named below
  }
  throw damaged('its header is not readable');
}

function damaged(what: string, cause?: unknown): AzaleaError {
  return new AzaleaError(
    'PXE_STORE_DAMAGED',
    `The store is damaged: ${what}. Restore the account from its seed into a new store.`,
    {},
    { cause },
  );
}

const BIGINT_MARK = '$bigint';

/** JSON with bigint, which records and keys are made of. */
function stringify(value: unknown): string {
  return JSON.stringify(value, (_key, item) =>
    typeof item === 'bigint' ? { [BIGINT_MARK]: item.toString(16) } : item,
  );
}

function parse(text: string): unknown {
  return JSON.parse(text, (_key, item) =>
    item !== null && typeof item === 'object' && typeof item[BIGINT_MARK] === 'string'
      ? BigInt(`0x${item[BIGINT_MARK]}`)
      : item,
  );
}
