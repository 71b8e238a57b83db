/**
 * `add sub neg double` of group elements: points of Baby Jubjub's prime-order subgroup, the identity (x = 0) included. A leaf
 * is the x coordinate. `mul` of a group element by a scalar is refused: it takes far more rows than a circuit has.
 */
import { addPoints, negatePoint, type Point, subgroupPoint } from '../../protocol/curve/point.ts';
import { fieldNeg } from '../../protocol/field.ts';
import { allSame, type InstructionRule, literalRule } from './rule.ts';

/** The point of a group element. */
function point(x: bigint): Point {
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

export const GROUP_ADD = group('add', 2, 'two group elements', ([a, b]) => addPoints(point(a), point(b)).x);
export const GROUP_SUB = group(
  'sub',
  2,
  'two group elements',
  ([a, b]) => addPoints(point(a), negatePoint(point(b))).x,
);
export const GROUP_DOUBLE = group('double', 1, 'a group element', ([a]) => addPoints(point(a), point(a)).x);
export const GROUP_NEG = group('neg', 1, 'a group element', ([a]) => fieldNeg(a));

/** Aleo's product of a group element and a scalar. */
export const GROUP_MUL: InstructionRule = {
  ...literalRule(
    'mul',
    2,
    'two integers of one type, or two field elements',
    () => undefined,
    () => 0n,
  ),
  check({ operands: [a, b], fail }) {
    const names = [a, b].map((type) => (type.kind === 'literal' ? type.name : ''));
    if (!names.includes('group') || !names.includes('scalar')) return undefined;
    return fail(
      'PROGRAM_UNSUPPORTED',
      'a product of a group element and a scalar takes thousands of rows, more than any circuit has',
      'multiply before the call and take the product as an input, or commit with hash.psd8 and a random field element',
    );
  },
};
