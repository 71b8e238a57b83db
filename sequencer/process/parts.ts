/** Puts the sequencer's parts together for one rollup. */

import { type ChunkSize, STATE_UPDATE_KEY } from '../../protocol/state/chunk.ts';
import { Admission } from '../admission/admission.ts';
import { BlockBuilder } from '../build/block-builder.ts';
import { BlockPipeline } from '../build/block-pipeline.ts';
import { ChunkTimes } from '../build/chunk-times.ts';
import { Follower } from '../follow/follower.ts';
import { PAGE_BLOCKS, Queries } from '../http/queries.ts';
import type { L1Block, RollupInfo } from '../l1/port.ts';
import { Mempool } from '../mempool/mempool.ts';
import { Publisher } from '../publish/publisher.ts';
import { SpendingMeter } from '../publish/spending-meter.ts';
import { adoptIdentity } from '../state/identity.ts';
import type { Store } from '../state/store.ts';
import { WorldState } from '../state/world-state.ts';
import type { SequencerDependencies, SequencerOptions } from './options.ts';

/** Everything that exists once L1 was reached. */
export interface Parts {
  readonly info: RollupInfo;
  readonly mempool: Mempool;
  readonly admission: Admission;
  readonly follower: Follower;
  readonly pipeline: BlockPipeline;
  readonly queries: Queries;
  readonly spending: SpendingMeter;
}

export interface PartsDependencies extends SequencerDependencies {
  readonly store: Store;
  readonly info: RollupInfo;
  /** L1 block of the deployment. */
  readonly deployment: L1Block;
  /** Number of the newest L1 block seen. */
  readonly l1Head: () => number;
  readonly isStopping: () => boolean;
  /** Makes the next step come at once. */
  readonly wake: () => void;
}

/** Sizes of state updates that the rollup has keys for. */
function chunkSizes(info: RollupInfo): ChunkSize[] {
  return (['small', 'large'] as const).filter((size) =>
    info.keys.some(({ id }) => id === STATE_UPDATE_KEY[size]),
  );
}

/** @throws AzaleaError STORE_FOREIGN, STORE_VERSION when the data directory is not this rollup's. */
export function createParts(options: SequencerOptions, dependencies: PartsDependencies): Parts {
  const { store, info, l1, log, metrics, prover, wake, l1Head } = dependencies;
  const state = new WorldState({ store });
  adoptIdentity(store, state, info, dependencies.deployment);
  const mempool = new Mempool(
    {
      limit: options.mempoolTransactions,
      anchorMarginL1Blocks: options.anchorMarginL1Blocks,
      confirmations: options.confirmations,
    },
    { store },
  );
  const follower = new Follower(
    { logRange: options.l1LogRange, rollupId: info.rollupId },
    { store, state, mempool, l1, log },
  );
  const times = new ChunkTimes({
    seconds: { small: options.smallChunkSeconds, large: options.largeChunkSeconds },
  });
  const builder = new BlockBuilder(
    {
      chainId: info.chainId,
      rollup: info.rollup,
      proposer: l1.proposer,
      blockTransactions: options.blockTransactions,
      blockGas: options.blockGas,
      sizes: chunkSizes(info),
      maxChunks: options.maxChunks,
      workers: options.proofWorkers,
      depositShare: options.depositShare,
      depositBlockSeconds: options.depositBlockSeconds,
    },
    { store, state, mempool, times },
  );
  const spending = new SpendingMeter({ l1, metrics, store });
  const publisher = new Publisher(
    {
      stuckAfterMs: options.stuckAfterMs,
      resendAfterMs: options.resendAfterMs,
      maxFeePerGas: BigInt(Math.round(options.maxFeeGwei * 1e9)),
    },
    { store, l1, log, onReceipt: (hash, receipt) => spending.count(hash, receipt) },
  );
  const pipeline = new BlockPipeline(
    { blockDelayMs: options.blockDelayMs, workers: options.proofWorkers },
    { store, mempool, builder, publisher, prover, times, metrics, log, wake },
  );
  const queries = new Queries(
    { rollupId: info.rollupId, confirmations: options.confirmations, pageBlocks: PAGE_BLOCKS },
    { store, l1Head },
  );
  const { verifier, isStopping } = dependencies;
  const admission = new Admission({ info, mempool, verifier, metrics, log, l1Head, isStopping });
  return { info, mempool, admission, follower, pipeline, queries, spending };
}
