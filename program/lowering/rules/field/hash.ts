/**
 * Lowers `hash.psd2 hash.psd4 hash.psd8`: blocks of four, zero-padded, chained through the capacity element. No advice here.
 * Results of another type than field are made as in cast-lossy.ts, points as in hash-to-point.ts.
 */
import { HASH_BLOCK, initialCap } from '../../../instructions/rules/hash.ts';
import { literalName } from '../../../values/types.ts';
import type { LoweringRule } from '../../rule.ts';
import { castLiteral } from '../cast/cast.ts';
import { castLossy } from '../cast/cast-lossy.ts';
import { mapToPoint } from '../curve/hash-to-point.ts';

const poseidon: LoweringRule = ({ builder, opcode, operands: [{ leaves }], result }) => {
  let state = builder.constant(initialCap(opcode, leaves.length));
  for (let at = 0; at < leaves.length; at += HASH_BLOCK) {
    state = builder.hash(state, leaves.slice(at, at + HASH_BLOCK));
  }
  const type = literalName(result!)!;
  if (type !== 'group' && type !== 'address') return [castLossy(builder, state, 'field', type)];
  return [castLiteral(builder, mapToPoint(builder, state), 'group', type)];
};

export const HASH: Readonly<Record<string, LoweringRule>> = {
  'hash.psd2': poseidon,
  'hash.psd4': poseidon,
  'hash.psd8': poseidon,
};
