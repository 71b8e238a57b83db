/** `call l1.aleo/send`: the function's message. The circuit puts the running program's id before it. */
import type { LoweringRule } from '../../rule.ts';

export const SEND: Readonly<Record<string, LoweringRule>> = {
  call: ({ operands, send }) => {
    send(operands.flatMap(({ leaves }) => leaves));
    return [];
  },
};
