/** Warns of messages to L1 that cannot arrive: the tag is the lowest byte of the last word (specification, section 6). */
import { MESSAGE_TAG } from '../../protocol/constants.ts';
import type { Instruction } from '../syntax/ast.ts';
import type { Span } from '../syntax/source.ts';

/** Programs of the protocol: those that L1 lets withdraw. Their ids decide there; a copy's warning would be missing here. */
const WITHDRAWING: readonly string[] = ['credits', 'bridge'];

/** Warns if the instruction sends a message whose last word is known and has a tag that L1 refuses or does not log. */
export function warnOfMessage(
  program: string,
  { callee, operands }: Instruction,
  warn: (code: string, span: Span, problem: string, hint: string) => void,
): void {
  const last = operands[2];
  if (callee?.program !== 'l1' || last?.kind !== 'literal') return;
  const tag = last.value & 0xffn;
  if (tag === MESSAGE_TAG.SEND || (tag === MESSAGE_TAG.WITHDRAW && WITHDRAWING.includes(program))) return;
  const refused = tag === MESSAGE_TAG.FEE || tag === MESSAGE_TAG.WITHDRAW;
  warn(
    'PROGRAM_MESSAGE_TAG',
    last.span,
    `the message has the tag ${tag}: ${refused ? 'L1 refuses it, and with it the call' : 'L1 does not log it'}`,
    `write ${MESSAGE_TAG.SEND}field as the last word`,
  );
}
