import type { Address } from 'viem';
import type { L1Wallet } from '../../l1/client.ts';
import { type DepositReceipt, depositErc20, depositEth, depositOf, ETH } from '../../l1/deposit.ts';
import type { SendCallOptions } from '../../l1/send.ts';
import { type Payout, payoutOf, readWithdrawable, withdraw } from '../../l1/withdraw.ts';
import type { CompileOptions } from '../../program/compile/artifact.ts';
import type { GivenValue } from '../../program/values/values.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import type { Field } from '../../protocol/field.ts';
import { assertBigint } from '../../protocol/given.ts';
import {
  addressToText,
  birthdayFromText,
  birthdayToText,
  seedFromText,
  seedToText,
} from '../../protocol/text.ts';
import type { L1Intent, UnfinishedIntent } from '../bridge/l1-intents.ts';
import { amountWord } from '../calls/choose-record.ts';
import type { Pxe } from '../pxe.ts';
import type { StoredRecord } from '../records/stored-record.ts';
import { addressOf, type ClientAccount } from './account.ts';
import { ClientProgram } from './program.ts';

/** A record's data and where it stands. */
export interface ClientRecord {
  readonly commitment: Field;
  /** `token.aleo/token`, or undefined when its program is not loaded. */
  readonly type: string | undefined;
  /** Members by name, in Aleo literals; the raw words by number when the program is not loaded. */
  readonly data: Readonly<Record<string, GivenValue>>;
  readonly block: number;
  readonly spentIn: number | undefined;
}

/** `resumed`: the transaction is of an earlier attempt; no second one was signed. */
export type Resumable<T> = T & { readonly resumed: boolean };

/**
 * The client that apps use, in the style of aztec.js: accounts, programs, bridge. It speaks to a PXE, which may run in the
 * same process.
 */
export class Azalea {
  readonly pxe: Pxe;

  constructor(pxe: Pxe) {
    this.pxe = pxe;
  }

  readonly accounts = {
    /** Makes an account from a fresh seed. */
    create: async (alias?: string): Promise<ClientAccount> => shown(await this.pxe.addAccount({ alias })),
    /**
     * Restores an account from its `azseed1...`; `sync` finds its records, in blocks since the day `born` (2026-11-30, UTC) if it
     * is given. Throws BIRTHDAY_INVALID.
     */
    import: async (seed: string, alias?: string, options: { born?: string } = {}): Promise<ClientAccount> => {
      const birthday = options.born === undefined ? undefined : birthdayFromText(options.born, Date.now());
      return shown(await this.pxe.addAccount({ alias, seed: seedFromText(seed), birthday }));
    },
    list: (): ClientAccount[] => this.pxe.keys.list().map(shown),
    /** The account that is meant when none is named: the one that `use` chose, else the oldest. Throws ACCOUNT_UNKNOWN without accounts. */
    current: (): ClientAccount => {
      const held = this.pxe.keys.current();
      if (held !== undefined) return shown(held);
      throw new AzaleaError('ACCOUNT_UNKNOWN', 'There is no account yet. Create or import one first.');
    },
    /** Makes an account, by alias or address, the current one. Throws ACCOUNT_UNKNOWN. */
    use: async (name: string): Promise<ClientAccount> => {
      const held = this.#held(name);
      await this.pxe.keys.use(held);
      return shown(held);
    },
    /** By alias or address. Throws ACCOUNT_UNKNOWN. */
    get: (name: string): ClientAccount => shown(this.#held(name)),
    /** The account's `azseed1...`. Secret: it gives full control of the account. */
    exportSeed: (name: string): string => seedToText(this.#held(name).keys.seed),
    /** The day on which the account's seed was drawn, for `import`; undefined if it is not known. */
    born: (name: string): string | undefined => {
      const { birthday } = this.#held(name);
      return birthday === undefined ? undefined : birthdayToText(birthday);
    },
  };

  readonly programs = {
    /**
     * Compiles and keeps a program from its `.aleo` source, with the newest lowering unless `options` names another. Errors
     * in it and calls that halt show `fileName`.
     */
    load: async (source: string, fileName?: string, options?: CompileOptions): Promise<ClientProgram> =>
      new ClientProgram(this.pxe, await this.pxe.programs.add(source, fileName, options)),
  };

  readonly bridge = {
    /**
     * Deposits ETH (wei) from an L1 account; the record appears without a claim. A deposit that an earlier attempt signed
     * and that may still be mined is not signed again: the call waits for it (`resumed`). Throws VALUE_TYPE_MISMATCH for an
     * amount that is no bigint.
     */
    depositEth: (to: ClientAccount, amount: bigint, wallet: L1Wallet): Promise<Resumable<DepositReceipt>> =>
      this.#deposit(to, { asset: ETH, amount, wallet }, (ownerHash, options) =>
        depositEth(this.pxe.l1, wallet, this.pxe.rollup.bridge, { ownerHash, amount }, options),
      ),
    /** Deposits ERC-20 tokens, in the token's smallest unit; approves first if needed (docs/tokens.md). Else as `depositEth`. */
    depositErc20: (
      to: ClientAccount,
      token: Address,
      amount: bigint,
      wallet: L1Wallet,
    ): Promise<Resumable<DepositReceipt>> =>
      this.#deposit(to, { asset: token, amount, wallet }, (ownerHash, options) =>
        depositErc20(this.pxe.l1, wallet, this.pxe.rollup.bridge, { token, ownerHash, amount }, options),
      ),
    /** Returns the unclaimed amount that settled withdrawals granted to an L1 account. */
    claimable: (receiver: Address, asset: Address = ETH): Promise<bigint> =>
      readWithdrawable(this.pxe.l1, this.pxe.rollup.bridge, receiver, asset),
    /** Claims it. A claim that an earlier attempt signed and that may still be mined is waited for (`resumed`). */
    claim: async (wallet: L1Wallet, asset: Address = ETH): Promise<Resumable<Payout>> => {
      const { bridge } = this.pxe.rollup;
      const { result, resumed } = await this.pxe.l1Intents.run<Payout>(
        { kind: 'claim', asset, from: wallet.account.address },
        (_intent, keep) => withdraw(this.pxe.l1, wallet, bridge, asset, { keep }),
        (receipt) => payoutOf(receipt, bridge),
      );
      return { ...result, resumed };
    },
    /** Returns whether a claim is signed whose outcome is not known. */
    isClaiming: (receiver: Address, asset: Address = ETH): boolean =>
      this.pxe.l1Intents.has({ kind: 'claim', asset, from: receiver }),
    /** Deposits and claims that an earlier run signed without seeing them mined; settled outcomes are forgotten. `except` are left alone. */
    unfinished: (except?: (intent: L1Intent) => boolean): Promise<UnfinishedIntent[]> =>
      this.pxe.l1Intents.look(except),
  };

