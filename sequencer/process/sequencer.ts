/**
 * The sequencer: accepts transactions, follows L1, builds and publishes blocks. One loop does everything that changes
 * the state; submissions come in between, each stored atomically.
 */

import { DirectoryLock } from '../../host/directory-lock.ts';
import { DEVELOPMENT_CHAIN } from '../../protocol/constants.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import type { BlockResponse, BlocksResponse, PageQuery, RootsResponse } from '../../rpc/schema/blocks.ts';
import type { HealthResponse, InfoResponse, ProvingKeyStatus } from '../../rpc/schema/info.ts';
import type { NotesResponse } from '../../rpc/schema/notes.ts';
import type { SubmitResponse, TransactionStatus } from '../../rpc/schema/transactions.ts';
import { stopping } from '../admission/stopping.ts';
import { describeRollup } from '../http/describe-rollup.ts';
import type { Backend } from '../http/server.ts';
import type { Mempool } from '../mempool/mempool.ts';
import { Store } from '../state/store.ts';
import { backoffMs } from './backoff.ts';
import { crashPoint } from './crash-point.ts';
import type { SequencerDependencies, SequencerOptions } from './options.ts';
import { createParts, type Parts } from './parts.ts';

/** Failures that trying again cannot heal. */
const FATAL: readonly string[] = ['STORE_VERSION', 'STORE_UNUSABLE', 'STATE_DIVERGED'];
/**
 * Failures that show a wrong setting while the sequencer starts. Later the settings were right: then another chain is behind
 * the L1 URL, and the right one may come back.
 */
const FATAL_AT_START: readonly string[] = [
  'STORE_FOREIGN',
  'INSECURE_KEYS_REFUSED',
  'KEY_MISMATCH',
  'L1_NOT_A_ROLLUP',
];
/** Failures of the connection to L1. */
const NOT_REACHABLE: readonly string[] = ['L1_UNREACHABLE', 'L1_RATE_LIMITED', 'L1_UNAUTHORIZED'];
/** A poll of L1 older than this is no longer current, in milliseconds; slow polling gets ten pauses. */
const CURRENT_POLL_MS = 30_000;

export class Sequencer implements Backend {
  readonly #options: SequencerOptions;
  readonly #deps: SequencerDependencies;
  readonly #store: Store;
  #running: Parts | undefined;
  #l1Head: number | undefined;
  #reachable = false;
  /** `performance.now()` of the last successful poll. */
  #polledAt: number | undefined;
  #problem: { code: string; message: string } | null = null;
  #stopping = false;
  /** The last failure to store a submission. */
  #storeFailure: AzaleaError | undefined;
  #wake: () => void = () => {};
  #awake = false;
  #loop: Promise<void> | undefined;
  #lock: DirectoryLock | undefined;
  readonly #submissions = new Set<Promise<unknown>>();

  constructor(options: SequencerOptions, dependencies: SequencerDependencies) {
    this.#options = options;
    this.#deps = dependencies;
    this.#store = new Store({ path: options.dataDirectory });
  }

  /**
   * Runs until `stop`. Waits for L1 as long as it takes.
   * @throws AzaleaError (the promise rejects) with a failure that trying again cannot heal: STORE_FOREIGN, STORE_IN_USE, ...
   */
  run(): Promise<void> {
    this.#loop ??= this.#work();
    return this.#loop;
  }

