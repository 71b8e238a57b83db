import { randomBytes } from '@noble/hashes/utils.js';
import { type Account, accountFromSeed, SEED_BYTES } from '../../protocol/account.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import { type Field, fieldToHex, integerFromBytes, integerToBytes } from '../../protocol/field.ts';
import { addressFromText, addressToText } from '../../protocol/text.ts';
import type { DocumentWrite, EncryptedStore } from '../store/encrypted-store.ts';

const COLLECTION = 'accounts';
/** The account that is used when none is named. */
const CURRENT = { collection: 'settings', id: 'current-account' } as const;

/** An account as the sealed store keeps it. */
interface AccountDocument {
  readonly seed: bigint;
  readonly alias: string;
  readonly createdAt: number;
  /** The next two are absent in stores of earlier versions. */
  readonly birthday?: number;
  readonly searchFrom?: number;
  readonly scannedTo: number;
  readonly depositsSeen: number;
  readonly depositsUsed: number;
  /** The next two are absent in stores of earlier versions. */
  readonly shownTo?: number;
  readonly depositsReleased?: readonly number[];
}

/** An account of this PXE with its progress. Secret. */
export interface HeldAccount {
  readonly keys: Account;
  readonly alias: string;
  readonly createdAt: number;
  /** The time at which its seed was drawn, in milliseconds since 1970; undefined: not known. */
  readonly birthday: number | undefined;
  /** First L1 block that can hold something for it; undefined: not determined yet. */
  searchFrom: number | undefined;
  /** Last L2 block that was searched for this account's records; 0: none yet. */
  scannedTo: number;
  /** Last L2 block of those in a row from the first that were searched as L1 itself shows them. */
  shownTo: number;
  /** First deposit counter not yet seen on L1. */
  depositsSeen: number;
  /** Next deposit counter to give out. */
  depositsUsed: number;
  /** Counters below it that were given out and came to nothing, ascending: given out again first. */
  depositsReleased: readonly number[];
}

/** No alias looks like an address: `--to azalea1foo` must not be a mistyped address that is taken. */
const ALIAS_FORM = /^(?!azalea1)[a-z0-9_-]{1,32}$/i;

/** The accounts of a PXE: the only place that holds their seeds. */
export class KeyStore {
  readonly #store: EncryptedStore;
  readonly #accounts = new Map<Field, HeldAccount>();
  #current: Field | undefined;

  private constructor(store: EncryptedStore) {
    this.#store = store;
  }

  static async open(store: EncryptedStore): Promise<KeyStore> {
    const keyStore = new KeyStore(store);
    const documents = await store.list<AccountDocument>(COLLECTION);
    for (const document of documents.sort((a, b) => a.createdAt - b.createdAt)) {
      const { seed, ...progress } = document;
      const keys = accountFromSeed(integerToBytes(seed, SEED_BYTES));
      keyStore.#accounts.set(keys.address.x, {
        keys,
        ...progress,
        birthday: document.birthday,
        searchFrom: document.searchFrom,
        shownTo: document.shownTo ?? 0,
        depositsReleased: document.depositsReleased ?? [],
      });
    }
    keyStore.#current = await store.get<bigint>(CURRENT.collection, CURRENT.id);
    return keyStore;
  }

  /**
   * Makes an account from a fresh seed, or restores one. `birthday` is when a given seed was drawn, in milliseconds since 1970: its
   * account is not searched for in earlier blocks. Errors: ALIAS_FORM, ALIAS_TAKEN, ACCOUNT_EXISTS.
   */
  async add(options: { alias?: string; seed?: Uint8Array; birthday?: number } = {}): Promise<HeldAccount> {
    const alias = options.alias ?? this.#freeAlias();
    if (!ALIAS_FORM.test(alias)) {
      throw new AzaleaError(
        'ALIAS_FORM',
        'An alias has 1 to 32 letters, digits, "_" or "-", and does not begin with azalea1.',
      );
    }
    if ([...this.#accounts.values()].some((held) => held.alias === alias)) {
      throw new AzaleaError('ALIAS_TAKEN', `The alias "${alias}" is in use. Choose another one.`);
    }
    const keys = accountFromSeed(options.seed ?? randomBytes(SEED_BYTES));
    if (this.#accounts.has(keys.address.x)) {
      throw new AzaleaError(
        'ACCOUNT_EXISTS',
        `The account ${addressToText(keys.address.x)} is already in this wallet.`,
      );
    }
    const createdAt = Date.now() + this.#accounts.size;
    const held: HeldAccount = {
      keys,
      alias,
      createdAt,
      birthday: options.seed === undefined ? createdAt : options.birthday,
      searchFrom: undefined,
      scannedTo: 0,
      shownTo: 0,
      depositsSeen: 0,
      depositsUsed: 0,
      depositsReleased: [],
    };
    // Taken before it is written: another account that is made meanwhile must not get the same alias.
    this.#accounts.set(keys.address.x, held);
    try {
      await this.#store.write([documentOf(held)]);
    } catch (error) {
      this.#accounts.delete(keys.address.x);
      throw error;
    }
    return held;
  }

  list(): HeldAccount[] {
    return [...this.#accounts.values()];
  }

  /** The account that is used when none is named: the one that `use` chose, else the oldest; undefined without accounts. */
  current(): HeldAccount | undefined {
    const chosen = this.#current === undefined ? undefined : this.#accounts.get(this.#current);
    return chosen ?? this.list()[0];
  }

  /** Makes an account the current one, durably. */
  async use(held: HeldAccount): Promise<void> {
    await this.#store.write([{ ...CURRENT, value: held.keys.address.x }]);
    this.#current = held.keys.address.x;
  }

  /** By address (x). Throws ACCOUNT_UNKNOWN. */
  get(address: Field): HeldAccount {
    const held = this.#accounts.get(address);
    if (held === undefined) {
      throw new AzaleaError(
        'ACCOUNT_UNKNOWN',
        `The account ${addressToText(address)} is not in this wallet. Create or import it first.`,
      );
    }
    return held;
  }

  /** By alias or `azalea1...` address; an alias that an older version let begin with azalea1 is found, too. Throws ACCOUNT_UNKNOWN, TEXT_FORM. */
  byName(name: string): HeldAccount {
    const isAddress = name.startsWith('azalea1') && !this.list().some(({ alias }) => alias === name);
    return isAddress ? this.get(addressFromText(name)) : this.byAlias(name);
  }

  /** By alias. Throws ACCOUNT_UNKNOWN. */
  byAlias(alias: string): HeldAccount {
    const held = this.list().find((candidate) => candidate.alias === alias);
    if (held === undefined) {
      throw new AzaleaError('ACCOUNT_UNKNOWN', `No account is called "${alias}" in this wallet.`);
    }
    return held;
  }

  /** The write that keeps an account's progress, for an atomic batch. */
  progressWrite(held: HeldAccount): DocumentWrite {
    return documentOf(held);
  }

  #freeAlias(): string {
    for (let k = 1; ; k++) {
      const alias = `account-${k}`;
      if (![...this.#accounts.values()].some((held) => held.alias === alias)) return alias;
    }
  }
}

function documentOf(held: HeldAccount): DocumentWrite {
  const { keys, ...progress } = held;
  const value: AccountDocument = { seed: integerFromBytes(keys.seed), ...progress };
  return { collection: COLLECTION, id: fieldToHex(keys.address.x), value };
}
