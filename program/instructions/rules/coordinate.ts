/** `cast r0 into r1 as group.x` and `as group.y`: a coordinate of a group element as a field element. */

import { type InstructionRule, literalRule } from '../rule.ts';
import { groupPoint } from './group.ts';

/** The name of the rule; no opcode of a program text has a space in it. */
export function coordinateOpcode(opcode: string, coordinate: 'x' | 'y'): string {
  return `${opcode} as group.${coordinate}`;
}

function coordinateRule(coordinate: 'x' | 'y'): InstructionRule {
  return literalRule(
    coordinateOpcode('cast', coordinate),
    1,
    'a group element',
    ([type]) => (type === 'group' ? 'field' : undefined),
    ([x]) => groupPoint(x)[coordinate],
  );
}

export const COORDINATE: readonly InstructionRule[] = [coordinateRule('x'), coordinateRule('y')];
