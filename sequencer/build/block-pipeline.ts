/**
 * Takes one block after the other from choice to L1: choose, prove (chunks side by side), publish. Progress is always on
 * disk, and `step` resumes from it. A block whose parent state is no longer the newest is given up.
 */
import type { Logger } from 'pino';
import { AzaleaError } from '../../protocol/errors.ts';
import type { BlockBuilder, BuiltBlock, ChunkJob } from './block-builder.ts';
import type { ChunkTimes } from './chunk-times.ts';
import { crashPoint } from '../process/crash-point.ts';
import type { Mempool } from '../mempool/mempool.ts';
import type { Metrics } from '../process/metrics.ts';
import type { Publisher } from '../publish/publisher.ts';
import type { StateUpdateProver } from './state-update-prover.ts';
import type { Store } from '../state/store.ts';

export interface BlockPipelineOptions {
  /** Age of the oldest waiting transaction or deposit that starts a block, in milliseconds. */
  readonly blockDelayMs: number;
  /** Proofs made at the same time. */
  readonly workers: number;
}

export interface BlockPipelineDependencies {
  readonly store: Store;
  readonly mempool: Mempool;
  readonly builder: BlockBuilder;
  readonly publisher: Publisher;
  readonly prover: StateUpdateProver;
  readonly times: ChunkTimes;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Called when a proof is there, so that the next step comes at once. */
  readonly wake: () => void;
}

export type PipelineStage = 'proving' | 'proven' | 'published';

export class BlockPipeline {
  readonly #options: BlockPipelineOptions;
  readonly #deps: BlockPipelineDependencies;
  #block: BuiltBlock | undefined;
  #proving: { readonly abort: AbortController; readonly done: Promise<void> } | undefined;
  #failure: unknown;
  #waitingSince: number | undefined;
  #stage: PipelineStage | undefined;

  constructor(options: BlockPipelineOptions, dependencies: BlockPipelineDependencies) {
    this.#options = options;
    this.#deps = dependencies;
  }

