/** Bounded queue in front of a batch verifier: full means SEQUENCER_BUSY at once, never a long wait. */
import { AzaleaError } from '../../protocol/errors.ts';
import type { BatchVerifier, ProofClaim, ProofVerifier } from './proof-verifier.ts';
import { stopping } from './stopping.ts';

export interface VerificationQueueOptions {
  /** Claims that may wait or be verified at the same time. */
  readonly places: number;
  /** Of these, places of one sender. */
  readonly perSender: number;
  /** Most claims of one batch. */
  readonly batch: number;
  /**
   * Most claims of one sender in a batch with claims of others: wrong proofs are found by halving, which costs time. Default: no
   * limit.
   */
  readonly perSenderInBatch?: number;
  /** Milliseconds that a lone claim waits for company while the verifier is idle; at most 20. Default 0. */
  readonly companyMs?: number;
}

/** A batch shares most of its work (prover/verify.ts). Its first claim waits for its last, about a tenth of a second. */
export const VERIFICATION_QUEUE: VerificationQueueOptions = {
  places: 64,
  perSender: 16,
  batch: 32,
  perSenderInBatch: 4,
  companyMs: 10,
};

const LONGEST_COMPANY_MS = 20;

interface Entry {
  readonly claim: ProofClaim;
  readonly sender: string;
  readonly resolve: (valid: boolean) => void;
  readonly reject: (error: unknown) => void;
}

export class VerificationQueue implements ProofVerifier {
  readonly #options: VerificationQueueOptions;
  readonly #verifier: BatchVerifier;
  readonly #waiting: Entry[] = [];
  readonly #bySender = new Map<string, number>();
  #taken = 0;
  #running = false;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: VerificationQueueOptions, dependencies: { readonly verifier: BatchVerifier }) {
    this.#options = options;
    this.#verifier = dependencies.verifier;
  }

  assertRoom(sender = ''): void {
    const { places, perSender } = this.#options;
    if (this.#closed) throw stopping();
    if ((this.#bySender.get(sender) ?? 0) >= perSender) {
      throw new AzaleaError(
        'SEQUENCER_BUSY',
        `${perSender} submissions from this address are being verified; send it again in a moment`,
      );
    }
    if (this.#taken >= places) {
      throw new AzaleaError(
        'SEQUENCER_BUSY',
        'Too many submissions are being verified; send it again in a moment',
      );
    }
  }

  async verify(claim: ProofClaim, sender = ''): Promise<boolean> {
    this.assertRoom(sender);
    const { keyId } = claim;
    if (!this.#verifier.keyIds.has(keyId)) {
      throw new AzaleaError('TRANSACTION_KEY_UNKNOWN', `This sequencer has no verification key ${keyId}`, {
        keyId,
      });
    }
    this.#taken++;
    this.#bySender.set(sender, (this.#bySender.get(sender) ?? 0) + 1);
    try {
      return await new Promise<boolean>((resolve, reject) => {
        this.#waiting.push({ claim, sender, resolve, reject });
        this.#schedule();
      });
    } finally {
      this.#taken--;
      const left = (this.#bySender.get(sender) ?? 1) - 1;
      if (left === 0) this.#bySender.delete(sender);
      else this.#bySender.set(sender, left);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const { reject } of this.#waiting.splice(0)) reject(stopping());
    await this.#verifier.close();
  }

  #schedule(): void {
    if (this.#running || this.#waiting.length === 0) return;
    const company = Math.min(this.#options.companyMs ?? 0, LONGEST_COMPANY_MS);
    if (company === 0 || this.#waiting.length >= this.#options.batch) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      void this.#run();
      return;
    }
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#run();
    }, company);
  }

  /** Verifies until nothing waits: claims that arrive meanwhile form the next batch. */
  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    while (this.#waiting.length > 0) {
      const entries = this.#nextBatch();
      try {
        const verdicts = await this.#verifier.verifyBatch(entries.map(({ claim }) => claim));
        for (const [index, { resolve }] of entries.entries()) resolve(verdicts[index] === true);
      } catch (error) {
        for (const { reject } of entries) reject(this.#closed ? stopping() : error);
      }
    }
    this.#running = false;
  }

  /** The oldest claims, one of each sender before the second of any: a sender with many waits behind its own. */
  #nextBatch(): Entry[] {
    const { perSenderInBatch = Number.POSITIVE_INFINITY } = this.#options;
    const all = new Set<string>();
    const chosen: Entry[] = [];
    let rounds = 0;
    while (chosen.length < this.#options.batch && this.#waiting.length > 0) {
      if (rounds++ >= perSenderInBatch && all.size > 1) break;
      const senders = new Set<string>();
      for (let index = 0; index < this.#waiting.length && chosen.length < this.#options.batch; ) {
        const entry = this.#waiting[index]!;
        if (senders.has(entry.sender)) {
          index++;
          continue;
        }
        senders.add(entry.sender);
        all.add(entry.sender);
        chosen.push(entry);
        this.#waiting.splice(index, 1);
      }
    }
    return chosen;
  }
}
