/** Changed copies of encoded blocks. */
import { decodeBlock, encodeBlock } from '../../../protocol/transaction/block.ts';

/** The block with the big-endian word at `offset` replaced, by one that is no field element, too. */
export function patched(block: Uint8Array, offset: number, word: bigint): Uint8Array {
  const copy = block.slice();
  copy.set(Buffer.from(word.toString(16).padStart(64, '0'), 'hex'), offset);
  return copy;
}

/** The block with its parts changed in place by `edit`. */
export function edited(block: Uint8Array, edit: (parts: any) => void): Uint8Array {
  const parts = structuredClone(decodeBlock(block));
  edit(parts);
  return encodeBlock(parts);
}
