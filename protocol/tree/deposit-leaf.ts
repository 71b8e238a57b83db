import { DEPOSIT_WORDS, DOMAIN } from '../constants.ts';
import { AzaleaError } from '../errors.ts';
import { hash } from '../hash/hash.ts';

/**
 * Note-tree leaf of one deposit slot (docs/specification.md, sections 4 and 10). Twin of circuits/tree/deposit-leaf.circom.
 * @param words typeId, ownerHash, queue index, d_0..d_4; typeId 0 skips the slot, and then all are 0
 * @returns the deposit's commitment, 0 for a skipped slot
 * @throws AzaleaError DEPOSIT_INVALID for another number of words, or typeId 0 beside a word that is not 0.
 */
export function depositLeaf(words: readonly bigint[]): bigint {
  const [typeId, ownerHash, queueIndex, ...data] = words;
  const skipped = typeId === 0n;
  if (words.length !== DEPOSIT_WORDS || (skipped && words.some((word) => word !== 0n))) {
    throw new AzaleaError(
      'DEPOSIT_INVALID',
      `a deposit is ${DEPOSIT_WORDS} words, all 0 when its typeId is 0; got ${words.length} with typeId ${typeId}`,
      { words: words.length },
    );
  }
  if (skipped) return 0n;
  return hash(DOMAIN.RECORD, [typeId, ownerHash, hash(DOMAIN.RHO_DEPOSIT, [queueIndex]), ...data]);
}
