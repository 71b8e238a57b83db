/**
 * Brings a proven block to L1, once. These rules make it idempotent:
 * - Every attempt is stored, signed, before it is sent. After a crash the same bytes are sent again.
 * - All attempts share one nonce (the proposer's next one) until L1 has used that nonce, so at most one is mined.
 * - The follower finds out on L1 whether the block settled; it is never concluded here.
 */
import type { Logger } from 'pino';
import { AzaleaError } from '../../protocol/errors.ts';
import type { Fees, L1Writer, Receipt, SignedTransaction } from '../l1/port.ts';
import { crashPoint } from '../process/crash-point.ts';
import type { StoredAttempt, StoredPublication } from '../state/records.ts';
import type { Store } from '../state/store.ts';

export interface PublisherOptions {
  /** Milliseconds after which an attempt that is not mined is replaced by one with higher fees; a restart counts anew. */
  readonly stuckAfterMs: number;
  /** Milliseconds after which an attempt is handed to the node again (it may have forgotten it). */
  readonly resendAfterMs: number;
  /** Highest maxFeePerGas ever offered, in wei. */
  readonly maxFeePerGas: bigint;
}

export interface PublisherDependencies {
  readonly store: Store;
  readonly l1: L1Writer;
  readonly log: Logger;
  /** Told of each receipt that is found for an attempt. */
  readonly onReceipt?: (hash: string, receipt: Receipt) => void;
}

export interface EncodedBlock {
  readonly l2Block: number;
  readonly bytes: Uint8Array;
  /** keccak256 of the bytes. */
  readonly hash: string;
}

/**
 * waiting: an attempt is with the node. mined: an attempt succeeded; the follower will see it. refused: L1 would revert
 * the block as things stand.
 */
export type PublishOutcome =
  | { readonly kind: 'waiting' | 'mined'; readonly transactionHash: string }
  | { readonly kind: 'refused'; readonly error: AzaleaError };

/** Nodes accept a replacement that raises both fees by at least a tenth; an eighth is what they commonly demand. */
const raised = (value: bigint): bigint => value + value / 8n + 1n;
const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

export class Publisher {
  readonly #options: PublisherOptions;
  readonly #store: Store;
  readonly #l1: L1Writer;
  readonly #log: Logger;
  readonly #onReceipt: (hash: string, receipt: Receipt) => void;
  #lastSend = Number.NEGATIVE_INFINITY;
  /** The newest attempt, and when this process first had it: clocks of another process say nothing here. */
  #newest: { readonly hash: string; readonly since: number } | undefined;

  constructor(options: PublisherOptions, dependencies: PublisherDependencies) {
    this.#options = options;
    this.#store = dependencies.store;
    this.#l1 = dependencies.l1;
    this.#log = dependencies.log;
    this.#onReceipt = dependencies.onReceipt ?? (() => {});
  }