  /** The current block, for /health. */
  get current(): { block: number; stage: PipelineStage; transactions: number } | null {
    if (this.#block === undefined) return null;
    const { l2Block, candidate } = this.#block;
    return { block: l2Block, stage: this.#stage ?? 'proving', transactions: candidate.transactionIds.length };
  }

  /**
   * Goes as far as possible without waiting for a proof or for L1.
   * @param l1Head newest L1 block, which the store has caught up with
   */
  async step(l1Head: number): Promise<void> {
    this.#dropStale();
    this.#block ??= this.#deps.builder.resume() ?? this.#start(l1Head);
    if (this.#block === undefined) return;
    const failure = this.#failure;
    if (failure !== undefined) {
      this.#failure = undefined;
      throw failure;
    }
    const proofs = this.#storedProofs(this.#block);
    if (proofs === undefined) {
      this.#stage = 'proving';
      this.#prove(this.#block);
      return;
    }
    this.#stage = this.#stage === 'published' ? 'published' : 'proven';
    await this.#publish(this.#block, proofs, l1Head);
  }

  /** Stops proving and waits until no proof is running. Stored progress stays; the next start resumes from it. */
  async stop(): Promise<void> {
    const proving = this.#proving;
    proving?.abort.abort(new AzaleaError('SEQUENCER_STOPPING', 'The sequencer is shutting down'));
    await proving?.done;
  }

  /**
   * The follower removes the stored candidate whenever the state moves; the one in memory goes with it. So does a
   * candidate with a transaction that cannot settle any more, as when its anchor expired.
   */
  #dropStale(): void {
    const { store, builder } = this.#deps;
    if (store.candidate?.transactionIds.some((id) => store.transactions.get(id)?.reason !== null))
      builder.abandon();
    if (this.#block === undefined) return;
    const stored = store.candidate;
    if (stored !== undefined && sameKeys(stored.proofKeys, this.#block.candidate.proofKeys)) return;
    this.#proving?.abort.abort(new AzaleaError('CANDIDATE_STALE', 'Another block settled first'));
    this.#block = undefined;
    this.#stage = undefined;
    this.#failure = undefined;
  }

  #start(l1Head: number): BuiltBlock | undefined {
    const waiting = this.#deps.builder.waiting(l1Head);
    if (waiting.transactions === 0 && waiting.deposits === 0) {
      this.#waitingSince = undefined;
      return undefined;
    }
    this.#waitingSince ??= performance.now();
    if (!waiting.full && performance.now() - this.#waitingSince < this.#options.blockDelayMs) return undefined;
    this.#waitingSince = undefined;
    const block = this.#deps.builder.choose(l1Head);
    if (block === undefined) return undefined;
    this.#deps.metrics.blocksBuilt.inc();
    this.#deps.log.info(
      {
        l2Block: block.l2Block,
        transactions: block.candidate.transactionIds.length,
        deposits: block.candidate.depositCount,
        chunks: block.candidate.chunks.join('+'),
      },
      'block begun',
    );
    return block;
  }

  #storedProofs(block: BuiltBlock): Uint8Array[] | undefined {
    const proofs = block.jobs.map((job) => this.#deps.store.proofs.get(job.key));
    return proofs.every((proof) => proof !== undefined)
      ? proofs.map((proof) => new Uint8Array(proof!))
      : undefined;
  }

  #prove(block: BuiltBlock): void {
    if (this.#proving !== undefined) return;
    crashPoint('prover.witness-built');
    const abort = new AbortController();
    const queue = block.jobs.filter((job) => !this.#deps.store.proofs.doesExist(job.key));
    const worker = async (): Promise<void> => {
      for (let job = queue.shift(); job !== undefined; job = queue.shift())
        await this.#proveChunk(job, abort.signal);
    };
    const workers = Array.from({ length: Math.min(this.#options.workers, queue.length) }, worker);
    const done = Promise.allSettled(workers).then((results) => {
      this.#proving = undefined;
      const rejected = results.find((result) => result.status === 'rejected');
      if (rejected !== undefined && !abort.signal.aborted) {
        abort.abort(rejected.reason);
        this.#failure = rejected.reason;
      } else if (rejected === undefined) {
        crashPoint('prover.all-stored');
      }
      this.#deps.wake();
    });
    this.#proving = { abort, done };
  }

  async #proveChunk(job: ChunkJob, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const started = performance.now();
    const proof = await this.#deps.prover.prove(job.chunk, job.inputs, { signal });
    crashPoint('prover.chunk-proven');
    signal.throwIfAborted();
    this.#deps.store.atomic(() => {
      this.#deps.store.proofs.putSync(job.key, Buffer.from(proof));
    });
    crashPoint('prover.chunk-stored');
    const seconds = (performance.now() - started) / 1000;
    this.#deps.metrics.proofSeconds.observe({ size: job.chunk.size }, seconds);
    this.#deps.times.observe(job.chunk.size, seconds);
    this.#deps.log.info({ size: job.chunk.size, seconds }, 'chunk proven');
  }

  async #publish(block: BuiltBlock, proofs: readonly Uint8Array[], l1Head: number): Promise<void> {
    const { bytes, hash } = block.encode(proofs);
    crashPoint('publisher.block-encoded');
    const outcome = await this.#deps.publisher.step({ l2Block: block.l2Block, bytes, hash }, l1Head);
    if (outcome.kind === 'refused') this.#refused(block, outcome.error);
    else this.#stage = 'published';
  }

  /**
   * L1 would revert the block although it fits the state. A reason that names a transition singles that one out;
   * any other is narrowed down by halving the next blocks. A transaction refused alone for a reason of its own is
   * dropped; a block refused for no transaction's fault is reported and tried again.
   */
  #refused(block: BuiltBlock, error: AzaleaError): void {
    const { store, mempool, builder, log } = this.#deps;
    const name = String(error.details.error ?? 'unknown');
    const ids = block.candidate.transactionIds;
    log.error({ l2Block: block.l2Block, error: name, transactions: ids.length }, 'L1 refuses the block');
    builder.abandon();
    this.#block = undefined;
    this.#stage = undefined;
    const named = TRANSITION_FAULTS.includes(name)
      ? block.owners[Number(error.details.transition ?? 0)]
      : undefined;
    const culprit = named ?? (ids.length === 1 && SHARED_FAULTS.includes(name) ? ids[0] : undefined);
    if (culprit !== undefined) {
      mempool.refuse(culprit, { code: 'L1_REFUSED', message: `The rollup contract refuses it: ${name}` });
      store.atomic(() => {
        store.quarantineLimit = undefined;
      });
      this.#deps.metrics.dropped.inc({ code: 'L1_REFUSED' });
      return;
    }
    if (ids.length > 1 && SHARED_FAULTS.includes(name)) {
      store.atomic(() => {
        store.quarantineLimit = Math.ceil(ids.length / 2);
      });
      return;
    }
    throw new AzaleaError('BLOCK_REFUSED', `L1 refuses block ${block.l2Block}: ${name}; it is built again`, {
      error: name,
    });
  }
}

/** Errors of the contract that name the faulty transition and are permanent. */
const TRANSITION_FAULTS: readonly string[] = [
  'WordOutOfRange',
  'ZeroElement',
  'UnsupportedFeature',
  'ForeignWithdrawal',
  'InvalidWithdrawal',
  'FeeUnsupported',
];

/** Errors that one transition can cause without being named. */
const SHARED_FAULTS: readonly string[] = ['WithdrawalExceedsDeposits', 'InvalidProof', 'InvalidProofPoint'];

const sameKeys = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((key, index) => key === b[index]);
