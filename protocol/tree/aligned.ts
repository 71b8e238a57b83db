import { AzaleaError } from '../errors.ts';
import { TREE_CAPACITY } from './sparse-tree4.ts';

/**
 * Height h of a subtree of 4^h leaves.
 * @throws AzaleaError TREE_APPEND_MISALIGNED for another number of leaves.
 */
export function heightOf(leaves: number): number {
  const height = Math.round(Math.log2(leaves) / 2);
  if (leaves < 1 || 4 ** height !== leaves) {
    throw new AzaleaError(
      'TREE_APPEND_MISALIGNED',
      `${leaves} leaves are no subtree: pad them with 0 to a power of 4`,
      {
        leaves,
      },
    );
  }
  return height;
}

/**
 * Checks that a subtree may be appended at `start`.
 * @throws AzaleaError TREE_APPEND_MISALIGNED, TREE_APPEND_OCCUPIED, TREE_FULL.
 */
export function assertAlignedPlace(start: number, leaves: number, size: number): void {
  heightOf(leaves);
  if (!Number.isInteger(start) || start % leaves !== 0) {
    throw new AzaleaError(
      'TREE_APPEND_MISALIGNED',
      `start ${start} is not a multiple of ${leaves}: round it up`,
      {
        start,
        leaves,
      },
    );
  }
  if (start < size) {
    throw new AzaleaError('TREE_APPEND_OCCUPIED', `start ${start} is occupied: append at ${size} or later`, {
      start,
      size,
    });
  }
  if (start + leaves > TREE_CAPACITY) {
    throw new AzaleaError(
      'TREE_FULL',
      `${leaves} leaves from ${start} on do not fit in the tree: the rollup needs a new one`,
      {
        start,
        leaves,
      },
    );
  }
}
