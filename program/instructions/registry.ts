/** Every opcode that can be executed, and those of Aleo that are refused by name. */
import { ARITHMETIC } from './arithmetic.ts';
import { ASSERTION } from './assertion.ts';
import { CALL } from './call.ts';
import { CAST } from './cast.ts';
import { COMPARISON } from './comparison.ts';
import { HASH } from './hash.ts';
import { LOGIC } from './logic.ts';
import { POWER } from './power.ts';
import type { InstructionRule } from './rule.ts';
import { SHIFT } from './shift.ts';

export const INSTRUCTIONS: ReadonlyMap<string, InstructionRule> = new Map(
  [...ARITHMETIC, ...COMPARISON, ...LOGIC, ...SHIFT, ...POWER, ...ASSERTION, ...CAST, ...HASH, ...CALL].map(
    (rule) => [rule.opcode, rule],
  ),
);

const FUTURE =
  /^(modulo|sqrt|async|await|branch\..*|position|commit\..*|hash\..*|hash_many\..*|rand\..*|sign\..*|ecdsa\..*|snark\..*|serialize\..*|deserialize\..*|cast\.lossy|contains|get|get\..*|set|remove|call\..*)$/;

/** Whether an opcode is Aleo's but not supported yet. */
export function isFutureOpcode(opcode: string): boolean {
  return FUTURE.test(opcode);
}
