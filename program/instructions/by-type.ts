/** Opcodes that mean different things on different types: one rule per type of the first operand. */
import { type LiteralType, literalName, type ValueType } from '../values/types.ts';
import type { InstructionRule } from './rule.ts';

/** `base` with other rules where the first operand has one of their types. All rules take the same number of operands. */
export function byType(
  base: InstructionRule,
  others: Readonly<Partial<Record<LiteralType, InstructionRule>>>,
): InstructionRule {
  const ruleOf = (first: ValueType | undefined): InstructionRule => {
    const name = first === undefined ? undefined : literalName(first);
    return (name === undefined ? undefined : others[name]) ?? base;
  };
  const takes = new Set([base, ...Object.values(others)].map((rule) => rule.takes));
  return {
    ...base,
    takes: [...takes].join(', or '),
    check: (context) => ruleOf(context.operands[0]).check(context),
    evaluate: (context) => ruleOf(context.operands[0]?.type).evaluate(context),
  };
}
