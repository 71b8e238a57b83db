/** Every lowering rule by opcode. A test demands one for each instruction. */
import { ABSOLUTE } from './absolute.ts';
import { ADD_SUB } from './add-sub.ts';
import { byType } from './by-type.ts';
import { CAST } from './cast.ts';
import { CAST_LOSSY } from './cast-lossy.ts';
import { COMPARE } from './compare.ts';
import { DIVIDE } from './divide.ts';
import { EQUALITY } from './equality.ts';
import { FIELD_POW, FIELD_SQRT } from './field-power.ts';
import { GROUP_ADD, GROUP_DOUBLE, GROUP_MUL, GROUP_NEG, GROUP_SUB, SCALAR_MUL } from './group.ts';
import { HASH } from './hash.ts';
import { LOGIC } from './logic.ts';
import { MULTIPLY } from './multiply.ts';
import { ordinateOf } from './point.ts';
import { POWER } from './power.ts';
import { type LoweringRule, onLiterals } from './rule.ts';
import { SCALAR_ADD } from './scalar.ts';
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
    ...CAST_LOSSY,
    ...HASH,
    ...SEND,
    add: byType(ADD_SUB.add, { group: GROUP_ADD, scalar: SCALAR_ADD }),
    sub: byType(ADD_SUB.sub, { group: GROUP_SUB }),
    mul: byType(MULTIPLY.mul, { group: GROUP_MUL, scalar: SCALAR_MUL }),
    neg: byType(ADD_SUB.neg, { group: GROUP_NEG }),
    double: byType(ADD_SUB.double, { group: GROUP_DOUBLE }),
    pow: byType(POWER.pow, { field: FIELD_POW }),
    sqrt: FIELD_SQRT,
    'cast as group.x': onLiterals((_, [x]) => x),
    'cast as group.y': onLiterals((builder, [x]) => ordinateOf(builder, x)),
  }),
);
