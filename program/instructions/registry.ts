/** Every opcode that can be executed. Those that are refused by name: refused.ts. */
import type { LiteralType } from '../types.ts';
import { ARITHMETIC } from './arithmetic.ts';
import { ASSERTION } from './assertion.ts';
import { byType } from './by-type.ts';
import { CALL } from './call.ts';
import { CAST } from './cast.ts';
import { COMPARISON } from './comparison.ts';
import { COORDINATE } from './coordinate.ts';
import { FIELD_POW, FIELD_SQRT } from './field-power.ts';
import { GROUP_ADD, GROUP_DOUBLE, GROUP_MUL, GROUP_NEG, GROUP_SUB } from './group.ts';
import { HASH } from './hash.ts';
import { LOGIC } from './logic.ts';
import { POWER } from './power.ts';
import type { InstructionRule } from './rule.ts';
import { SCALAR_ADD } from './scalar.ts';
import { SHIFT } from './shift.ts';

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
