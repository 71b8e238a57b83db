import type { L1Client } from './client.ts';
import { type EventSource, readEvents, type SettledBlock } from './events.ts';
import { l1Call } from './failure.ts';
import { rollupAbi } from './generated/rollup-abi.ts';

/**
 * One settled L2 block as L1 shows it: its bytes have the hash that the contract logged. Undefined if L1 has no such block.
 * Errors: those of `readEvents`.
 */
export async function readSettledBlock(
  client: L1Client,
  source: EventSource,
  l2Block: number,
): Promise<SettledBlock | undefined> {
  const settledAt = await l1Call('read where a block settled', () =>
    client.readContract({
      address: source.rollup,
      abi: rollupAbi,
      functionName: 'settledAt',
      args: [BigInt(l2Block)],
    }),
  );
  if (settledAt === 0n) return undefined;
  const { blocks } = await readEvents(client, source, Number(settledAt), Number(settledAt));
  return blocks.find((block) => block.l2Block === l2Block);
}

/** Number of the newest L2 block that L1 has; 0: genesis. */
export async function readL2Head(client: L1Client, rollup: EventSource['rollup']): Promise<number> {
  const next = await l1Call('read the newest L2 block', () =>
    client.readContract({ address: rollup, abi: rollupAbi, functionName: 'nextBlock' }),
  );
  return Number(next) - 1;
}

/**
 * Number of the first L1 block from `from` on whose timestamp is at or after `time`, by bisection; undefined if there is none yet.
 * @param time milliseconds since 1970
 * @throws AzaleaError L1_UNREACHABLE, L1_CALL_FAILED
 */
export async function firstBlockSince(
  client: L1Client,
  from: number,
  time: number,
): Promise<number | undefined> {
  const isSince = async (number: number): Promise<boolean> => {
    const block = await l1Call('read an L1 block', () => client.getBlock({ blockNumber: BigInt(number) }));
    return Number(block.timestamp) * 1000 >= time;
  };
  let high = Number(await l1Call('eth_blockNumber', () => client.getBlockNumber()));
  if (high < from || !(await isSince(high))) return undefined;
  for (let low = from; low < high; ) {
    const middle = Math.floor((low + high) / 2);
    if (await isSince(middle)) high = middle;
    else low = middle + 1;
  }
  return high;
}
