/**
 * How many state-update chunks of which size a block gets. Pure. L1 fills the chunks in order and refuses leftovers and
 * chunks that get nothing (docs/specification.md, section 11).
 */
import { DEPOSITS_PER_CHUNK, STATE_UPDATE_SLOTS } from '../../protocol/constants.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import type { ChunkSize } from '../../protocol/state/chunk.ts';

export interface ChunkPlanOptions {
  /** Nullifiers to insert; as many commitments to append at most. */
  readonly nullifiers: number;
  readonly commitments: number;
  /** Deposits waiting on L1. */
  readonly deposits: number;
  /** Proofs that run at the same time. */
  readonly workers: number;
  /** Seconds that one proof of each size takes. */
  readonly seconds: Readonly<Record<ChunkSize, number>>;
  /** Sizes that may be used, those whose keys the rollup has. Default: all. */
  readonly sizes?: readonly ChunkSize[];
  /** Most chunks a block may have. */
  readonly maxChunks: number;
}

export interface ChunkPlan {
  readonly chunks: readonly ChunkSize[];
  /** How many of the waiting deposits the block takes. */
  readonly deposits: number;
  /** Expected time until the last proof is there. */
  readonly seconds: number;
}

/** Time until all jobs are done when each free worker takes the next one (longest first). */
export function makespan(jobs: readonly number[], workers: number): number {
  const busy = new Array<number>(Math.max(1, workers)).fill(0);
  for (const job of [...jobs].sort((a, b) => b - a)) {
    const next = busy.indexOf(Math.min(...busy));
    busy[next] += job;
  }
  return Math.max(...busy);
}

/**
 * The plan with the least proving time; among equals the fewest chunks (each costs gas and proof bytes), then the fewest
 * slots (each unused one is lost room in the trees). Deposits ride in the chunks that nullifiers and commitments need;
 * small chunks are added only for deposits that find no place there.
 */
export function planChunks(options: ChunkPlanOptions): ChunkPlan {
  const slots = Math.max(options.nullifiers, options.commitments);
  if (slots === 0 && options.deposits === 0) return { chunks: [], deposits: 0, seconds: 0 };
  const { large, small } = STATE_UPDATE_SLOTS;
  let best: { chunks: ChunkSize[]; seconds: number; slots: number } | undefined;
  const sizes = options.sizes ?? ['small', 'large'];
  const filler = sizes.includes('small') ? 'small' : 'large';
  for (let larges = 0; larges <= Math.ceil(slots / large); larges++) {
    const smalls = Math.ceil(Math.max(0, slots - larges * large) / small);
    if ((larges > 0 && !sizes.includes('large')) || (smalls > 0 && !sizes.includes('small'))) continue;
    const chunks: ChunkSize[] = [...repeat('large', larges), ...repeat('small', smalls)];
    const wanted = Math.ceil(options.deposits / DEPOSITS_PER_CHUNK);
    while (chunks.length < Math.min(wanted, options.maxChunks)) chunks.push(filler);
    if (chunks.length > options.maxChunks) continue;
    const plan = {
      chunks,
      seconds: makespan(
        chunks.map((size) => options.seconds[size]),
        options.workers,
      ),
      slots: chunks.reduce((sum, size) => sum + STATE_UPDATE_SLOTS[size], 0),
    };
    const better =
      best === undefined ||
      plan.seconds < best.seconds ||
      (plan.seconds === best.seconds &&
        (chunks.length < best.chunks.length ||
          (chunks.length === best.chunks.length && plan.slots < best.slots)));
    if (better) best = plan;
  }
  if (best === undefined) {
    throw new AzaleaError(
      'BLOCK_TOO_LARGE',
      `${slots} nullifiers do not fit into ${options.maxChunks} chunks; lower blockTransactions or raise maxChunks`,
      { slots, maxChunks: options.maxChunks },
    );
  }
  return {
    chunks: best.chunks,
    deposits: Math.min(options.deposits, best.chunks.length * DEPOSITS_PER_CHUNK),
    seconds: best.seconds,
  };
}

const repeat = (size: ChunkSize, times: number): ChunkSize[] => new Array<ChunkSize>(times).fill(size);