  /** Follows the chain to the newest settled block. */
  sync(): Promise<void> {
    return this.pxe.sync();
  }

  /** Waits until a deposit's record is there, and returns it. Throws WAIT_TIMEOUT, the reason of `signal`. */
  async waitForDeposit(
    to: ClientAccount,
    deposit: Pick<DepositReceipt, 'index'>,
    options: { timeoutMs?: number; pollMs?: number; signal?: AbortSignal } = {},
  ): Promise<ClientRecord> {
    const deadline = performance.now() + (options.timeoutMs ?? 600_000);
    for (;;) {
      options.signal?.throwIfAborted();
      await this.sync();
      const found = this.pxe.records
        .all(this.addressOf(to))
        .find(({ origin }) => origin.kind === 'deposit' && origin.queueIndex === deposit.index);
      if (found !== undefined) return this.#show(found);
      if (performance.now() > deadline) {
        throw new AzaleaError(
          'WAIT_TIMEOUT',
          `The deposit ${deposit.index} has not settled yet; synchronise later.`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, options.pollMs ?? 500));
    }
  }

  /** Unspent records of an account, oldest first; `all` adds the spent ones. */
  records(of: ClientAccount, options: { all?: boolean } = {}): ClientRecord[] {
    const { records } = this.pxe;
    const owner = this.addressOf(of);
    return (options.all ? records.all(owner) : records.unspent(owner)).map((record) => this.#show(record));
  }

  /**
   * Sum of a member over the account's unspent records of one type, in that member's unit. `asset` counts bridged tokens of
   * one L1 token only.
   */
  balance(
    of: ClientAccount,
    program: ClientProgram,
    recordName: string,
    options: { member?: string; where?: (data: readonly Field[]) => boolean } = {},
  ): bigint {
    const record = program.record(recordName);
    const word = amountWord(record, options.member);
    return this.pxe.records
      .unspent(this.addressOf(of))
      .filter(({ preimage }) => preimage.typeId === record.typeId && (options.where?.(preimage.data) ?? true))
      .reduce((sum, { preimage }) => sum + preimage.data[word], 0n);
  }

  /** x of an account's address. Throws what `addressFromText` throws. */
  addressOf(account: ClientAccount): Field {
    return addressOf(account);
  }

  close(): Promise<void> {
    return this.pxe.close();
  }

  async #deposit(
    to: ClientAccount,
    { asset, amount, wallet }: { asset: Address; amount: bigint; wallet: L1Wallet },
    send: (ownerHash: Field, options: SendCallOptions) => Promise<DepositReceipt>,
  ): Promise<Resumable<DepositReceipt>> {
    assertBigint(amount, 'the amount of a deposit');
    const { result, resumed } = await this.pxe.l1Intents.run<DepositReceipt>(
      { kind: 'deposit', asset, amount, owner: this.addressOf(to), from: wallet.account.address },
      (intent, keep) => send(intent.ownerHash!, { keep }),
      (receipt) => depositOf(receipt, this.pxe.rollup.bridge),
    );
    return { ...result, resumed };
  }

  #held(name: string) {
    return this.pxe.keys.byName(name);
  }

  #show(record: StoredRecord): ClientRecord {
    const { commitment, block, spentIn, preimage } = record;
    const known = this.pxe.programs.recordType(preimage.typeId);
    if (known === undefined) {
      const data = Object.fromEntries(preimage.data.map((word, k) => [`word${k}`, `${word}field`]));
      return { commitment, type: undefined, data, block, spentIn };
    }
    const program = new ClientProgram(this.pxe, known.program);
    const data = program.decodeRecord(known.record.name, preimage.owner, preimage.data);
    return { commitment, type: `${known.program.name}.aleo/${known.record.name}`, data, block, spentIn };
  }
}

function shown(held: { alias: string; keys: { address: { x: Field } } }): ClientAccount {
  return { alias: held.alias, address: addressToText(held.keys.address.x) };
}
