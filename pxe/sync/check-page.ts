import { STATE_UPDATE_SLOTS } from '../../protocol/constants.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import type { NotesBlock, NotesResponse } from '../../rpc/schema/notes.ts';

/**
 * Places that a block may skip per leaf: each chunk has at least one leaf, starts at a multiple of its slots, and its deposits
 * start at a multiple of four after them.
 */
const MOST_GAP_PER_LEAF = 4 * STATE_UPDATE_SLOTS.large;

/**
 * Requires that a page goes on where it was asked to, block by block, and leads further. A source that answers anything else could
 * keep a wallet asking for ever. Throws NOTES_OUT_OF_ORDER.
 */
export function assertPage(page: NotesResponse, fromBlock: number): void {
  const inOrder = page.blocks.every(({ number }, k) => number === fromBlock + k);
  const leadsOn = page.blocks.length === 0 || page.nextBlock === fromBlock + page.blocks.length;
  if (inOrder && leadsOn) return;
  throw new AzaleaError(
    'NOTES_OUT_OF_ORDER',
    `The page of blocks from ${fromBlock} on has other blocks, or leads back. Use another sequencer, or synchronise from L1.`,
    { fromBlock },
  );
}

/** Whether a block's leaves lie where a block after `size` places can have them: before a tree is filled up to a made-up index. */
export function leavesInReach(block: NotesBlock, size: number): boolean {
  const places = [...block.transitions.flatMap(({ outputs }) => outputs), ...block.deposits];
  const end = size + MOST_GAP_PER_LEAF * (places.length + 1);
  return places.every(({ index }) => index >= size && index < end);
}
