/** `hash.psd2 hash.psd4 hash.psd8`: blocks of four, zero-padded, chained through the capacity element. No advice. */
import { HASH_BLOCK, initialCap } from '../instructions/hash.ts';
import type { LoweringRule } from './rule.ts';

const poseidon: LoweringRule = ({ builder, opcode, operands: [{ leaves }] }) => {
  let state = builder.constant(initialCap(opcode, leaves.length));
  for (let at = 0; at < leaves.length; at += HASH_BLOCK) {
    state = builder.hash(state, leaves.slice(at, at + HASH_BLOCK));
  }
  return [state];
};

export const HASH: Readonly<Record<string, LoweringRule>> = {
  'hash.psd2': poseidon,
  'hash.psd4': poseidon,
  'hash.psd8': poseidon,
};
