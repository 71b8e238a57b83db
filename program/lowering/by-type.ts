/** Lowering of opcodes that mean different things on different types: one rule per type of the first operand. */
import { type LiteralType, literalName } from '../values/types.ts';
import type { LoweringRule } from './rule.ts';

/** `base` with other rules where the first operand has one of their types. */
export function byType(
  base: LoweringRule,
  others: Readonly<Partial<Record<LiteralType, LoweringRule>>>,
): LoweringRule {
  return (context) => {
    const name = literalName(context.operands[0].type);
    return ((name === undefined ? undefined : others[name]) ?? base)(context);
  };
}
