import { bytesToHex, randomBytes } from '@noble/hashes/utils.js';
import type { Address, TransactionReceipt } from 'viem';
import type { L1Client } from '../../l1/client.ts';
import { Nonces } from '../../l1/nonces.ts';
import { lookUp, outcomeOf, type SignedL1Transaction } from '../../l1/send.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import type { Field } from '../../protocol/field.ts';
import type { DepositCounters } from '../accounts/deposit-counters.ts';
import type { EncryptedStore } from '../store/encrypted-store.ts';

const COLLECTION = 'l1-intents';

/** The user's wish for L1, to be carried out once. */
export interface L1Wish {
  readonly kind: 'deposit' | 'claim';
  /** 0x0...0 for ETH. */
  readonly asset: Address;
  /** L1 account that signs. */
  readonly from: Address;
  /** Of a deposit, in the asset's smallest unit. */
  readonly amount?: bigint;
  /** Owner of a deposit's record. */
  readonly owner?: Field;
}

/**
 * A wish that this wallet has begun to carry out. It is stored before anything is signed. The signed bytes are stored before
 * a node gets them. It is removed when its outcome on L1 is certain.
 */
export interface L1Intent extends L1Wish {
  readonly id: string;
  readonly createdAt: number;
  /** Counter of the deposit's owner hash. */
  readonly counter?: number;
  readonly ownerHash?: Field;
  readonly signed?: SignedL1Transaction;
  /** A node has looked at it and refused: it is not sent again by itself. */
  readonly refused?: boolean;
}

/** The state on L1 of an intent of an earlier run. */
export interface UnfinishedIntent {
  readonly intent: L1Intent & { readonly signed: SignedL1Transaction };
  /**
   * mined: done. reverted: it came to nothing. replaced: another transaction of the L1 account has its nonce, so it can never
   * come. waiting: not on L1 yet, it was sent again.
   */
  readonly state: 'mined' | 'reverted' | 'replaced' | 'waiting';
}

export interface L1IntentsDependencies {
  readonly store: EncryptedStore;
  readonly deposits: DepositCounters;
  readonly client: L1Client;
}

const same = (a: L1Wish, b: L1Wish): boolean =>
  a.kind === b.kind &&
  a.asset.toLowerCase() === b.asset.toLowerCase() &&
  a.from.toLowerCase() === b.from.toLowerCase() &&
  a.amount === b.amount &&
  a.owner === b.owner;

/** The transactions to L1 that this wallet has begun. No wish is signed twice while its first transaction can still be mined. */
export class L1Intents {
  readonly #deps: L1IntentsDependencies;
  readonly #intents = new Map<string, L1Intent>();
  /** Those that this process works on. */
  readonly #running = new Set<string>();

  private constructor(dependencies: L1IntentsDependencies) {
    this.#deps = dependencies;
  }

  /** Takes up what an earlier run left: counters of intents that were never signed are free again. */
  static async open(dependencies: L1IntentsDependencies): Promise<L1Intents> {
    const intents = new L1Intents(dependencies);
    for (const intent of await dependencies.store.list<L1Intent>(COLLECTION)) {
      if (intent.signed === undefined) await intents.#forget(intent, true);
      else {
        intents.#intents.set(intent.id, intent);
        if (intent.refused !== true) Nonces.of(dependencies.client).open(intent.signed);
      }
    }
    return intents;
  }

  /** Returns whether an earlier run, or an earlier attempt, has signed this very wish and its outcome is not known. */
  has(wish: L1Wish): boolean {
    return this.#idle(wish) !== undefined;
  }

