import type { L1Client } from './client.ts';
import { l1Call } from './failure.ts';

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
