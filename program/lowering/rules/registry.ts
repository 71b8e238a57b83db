/** Every lowering rule by opcode. A test demands one for each instruction. */

import { byType } from '../by-type.ts';
import { type LoweringRule, onLiterals } from '../rule.ts';
import { ABSOLUTE } from './arithmetic/absolute.ts';
import { ADD_SUB } from './arithmetic/add-sub.ts';
import { DIVIDE } from './arithmetic/divide.ts';
import { MULTIPLY } from './arithmetic/multiply.ts';
import { POWER } from './arithmetic/power.ts';
import { WRAPPING } from './arithmetic/wrapping.ts';
import { CAST } from './cast/cast.ts';
import { CAST_LOSSY } from './cast/cast-lossy.ts';
import { GROUP_ADD, GROUP_DOUBLE, GROUP_MUL, GROUP_NEG, GROUP_SUB, SCALAR_MUL } from './curve/group.ts';
import { ordinateOf } from './curve/point.ts';
import { SCALAR_ADD } from './curve/scalar.ts';
import { FIELD_POW, FIELD_SQRT } from './field/field-power.ts';
import { HASH } from './field/hash.ts';
import { COMPARE } from './logic/compare.ts';
import { EQUALITY } from './logic/equality.ts';
import { LOGIC } from './logic/logic.ts';
import { SEND } from './logic/send.ts';
import { SHIFT } from './shift/shift.ts';

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