  /**
   * Carries out a wish: the transaction that an earlier attempt signed for it, else a new one.
   * @param send signs and sends; calls `keep` as `sendCall` does
   * @returns the receipt, and whether it belongs to an earlier attempt's transaction
   * @throws AzaleaError DEPOSIT_WINDOW_FULL, and as `sendCall` says
   */
  async run<T>(
    wish: L1Wish,
    send: (intent: L1Intent, keep: (signed: SignedL1Transaction) => Promise<void>) => Promise<T>,
    resume: (receipt: TransactionReceipt) => T,
  ): Promise<{ readonly result: T; readonly resumed: boolean }> {
    const left = this.#idle(wish);
    const intent = left ?? (await this.#begin(wish));
    this.#running.add(intent.id);
    try {
      if (left?.signed !== undefined) {
        const outcome = await outcomeOf(this.#deps.client, wish.kind, left.signed);
        if (outcome.kind === 'mined') {
          const result = resume(outcome.receipt);
          await this.#forget(left, false);
          return { result, resumed: true };
        }
        // Its nonce is used by another transaction: it can never come, so the same wish is signed anew.
      }
      const result = await send(intent, (signed) => this.#keep({ ...this.#intents.get(intent.id)!, signed }));
      await this.#forget(intent, false);
      return { result, resumed: false };
    } catch (error) {
      await this.#failed(intent.id, error);
      throw error;
    } finally {
      this.#running.delete(intent.id);
    }
  }

  /** Checks every idle intent on L1 once. It resends a missing transaction, and forgets an intent with a certain outcome. */
  async look(except: (intent: L1Intent) => boolean = () => false): Promise<UnfinishedIntent[]> {
    const seen: UnfinishedIntent[] = [];
    for (const intent of [...this.#intents.values()].sort((a, b) => a.createdAt - b.createdAt)) {
      const { signed } = intent;
      if (signed === undefined || this.#running.has(intent.id)) continue;
      if (intent.refused !== true && except(intent)) continue;
      const state = await this.#state(intent, signed);
      if (state !== 'waiting') {
        Nonces.of(this.#deps.client).close(signed);
        await this.#forget(intent, state !== 'mined');
      }
      // One that a node refused was reported then; it is kept for its counter only.
      if (state !== 'waiting' || intent.refused !== true) seen.push({ intent: { ...intent, signed }, state });
    }
    return seen;
  }

  async #state(intent: L1Intent, signed: SignedL1Transaction): Promise<UnfinishedIntent['state']> {
    try {
      const outcome = await lookUp(this.#deps.client, intent.kind, signed);
      if (outcome !== undefined) return outcome.kind;
      if (intent.refused !== true) {
        await this.#deps.client.sendRawTransaction({ serializedTransaction: signed.raw }).catch(() => {});
      }
      return 'waiting';
    } catch (error) {
      return error instanceof AzaleaError && error.code === 'L1_REVERTED' ? 'reverted' : 'waiting';
    }
  }

  #idle(wish: L1Wish): L1Intent | undefined {
    return [...this.#intents.values()].find(
      (intent) =>
        same(intent, wish) &&
        intent.signed !== undefined &&
        intent.refused !== true &&
        !this.#running.has(intent.id),
    );
  }

  async #begin(wish: L1Wish): Promise<L1Intent> {
    const base: L1Intent = { ...wish, id: bytesToHex(randomBytes(16)), createdAt: Date.now() };
    if (wish.owner === undefined) {
      await this.#keep(base);
      return base;
    }
    // Counter and intent are kept together: a crash loses neither.
    const prepared = await this.#deps.deposits.take(wish.owner, (taken) => [
      { collection: COLLECTION, id: base.id, value: { ...base, ...taken } },
    ]);
    const intent = { ...base, ...prepared };
    this.#intents.set(intent.id, intent);
    return intent;
  }

  async #keep(intent: L1Intent): Promise<void> {
    await this.#deps.store.write([{ collection: COLLECTION, id: intent.id, value: intent }]);
    this.#intents.set(intent.id, intent);
  }

  /** Handles a failure: an intent stays unless its transaction can certainly never be mined. */
  async #failed(id: string, error: unknown): Promise<void> {
    const intent = this.#intents.get(id);
    if (intent === undefined) return;
    if (intent.signed === undefined) return await this.#forget(intent, true);
    if (!(error instanceof AzaleaError)) return;
    const { hash } = intent.signed;
    const reverted = error.code === 'L1_REVERTED' && error.details.transaction === hash;
    if (reverted || error.code === 'L1_NONCE_CONTENDED') await this.#forget(intent, true);
    else if (error.code === 'L1_SEND_REFUSED' && error.details.sent === hash) {
      await this.#keep({ ...intent, refused: true });
    }
  }

  /** @param free whether a deposit's counter can be given out again */
  async #forget(intent: L1Intent, free: boolean): Promise<void> {
    this.#intents.delete(intent.id);
    if (free && intent.owner !== undefined && intent.counter !== undefined) {
      await this.#deps.deposits.release(intent.owner, intent.counter);
    }
    await this.#deps.store.write([{ collection: COLLECTION, id: intent.id, value: undefined }]);
  }
}
