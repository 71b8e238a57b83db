/**
 * `add sub neg double mul` of group elements: points of Baby Jubjub's prime-order subgroup, the identity (x = 0) included. A leaf
 * is the x coordinate. `mul` of a group element and a scalar.
 */
import {
  addPoints,
  mulPoint,
  negatePoint,
  type Point,
  subgroupPoint,
} from '../../../protocol/curve/point.ts';
import { fieldNeg } from '../../../protocol/field.ts';
import { allSame, type InstructionRule, literalRule } from '../rule.ts';

/** The point of a group element. */
export function groupPoint(x: bigint): Point {
  const found = subgroupPoint(x);
  if (found === undefined) throw new Error(`${x} is no group element`);
  return found;
}

function group(
  opcode: string,
  arity: number,
  takes: string,
  evaluate: (operands: readonly bigint[]) => bigint,
): InstructionRule {
  return literalRule(
    opcode,
    arity,
    takes,
    (types) => (allSame(types) && types[0] === 'group' ? 'group' : undefined),
    evaluate,
  );
}

export const GROUP_ADD = group(
  'add',
  2,
  'two group elements',
  ([a, b]) => addPoints(groupPoint(a), groupPoint(b)).x,
);
export const GROUP_SUB = group(
  'sub',
  2,
  'two group elements',
  ([a, b]) => addPoints(groupPoint(a), negatePoint(groupPoint(b))).x,
);
export const GROUP_DOUBLE = group(
  'double',
  1,
  'a group element',
  ([a]) => addPoints(groupPoint(a), groupPoint(a)).x,
);
export const GROUP_NEG = group('neg', 1, 'a group element', ([a]) => fieldNeg(a));

/** The product of a group element and a scalar, in either order. */
export const GROUP_MUL: InstructionRule = literalRule(
  'mul',
  2,
  'a group element and a scalar',
  ([a, b]) => ((a === 'group' && b === 'scalar') || (a === 'scalar' && b === 'group') ? 'group' : undefined),
  ([a, b], [type]) => (type === 'group' ? mulPoint(groupPoint(a), b) : mulPoint(groupPoint(b), a)).x,
);
