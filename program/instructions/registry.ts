/** Every opcode that can be executed. Those that are refused by name: refused.ts. */
import type { LiteralType } from '../values/types.ts';
import { byType } from './by-type.ts';
import type { InstructionRule } from './rule.ts';
import { ARITHMETIC } from './rules/arithmetic.ts';
import { ASSERTION } from './rules/assertion.ts';
import { CALL } from './rules/call.ts';
import { CAST } from './rules/cast.ts';
import { COMPARISON } from './rules/comparison.ts';
import { COORDINATE } from './rules/coordinate.ts';
import { FIELD_POW, FIELD_SQRT } from './rules/field-power.ts';
import { GROUP_ADD, GROUP_DOUBLE, GROUP_MUL, GROUP_NEG, GROUP_SUB } from './rules/group.ts';
import { HASH } from './rules/hash.ts';
import { LOGIC } from './rules/logic.ts';
import { POWER } from './rules/power.ts';
import { SCALAR_ADD } from './rules/scalar.ts';
import { SHIFT } from './rules/shift.ts';

/** Rules on the types of a curve or field, beside those on integers. */
const BY_TYPE: Readonly<Record<string, Readonly<Partial<Record<LiteralType, InstructionRule>>>>> = {
  add: { group: GROUP_ADD, scalar: SCALAR_ADD },
  sub: { group: GROUP_SUB },
  mul: { group: GROUP_MUL, scalar: GROUP_MUL },
  neg: { group: GROUP_NEG },
  double: { group: GROUP_DOUBLE },
  pow: { field: FIELD_POW },
};

const RULES: readonly InstructionRule[] = [
  ...ARITHMETIC,
  ...COMPARISON,
  ...LOGIC,
  ...SHIFT,
  ...POWER,
  FIELD_SQRT,
  ...ASSERTION,
  ...CAST,
  ...COORDINATE,
  ...HASH,
  ...CALL,
];

export const INSTRUCTIONS: ReadonlyMap<string, InstructionRule> = new Map(
  RULES.map((rule) => [rule.opcode, byType(rule, BY_TYPE[rule.opcode] ?? {})]),
);
