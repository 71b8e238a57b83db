/** Finds the stored root of an anchor, and its expiry. */

import { ANCHOR_MAX_AGE_L1_BLOCKS } from '../../protocol/constants.ts';
import { fieldToHex } from '../../protocol/field.ts';
import type { Store } from '../state/store.ts';

export interface Anchor {
  readonly l2Block: number;
  /** Last L1 block in which the anchor can be used; `undefined` while it is the newest root. */
  readonly usableUntil: number | undefined;
}

/** The newest stored root that equals the anchor, if any. */
export function findAnchor(store: Store, root: bigint): Anchor | undefined {
  const l2Block = store.roots.get(fieldToHex(root));
  if (l2Block === undefined) return undefined;
  const next = store.blocks.get(l2Block + 1);
  return { l2Block, usableUntil: next === undefined ? undefined : next.l1Block + ANCHOR_MAX_AGE_L1_BLOCKS };
}
