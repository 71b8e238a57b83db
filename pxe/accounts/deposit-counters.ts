import { AzaleaError } from '../../protocol/errors.ts';
import type { Field } from '../../protocol/field.ts';
import { depositBlind, ownerHash } from '../../protocol/record.ts';
import type { DocumentWrite, EncryptedStore } from '../store/encrypted-store.ts';
import { DEPOSIT_COUNTER_WINDOW } from '../sync/discovery.ts';
import type { KeyStore } from './key-store.ts';

/** A deposit prepared for L1. Anybody may send it; this account will own the record. */
export interface PreparedDeposit {
  readonly ownerHash: Field;
  readonly counter: number;
}

export interface DepositCountersOptions {
  readonly rollupId: Field;
}

export interface DepositCountersDependencies {
  readonly store: EncryptedStore;
  readonly keys: KeyStore;
}

/**
 * Gives out the counters that deposits' owner hashes are made from, and takes back those whose deposit failed. A counter
 * that is used twice costs no money (every deposit with the owner hash is a record), but shows that both are one owner's.
 */
export class DepositCounters {
  readonly #options: DepositCountersOptions;
  readonly #store: EncryptedStore;
  readonly #keys: KeyStore;

  constructor(options: DepositCountersOptions, dependencies: DepositCountersDependencies) {
    this.#options = options;
    this.#store = dependencies.store;
    this.#keys = dependencies.keys;
  }

  /**
   * Takes a counter: a released one before a new one. It is kept before the caller can use it. Throws DEPOSIT_WINDOW_FULL.
   * @param also writes of the same batch
   */
  async take(
    owner: Field,
    also: (prepared: PreparedDeposit) => readonly DocumentWrite[] = () => [],
  ): Promise<PreparedDeposit> {
    const held = this.#keys.get(owner);
    const [released] = held.depositsReleased;
    if (released === undefined && held.depositsUsed >= held.depositsSeen + DEPOSIT_COUNTER_WINDOW) {
      throw new AzaleaError(
        'DEPOSIT_WINDOW_FULL',
        `${DEPOSIT_COUNTER_WINDOW} deposits of this account are not on L1 yet. Send one of them, or wait until it settles: a wallet restored from its seed would not find further ones.`,
      );
    }
    const counter = released ?? held.depositsUsed;
    if (released === undefined) held.depositsUsed += 1;
    else held.depositsReleased = held.depositsReleased.slice(1);
    const blind = depositBlind(held.keys.viewKey, this.#options.rollupId, counter);
    const prepared = { counter, ownerHash: ownerHash(owner, blind) };
    await this.#store.write([this.#keys.progressWrite(held), ...also(prepared)]);
    return prepared;
  }

  /** Takes a counter back whose deposit is certain not to come: the next deposit uses it. */
  async release(owner: Field, counter: number): Promise<void> {
    const held = this.#keys.get(owner);
    if (counter >= held.depositsUsed || held.depositsReleased.includes(counter)) return;
    held.depositsReleased = [...held.depositsReleased, counter].sort((a, b) => a - b);
    await this.#store.write([this.#keys.progressWrite(held)]);
  }
}
