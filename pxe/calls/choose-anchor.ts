import { ANCHOR_MAX_AGE_L1_BLOCKS } from '../../protocol/constants.ts';

/**
 * Calls are anchored at L2 blocks whose number is a multiple of this, where possible. The anchor then does not distinguish
 * wallets that synchronised at different times (docs/security.md, "What observers learn").
 */
export const ANCHOR_INTERVAL = 16;

/** An anchor must stay usable for this many L1 blocks more, so that a proof and its block have time. */
const LEAST_LIFE_L1_BLOCKS = ANCHOR_MAX_AGE_L1_BLOCKS / 2;

export interface AnchorOptions {
  /** Newest L2 block of this wallet's view. */
  readonly head: number;
  /** Newest L2 block that made one of the records to spend; 0 without records. */
  readonly youngest: number;
}

export interface AnchorDependencies {
  /** L1 blocks in which an anchor can still be used, from L1; Infinity for the newest block. */
  readonly lifetime: (l2Block: number) => Promise<number>;
}

/**
 * Returns the L2 block to anchor a call at: the newest common one. If a record is younger, or that one expires soon, it is
 * the head.
 */
export async function chooseAnchor(
  { head, youngest }: AnchorOptions,
  { lifetime }: AnchorDependencies,
): Promise<number> {
  const common = head - (head % ANCHOR_INTERVAL);
  if (common === head || youngest > common) return head;
  return (await lifetime(common)) >= LEAST_LIFE_L1_BLOCKS ? common : head;
}
