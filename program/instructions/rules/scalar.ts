/** `add` of scalars: integers modulo the order of the prime-order subgroup. */
import { SUBGROUP_ORDER } from '../../../protocol/constants.ts';
import { allSame, type InstructionRule, literalRule } from '../rule.ts';

export const SCALAR_ADD: InstructionRule = literalRule(
  'add',
  2,
  'two scalars',
  (types) => (allSame(types) && types[0] === 'scalar' ? 'scalar' : undefined),
  ([a, b]) => (a + b) % SUBGROUP_ORDER,
);