  /** Takes no more submissions, finishes the running step, stops proving, closes the store. */
  async stop(): Promise<void> {
    this.#stopping = true;
    crashPoint('stop.requested');
    this.#rouse();
    await this.#running?.pipeline.stop();
    await this.#loop?.catch(() => {});
    await this.#running?.pipeline.stop();
    await Promise.allSettled(this.#submissions);
    await this.#deps.verifier.close();
    await this.#deps.prover.close();
    await this.#store.close();
    await this.#lock?.release();
  }

  submit(bytes: Uint8Array, sender?: string): Promise<SubmitResponse> {
    const submission = this.#accept(bytes, sender);
    this.#submissions.add(submission);
    const forget = () => this.#submissions.delete(submission);
    submission.then(forget, forget);
    return submission;
  }

  transaction(id: string): TransactionStatus {
    return this.#ready().queries.transaction(id);
  }

  blocks(page: PageQuery): BlocksResponse {
    return this.#ready().queries.blocks(page);
  }

  block(number: number): BlockResponse {
    return this.#ready().queries.block(number);
  }

  roots(page: PageQuery): RootsResponse {
    return this.#ready().queries.roots(page);
  }

  notes(page: PageQuery): NotesResponse {
    return this.#ready().queries.notes(page);
  }

  health(): HealthResponse {
    const running = this.#running;
    const caughtUp = running !== undefined && this.#l1Head !== undefined;
    const pollAge = this.#polledAt === undefined ? null : performance.now() - this.#polledAt;
    const current = pollAge !== null && pollAge <= Math.max(CURRENT_POLL_MS, 10 * this.#options.pollMs);
    const healthy = caughtUp && this.#reachable && this.#problem === null && current;
    const counts = running?.mempool.counts() ?? { pending: 0, parked: 0 };
    return {
      status: healthy ? 'ok' : caughtUp ? 'degraded' : 'starting',
      l1: {
        reachable: this.#reachable,
        head: this.#l1Head ?? null,
        followed: this.#store.cursor?.number ?? null,
        secondsSincePoll: pollAge === null ? null : Math.round(pollAge / 100) / 10,
        error: this.#reachable ? null : (this.#problem?.message ?? null),
      },
      l2Head: caughtUp ? this.#store.head.l2Block : null,
      mempool: counts,
      candidate: running?.pipeline.current ?? null,
      problem: this.#problem,
    };
  }

  info(): InfoResponse {
    return describeRollup(this.#ready().info, this.#options, this.#deps.artifacts.list());
  }

  requestProvingKey(circuit: string): ProvingKeyStatus {
    if (this.#stopping) throw stopping();
    return this.#deps.provingKeys.request(circuit);
  }

  async #accept(bytes: Uint8Array, sender?: string): Promise<SubmitResponse> {
    const { admission, mempool } = this.#ready();
    const accepted = await admission.admit(bytes, sender).catch((error: unknown) => {
      // The loop ends the process: see FATAL.
      if (error instanceof AzaleaError && error.code === 'STORE_UNUSABLE') {
        this.#storeFailure = error;
        this.#rouse();
      }
      throw error;
    });
    if (mempool.size >= this.#options.blockTransactions) this.#rouse();
    return accepted;
  }

  #ready(): Parts {
    if (this.#stopping) throw stopping();
    if (this.#running === undefined || this.#l1Head === undefined) {
      throw new AzaleaError('SEQUENCER_STARTING', 'The sequencer has not caught up with L1 yet; see /health');
    }
    return this.#running;
  }

  async #work(): Promise<void> {
    this.#lock = await DirectoryLock.take(this.#options.dataDirectory);
    let failures = 0;
    while (!this.#stopping) {
      let pause = this.#options.pollMs;
      try {
        await this.#step();
        if (failures > 0) this.#deps.log.info('working again');
        failures = 0;
        this.#problem = null;
      } catch (error) {
        if (this.#stopping) return;
        failures++;
        pause = backoffMs(failures);
        this.#report(error, failures, pause);
      }
      await this.#sleep(pause);
    }
  }

  async #step(): Promise<void> {
    if (this.#storeFailure !== undefined) throw this.#storeFailure;
    this.#running ??= await this.#open();
    const { follower, mempool, pipeline, spending } = this.#running;
    const followed = await follower.poll();
    const news = followed.head.number !== this.#l1Head || followed.applied + followed.undone > 0;
    this.#reachable = true;
    this.#polledAt = performance.now();
    this.#deps.metrics.l1Polled.setToCurrentTime();
    this.#l1Head = followed.head.number;
    this.#deps.metrics.l1Head.set(followed.head.number);
    this.#deps.metrics.l2Head.set(this.#store.head.l2Block);
    this.#deps.metrics.blocksSettled.inc(followed.applied);
    if (followed.reorganised) this.#deps.metrics.reorgs.inc();
    if (news || followed.reorganised) this.#maintain(mempool, followed.head.number);
    if (this.#stopping) return;
    if (news) await spending.look();
    await pipeline.step(followed.head.number);
  }

  #maintain(mempool: Mempool, l1Head: number): void {
    for (const { id, reason } of mempool.maintain(l1Head)) {
      this.#deps.metrics.dropped.inc({ code: reason.code });
      this.#deps.log.warn({ transaction: id, reason: reason.code }, 'transaction dropped');
    }
    this.#deps.metrics.pending.set(mempool.size);
  }

  /** First contact with L1: identity, then all parts. */
  async #open(): Promise<Parts> {
    const { l1, log } = this.#deps;
    const info = await l1.rollupInfo();
    this.#reachable = true;
    if (info.insecureKeys && info.chainId !== DEVELOPMENT_CHAIN) {
      throw new AzaleaError(
        'INSECURE_KEYS_REFUSED',
        `The rollup has development keys on chain ${info.chainId}: their maker can empty its bridge`,
        { chainId: info.chainId },
      );
    }
    this.#deps.checkKeys?.(info);
    const deployment = await l1.block(info.deployedAt);
    if (deployment === undefined)
      throw new AzaleaError('L1_INCONSISTENT', 'L1 lacks the block of the deployment');
    const parts = createParts(this.#options, {
      ...this.#deps,
      store: this.#store,
      info,
      deployment,
      l1Head: () => this.#l1Head ?? 0,
      isStopping: () => this.#stopping,
      wake: () => this.#rouse(),
    });
    log.info(
      { rollup: info.rollup, chainId: info.chainId, proposer: l1.proposer, insecureKeys: info.insecureKeys },
      'rollup found',
    );
    return parts;
  }

  #report(thrown: unknown, failures: number, pause: number): void {
    const error = this.#l1Head === undefined ? thrown : duringWork(thrown);
    const code = error instanceof AzaleaError ? error.code : 'INTERNAL';
    const message = error instanceof AzaleaError ? error.message : 'Unexpected failure; see the log';
    if (NOT_REACHABLE.includes(code)) this.#reachable = false;
    this.#problem = { code, message };
    const facts = {
      code,
      failures,
      pause,
      ...(code === 'INTERNAL' ? { error: String((error as Error)?.stack ?? error) } : {}),
    };
    if (FATAL.includes(code) || FATAL_AT_START.includes(code)) {
      this.#deps.log.fatal(facts, message);
      throw error;
    }
    if (failures === 1 || failures % 10 === 0) this.#deps.log.warn(facts, message);
  }

  #rouse(): void {
    this.#awake = true;
    this.#wake();
  }

  /** Ends early when something is to do. */
  async #sleep(ms: number): Promise<void> {
    if (!this.#awake && !this.#stopping) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        timer = setTimeout(resolve, ms);
      });
      clearTimeout(timer);
    }
    this.#awake = false;
  }
}

/** Names the cause of a failure that only shows a wrong setting while the sequencer starts. */
function duringWork(error: unknown): unknown {
  if (!(error instanceof AzaleaError) || !FATAL_AT_START.includes(error.code)) return error;
  return new AzaleaError(
    'L1_WRONG_CHAIN',
    'The L1 URL leads to another chain than before; check it. Nothing is published until the right chain is back',
    { ...error.details, found: error.code },
    { cause: error },
  );
}
