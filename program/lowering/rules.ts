/** Every lowering rule by opcode. A test demands one for each instruction. */
import { ABSOLUTE } from './absolute.ts';
import { ADD_SUB } from './add-sub.ts';
import { CAST } from './cast.ts';
import { COMPARE } from './compare.ts';
import { DIVIDE } from './divide.ts';
import { EQUALITY } from './equality.ts';
import { HASH } from './hash.ts';
import { LOGIC } from './logic.ts';
import { MULTIPLY } from './multiply.ts';
import { POWER } from './power.ts';
import type { LoweringRule } from './rule.ts';
import { SEND } from './send.ts';
import { SHIFT } from './shift.ts';
import { WRAPPING } from './wrapping.ts';

export const LOWERING: ReadonlyMap<string, LoweringRule> = new Map(
  Object.entries({
    ...ADD_SUB,
    ...MULTIPLY,
    ...DIVIDE,
    ...WRAPPING,
    ...COMPARE,
    ...EQUALITY,
    ...LOGIC,
    ...ABSOLUTE,
    ...SHIFT,
    ...POWER,
    ...CAST,
    ...HASH,
    ...SEND,
  }),
);
