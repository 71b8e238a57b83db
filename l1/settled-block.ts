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