  /**
   * One step for this block. Safe to repeat at any time and after any crash. Throws when L1 cannot be reached.
   * @param l1Block the L1 block whose state the block was built on: a refusal there is the block's own fault, not a race
   */
  async step(block: EncodedBlock, l1Block: number): Promise<PublishOutcome> {
    const minedNonce = await this.#l1.minedNonce();
    const known = this.#own();
    if (known !== undefined && known.nonce < minedNonce) {
      const mined = await this.#minedAttempt(known);
      crashPoint('publisher.receipt-seen');
      if (mined !== undefined && known.blockHash === block.hash)
        return { kind: 'mined', transactionHash: mined };
      this.#store.atomic(() => {
        this.#store.publication = undefined;
      });
    }
    const open = this.#own();
    if (open !== undefined && open.nonce === minedNonce && open.blockHash === block.hash)
      return this.#tend(block, open);
    return this.#begin(block, l1Block, minedNonce, open?.nonce === minedNonce ? open : undefined);
  }

  /** The open publication, unless it is of an account that was configured before. */
  #own(): StoredPublication | undefined {
    const publication = this.#store.publication;
    return publication?.proposer === this.#l1.proposer ? publication : undefined;
  }

  /** Hash of the attempt that L1 mined successfully, if any. */
  async #minedAttempt(publication: StoredPublication): Promise<string | undefined> {
    for (const attempt of publication.attempts) {
      const receipt = await this.#l1.receipt(attempt.hash);
      if (receipt !== undefined) this.#onReceipt(attempt.hash, receipt);
      if (receipt?.status === 'success') return attempt.hash;
      if (receipt?.status === 'reverted') {
        this.#log.warn(
          { transaction: attempt.hash, l2Block: publication.l2Block },
          'a proposal was reverted on L1',
        );
      }
    }
    return undefined;
  }

  /** First attempt for this block; takes over the nonce of a proposal that is no longer wanted. */
  async #begin(
    block: EncodedBlock,
    l1Block: number,
    nonce: number,
    replaced: StoredPublication | undefined,
  ): Promise<PublishOutcome> {
    let gas: bigint;
    try {
      gas = await this.#l1.simulate(block.bytes, l1Block);
    } catch (error) {
      if (error instanceof AzaleaError && error.code === 'L1_REVERTED') return { kind: 'refused', error };
      throw error;
    }
    crashPoint('publisher.simulated');
    const last = replaced?.attempts.at(-1);
    const fees = await this.#fees(last);
    const signed = await this.#l1.sign(block.bytes, nonce, gas, fees);
    crashPoint('publisher.signed');
    this.#store.atomic(() => {
      this.#store.publication = {
        proposer: this.#l1.proposer,
        nonce,
        blockHash: block.hash,
        l2Block: block.l2Block,
        gas: gas.toString(),
        attempts: [this.#attempt(signed, fees)],
      };
    });
    await this.#store.flush();
    crashPoint('publisher.attempt-stored');
    await this.#send(signed.raw);
    this.#log.info(
      { l2Block: block.l2Block, transaction: signed.hash, nonce, gas: gas.toString() },
      'block proposed to L1',
    );
    return { kind: 'waiting', transactionHash: signed.hash };
  }

  /** Hands an attempt in again, or replaces it once it is stuck. */
  async #tend(block: EncodedBlock, publication: StoredPublication): Promise<PublishOutcome> {
    const last = publication.attempts.at(-1)!;
    const now = performance.now();
    if (this.#newest?.hash !== last.hash) this.#newest = { hash: last.hash, since: now };
    if (now - this.#newest.since < this.#options.stuckAfterMs) {
      if (now - this.#lastSend >= this.#options.resendAfterMs) await this.#send(last.raw);
      return { kind: 'waiting', transactionHash: last.hash };
    }
    const fees = await this.#fees(last);
    if (fees.maxFeePerGas <= BigInt(last.maxFeePerGas)) {
      await this.#send(last.raw);
      return { kind: 'waiting', transactionHash: last.hash };
    }
    const signed = await this.#l1.sign(block.bytes, publication.nonce, BigInt(publication.gas), fees);
    crashPoint('publisher.replacement-signed');
    this.#store.atomic(() => {
      this.#store.publication = {
        ...publication,
        attempts: [...publication.attempts, this.#attempt(signed, fees)],
      };
    });
    await this.#store.flush();
    crashPoint('publisher.replacement-stored');
    await this.#send(signed.raw);
    crashPoint('publisher.replacement-sent');
    this.#log.warn(
      { l2Block: block.l2Block, transaction: signed.hash, replaces: last.hash },
      'stuck proposal replaced',
    );
    return { kind: 'waiting', transactionHash: signed.hash };
  }

  async #fees(last: StoredAttempt | undefined): Promise<Fees> {
    const market = await this.#l1.fees();
    const cap = this.#options.maxFeePerGas;
    if (last === undefined) {
      return {
        maxFeePerGas: smaller(market.maxFeePerGas, cap),
        maxPriorityFeePerGas: smaller(market.maxPriorityFeePerGas, cap),
      };
    }
    const maxFeePerGas = smaller(larger(market.maxFeePerGas, raised(BigInt(last.maxFeePerGas))), cap);
    const priority = larger(market.maxPriorityFeePerGas, raised(BigInt(last.maxPriorityFeePerGas)));
    return { maxFeePerGas, maxPriorityFeePerGas: smaller(priority, maxFeePerGas) };
  }

  #attempt(signed: SignedTransaction, fees: Fees): StoredAttempt {
    return {
      hash: signed.hash,
      raw: signed.raw,
      maxFeePerGas: fees.maxFeePerGas.toString(),
      maxPriorityFeePerGas: fees.maxPriorityFeePerGas.toString(),
    };
  }

  /** A refusal by the node (underpriced, nonce used) is not the end: the next step looks at the nonce again. */
  async #send(raw: string): Promise<void> {
    this.#lastSend = performance.now();
    try {
      await this.#l1.send(raw);
      crashPoint('publisher.sent');
    } catch (error) {
      if (!(error instanceof AzaleaError) || error.code !== 'L1_REJECTED') throw error;
      this.#log.warn({ error: error.message }, 'the L1 node refused a proposal; it is tried again');
    }
  }
}
