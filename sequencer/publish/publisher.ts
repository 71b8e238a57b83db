/**
 * Brings a proven block to L1, once. These rules make it idempotent:
 * - Every attempt is stored, signed, before it is sent. After a crash the same bytes are sent again.
 * - All attempts share one nonce (the proposer's next one) until L1 has used that nonce, so at most one is mined.
 * - A block gets another nonce only when L1 shows that its first one went to another transaction. A missing receipt proves
 *   nothing, since nodes behind one URL may know different blocks.
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
  /** Milliseconds after which an attempt is sent to the node again (it may have forgotten it). */
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

/** Nodes accept a replacement that raises both fees by at least a tenth; they commonly demand an eighth. */
const raised = (value: bigint): bigint => value + value / 8n + 1n;
/** Blocks whose state every full node keeps. */
const STATE_BLOCKS = 128;
/** Stands for a transaction in a block whose state the node no longer has. */
const OUT_OF_SIGHT = 'in a block that the node no longer looks into';
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
  /** Since when the chain has lacked a transaction before the open publication's. */
  #gapSince: number | undefined;

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
    // Of that same block: the newest one of another node would not fit what was followed so far.
    const nonce = await this.#l1.nonceAt(l1Block);
    const known = this.#own();
    if (known === undefined) return this.#begin(block, l1Block, nonce, undefined);
    const same = known.blockHash === block.hash;
    if (known.nonce <= nonce) this.#gapSince = undefined;
    if (known.nonce < nonce) {
      const end = await this.#endOf(known, l1Block);
      crashPoint('publisher.receipt-seen');
      if (same && end.kind !== 'over') return end;
      this.#store.atomic(() => {
        this.#store.publication = undefined;
      });
      return this.#begin(block, l1Block, nonce, undefined);
    }
    if (known.nonce === nonce)
      return same ? this.#tend(block, known) : this.#begin(block, l1Block, nonce, known);
    if (same && !this.#hasGap(known, l1Block)) return this.#resend(known);
    return this.#begin(block, l1Block, nonce, undefined);
  }

  /** The open publication, unless it is of an account that was configured before. */
  #own(): StoredPublication | undefined {
    const publication = this.#store.publication;
    return publication?.proposer === this.#l1.proposer ? publication : undefined;
  }

  /**
   * Returns the outcome of a publication whose nonce L1 has used. over: it was reverted, or another transaction is shown to
   * have the nonce, so the block may be signed again.
   */
  async #endOf(
    publication: StoredPublication,
    l1Block: number,
  ): Promise<{ readonly kind: 'waiting' | 'mined'; readonly transactionHash: string } | { kind: 'over' }> {
    const { attempts, l2Block, nonce } = publication;
    for (const { hash } of attempts) {
      const receipt = await this.#l1.receipt(hash);
      if (receipt === undefined) continue;
      this.#onReceipt(hash, receipt);
      if (receipt.status === 'success') return { kind: 'mined', transactionHash: hash };
      this.#log.warn({ transaction: hash, l2Block }, 'a proposal was reverted on L1');
      return { kind: 'over' };
    }
    const by = await this.#holderOf(publication, l1Block);
    const waiting = { kind: 'waiting', transactionHash: attempts.at(-1)!.hash } as const;
    if (by === undefined || attempts.some(({ hash }) => hash === by)) return waiting;
    this.#log.warn({ nonce, l2Block, transaction: by }, 'another transaction of the proposer took its nonce');
    return { kind: 'over' };
  }

  /** The transaction with a publication's nonce; undefined: not shown yet. */
  async #holderOf(
    { nonce, l1Block: since }: StoredPublication,
    l1Block: number,
  ): Promise<string | undefined> {
    try {
      return await this.#l1.transactionOfNonce(nonce, since ?? l1Block);
    } catch (error) {
      const gone = since !== undefined && l1Block - since > STATE_BLOCKS;
      if (!gone || !(error instanceof AzaleaError) || error.code !== 'L1_CALL_FAILED') throw error;
      // No lag is that long: L1 shows the nonce used, and the simulation of the next attempt shows that the block has not settled.
      return OUT_OF_SIGHT;
    }
  }

  /** Returns whether a reorganisation removed a transaction before this one for good: nothing is mined until its nonce is used. */
  #hasGap(publication: StoredPublication, l1Block: number): boolean {
    // A node that lags shows fewer transactions, too.
    if (l1Block < (publication.l1Block ?? 0)) return false;
    const now = performance.now();
    this.#gapSince ??= now;
    return now - this.#gapSince >= this.#options.stuckAfterMs;
  }

  async #resend({ attempts }: StoredPublication): Promise<PublishOutcome> {
    const last = attempts.at(-1)!;
    if (performance.now() - this.#lastSend >= this.#options.resendAfterMs) await this.#send(last.raw);
    return { kind: 'waiting', transactionHash: last.hash };
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
        l1Block,
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
    if (now - this.#newest.since < this.#options.stuckAfterMs) return this.#resend(publication);
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
