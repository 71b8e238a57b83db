/**
 * Plans the state-update chunks of a block: how many of which size. Pure. L1 fills the chunks in order and refuses leftovers
 * and chunks that get nothing (docs/specification.md, section 11).
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
  /** Deposits may lengthen the proving of transactions by this share of its time. Default: without limit. */
  readonly depositShare?: number;
  /** Most seconds that deposits alone are proven, one chunk excepted. Default: without limit. */
  readonly depositSeconds?: number;
  /** The oldest deposit is overdue: then `depositSeconds` holds beside transactions, too. */
  readonly overdue?: boolean;
  /** Plans that are slower than the fastest by at most this share count as equally fast. Default 0. */
  readonly tieShare?: number;
}

export interface ChunkPlan {
  readonly chunks: readonly ChunkSize[];
  /** Number of waiting deposits that the block takes. */
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

interface Mix {
  readonly chunks: ChunkSize[];
  readonly seconds: number;
}

/**
 * Chooses the plan that takes most deposits within their time limit. Among equals it prefers, in this order:
 * 1. the least proving time;
 * 2. the fewest chunks, since each costs gas and proof bytes: so large ones where they are as fast;
 * 3. the fewest slots, since each unused one is lost room in the trees.
 *
 * Deposits ride in the chunks that nullifiers and commitments need. Chunks are added for the other deposits as far as the
 * limit
 * allows: dust must not delay transactions.
 * @throws AzaleaError BLOCK_TOO_LARGE
 */
export function planChunks(options: ChunkPlanOptions): ChunkPlan {
  const slots = Math.max(options.nullifiers, options.commitments);
  if (slots === 0 && options.deposits === 0) return { chunks: [], deposits: 0, seconds: 0 };
  const mixes = mixesFor(slots, options);
  if (mixes.length === 0) {
    throw new AzaleaError(
      'BLOCK_TOO_LARGE',
      `${slots} nullifiers do not fit into ${options.maxChunks} chunks; lower blockTransactions or raise maxChunks`,
      { slots, maxChunks: options.maxChunks },
    );
  }
  const limit = depositLimit(Math.min(...mixes.map(({ seconds }) => seconds)), options);
  const plans = mixes
    .filter(({ seconds }) => seconds <= limit)
    .map((mix) => {
      const { chunks, seconds } = withDeposits(mix, limit, options);
      return {
        chunks,
        seconds,
        deposits: Math.min(options.deposits, chunks.length * DEPOSITS_PER_CHUNK),
        slots: chunks.reduce((sum, size) => sum + STATE_UPDATE_SLOTS[size], 0),
      };
    });
  const most = Math.max(...plans.map(({ deposits }) => deposits));
  const fullest = plans.filter(({ deposits }) => deposits === most);
  const fast = Math.min(...fullest.map(({ seconds }) => seconds)) * (1 + (options.tieShare ?? 0));
  const [best] = fullest
    .filter(({ seconds }) => seconds <= fast)
    .sort((a, b) => a.chunks.length - b.chunks.length || a.seconds - b.seconds || a.slots - b.slots);
  const { chunks, deposits, seconds } = best!;
  return { chunks, deposits, seconds };
}

/** Chunks that hold all nullifiers and commitments, with every possible number of large ones. */
function mixesFor(slots: number, options: ChunkPlanOptions): Mix[] {
  const { large, small } = STATE_UPDATE_SLOTS;
  const sizes = options.sizes ?? ['small', 'large'];
  return Array.from({ length: Math.ceil(slots / large) + 1 }, (_, larges) => {
    const smalls = Math.ceil(Math.max(0, slots - larges * large) / small);
    return [...repeat('large', larges), ...repeat('small', smalls)];
  })
    .filter((chunks) => chunks.length <= options.maxChunks && chunks.every((size) => sizes.includes(size)))
    .map((chunks) => ({ chunks, seconds: timeOf(chunks, options) }));
}

/** Seconds up to which chunks may be added for deposits. */
function depositLimit(fastest: number, options: ChunkPlanOptions): number {
  const { deposits, depositShare = Number.POSITIVE_INFINITY, overdue = false } = options;
  const { depositSeconds = Number.POSITIVE_INFINITY } = options;
  if (deposits === 0) return Number.POSITIVE_INFINITY;
  if (fastest === 0) return depositSeconds;
  const shared = fastest * (1 + depositShare);
  return overdue ? Math.max(shared, depositSeconds) : shared;
}

function withDeposits(mix: Mix, limit: number, options: ChunkPlanOptions): Mix {
  const wanted = Math.min(Math.ceil(options.deposits / DEPOSITS_PER_CHUNK), options.maxChunks);
  const filler = (options.sizes ?? ['small']).includes('small') ? 'small' : 'large';
  let { chunks, seconds } = mix;
  while (chunks.length < wanted) {
    const more = [...chunks, filler as ChunkSize];
    const time = timeOf(more, options);
    if (time > limit && chunks.length > 0) break;
    [chunks, seconds] = [more, time];
  }
  return { chunks, seconds };
}

function timeOf(chunks: readonly ChunkSize[], { seconds, workers }: ChunkPlanOptions): number {
  return makespan(
    chunks.map((size) => seconds[size]),
    workers,
  );
}

const repeat = (size: ChunkSize, times: number): ChunkSize[] => new Array<ChunkSize>(times).fill(size);
