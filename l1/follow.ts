import type { Hex } from 'viem';
import { AzaleaError } from '../protocol/errors.ts';
import type { L1Client } from './client.ts';
import { type EventSource, type RollupEvents, readEvents } from './events.ts';
import { l1Call } from './failure.ts';
import { logRangeOf } from './node/log-range.ts';

/** An L1 block up to which events were applied. The hash tells whether it is still part of the chain. */
export interface L1Cursor {
  readonly number: number;
  readonly hash: Hex;
}

/**
 * advance: apply `events`, then store `cursor`. rollback: forget everything after L1 block `to` (undefined: everything;
 * no stored cursor is on the chain any more). idle: nothing new.
 */
export type FollowStep =
  | { readonly kind: 'advance'; readonly events: RollupEvents; readonly cursor: L1Cursor }
  | { readonly kind: 'rollback'; readonly to: L1Cursor | undefined }
  | { readonly kind: 'idle' };

async function cursorAt(client: L1Client, number: number): Promise<L1Cursor | undefined> {
  try {
    const block = await client.getBlock({ blockNumber: BigInt(number) });
    return { number, hash: block.hash! };
  } catch (cause) {
    if ((cause as Error).name === 'BlockNotFoundError') return undefined;
    return await l1Call('read an L1 block', () => Promise.reject(cause));
  }
}

const agrees = (a: L1Cursor | undefined, b: L1Cursor): boolean => a !== undefined && a.hash === b.hash;

/**
 * Does one step of following L1. Call it in a loop; keep every cursor that you may have to roll back to.
 * @param cursors stored cursors, oldest first; the step continues from the last one
 * @param firstBlock L1 block to start from when there is no cursor (RollupInfo.deployedAt)
 * @param range most L1 blocks per step; default: as many as the node takes in one eth_getLogs
 * @throws AzaleaError L1_UNREACHABLE, L1_CALL_FAILED, L1_REORGED (the chain changed while reading: call again)
 */
export async function followStep(
  client: L1Client,
  source: EventSource,
  cursors: readonly L1Cursor[],
  firstBlock: number,
  range: number = logRangeOf(client).blocks,
): Promise<FollowStep> {
  const last = cursors.at(-1);
  if (last !== undefined && !agrees(await cursorAt(client, last.number), last)) {
    return { kind: 'rollback', to: await lastOnChain(client, cursors) };
  }
  const head = Number(await l1Call('read the head', () => client.getBlockNumber({ cacheTime: 0 })));
  const from = last === undefined ? firstBlock : last.number + 1;
  if (head < from) return { kind: 'idle' };
  const to = Math.min(head, from + range - 1);
  const before = await cursorAt(client, to);
  const events = await readEvents(client, source, from, to);
  // The events lie between two blocks of one chain if both ends are still where they were.
  const after = await cursorAt(client, to);
  const lastAfter = last === undefined ? undefined : await cursorAt(client, last.number);
  if (before === undefined || !agrees(after, before) || (last !== undefined && !agrees(lastAfter, last))) {
    throw new AzaleaError('L1_REORGED', `L1 changed while blocks ${from} to ${to} were read: read again`, {
      from,
      to,
    });
  }
  return { kind: 'advance', events, cursor: before };
}

/** Newest stored cursor that is on the chain: binary search, since a block's ancestors are on its chain. */
async function lastOnChain(client: L1Client, cursors: readonly L1Cursor[]): Promise<L1Cursor | undefined> {
  let low = 0;
  let high = cursors.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (agrees(await cursorAt(client, cursors[middle].number), cursors[middle])) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? undefined : cursors[low - 1];
}
