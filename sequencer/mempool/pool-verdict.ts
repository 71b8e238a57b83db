/** L1's verdict on a pending transaction. */

import { ANCHOR_MAX_AGE_L1_BLOCKS } from '../../protocol/constants.ts';
import { fieldToHex } from '../../protocol/field.ts';
import type { Reason, StoredTransaction } from '../state/records.ts';
import type { Store } from '../state/store.ts';
import { findAnchor } from './anchors.ts';
import type { PoolTransaction } from './pool-transaction.ts';

/** `drop`: it can never settle. Otherwise a reason means that it waits for L1 to decide. */
export interface Verdict {
  readonly drop: boolean;
  readonly reason: Reason | null;
  readonly parkedAt: number | null;
}

/** @param final newest L1 block that counts as final: only facts up to it drop a transaction */
export function poolVerdict(
  store: Store,
  transaction: PoolTransaction,
  known: StoredTransaction,
  l1Head: number,
  final: number,
): Verdict {
  const spentIn = transaction.nullifiers
    .map((nullifier) => store.spent.get(fieldToHex(nullifier)))
    .find((l2Block) => l2Block !== undefined);
  if (spentIn !== undefined) {
    const l1Block = store.blocks.get(spentIn)!.l1Block;
    const message = `A nullifier was spent by another transaction in L2 block ${spentIn}`;
    return { drop: l1Block <= final, reason: { code: 'NULLIFIER_SPENT', message }, parkedAt: null };
  }
  const anchors = transaction.transitions.map(({ signals }) => findAnchor(store, signals.anchorRoot));
  if (anchors.includes(undefined)) {
    const parkedAt = known.parkedAt ?? l1Head;
    const message =
      'An L1 reorganisation removed its anchor; it waits for it to come back until it would have expired';
    return {
      drop: parkedAt + ANCHOR_MAX_AGE_L1_BLOCKS < final,
      reason: { code: 'ANCHOR_UNKNOWN', message },
      parkedAt,
    };
  }
  const usableUntil = Math.min(...anchors.map((anchor) => anchor?.usableUntil ?? Number.POSITIVE_INFINITY));
  if (l1Head + 1 > usableUntil) {
    const message = `Its anchor was usable until L1 block ${usableUntil}`;
    return {
      drop: usableUntil < final,
      reason: { code: 'ANCHOR_EXPIRED', message },
      parkedAt: null,
    };
  }
  return { drop: false, reason: null, parkedAt: null };
}
