import type { L1Client } from '../../l1/client.ts';
import type { RollupInfo } from '../../l1/rollup-info.ts';
import { readSettledBlock } from '../../l1/settled-block.ts';
import type { Field } from '../../protocol/field.ts';
import { decodeBlock } from '../../protocol/transaction/block.ts';
import { parseTransitionSignals } from '../../protocol/transaction/transition.ts';

/**
 * Nullifiers of a settled block from its bytes on L1, whose hash the contract logged: nobody's word. Undefined if L1 has no such
 * block. Errors: those of `readSettledBlock`.
 */
export async function shownNullifiers(
  client: L1Client,
  rollup: RollupInfo,
  l2Block: number,
): Promise<ReadonlySet<Field> | undefined> {
  const block = await readSettledBlock(client, rollup, l2Block);
  if (block === undefined) return undefined;
  const { transitions } = decodeBlock(block.bytes);
  const shown = transitions.map(({ signals }) => parseTransitionSignals([...signals, rollup.rollupId]));
  return new Set(shown.flatMap(({ nullifiers }) => nullifiers));
}
