/** Registers of one function or closure, and the values that operands read from them. */

import type { Operand, PathStep } from '../syntax/ast.ts';
import type { Span } from '../syntax/source.ts';
import { literal, showType, type TypeTable, type ValueType } from '../values/types.ts';
import type { Fail } from './check-types.ts';
import type { CheckedOperand } from './checked.ts';
import { FaultyValue } from './faulty-value.ts';

export interface Register {
  /** Undefined when a fault, reported already, left it unknown. */
  readonly type: ValueType | undefined;
  readonly span: Span;
  /** `nowhere`: it was read without being defined, and that is reported. */
  readonly origin: 'input' | 'instruction' | 'nowhere';
}

export type Registers = Map<number, Register>;

/** @throws ProgramError PROGRAM_REGISTER_REDEFINED */
export function defineRegister(registers: Registers, register: number, value: Register, fail: Fail): void {
  if ((registers.get(register)?.origin ?? 'nowhere') !== 'nowhere') {
    fail(
      'PROGRAM_REGISTER_REDEFINED',
      value.span,
      `r${register} is defined already`,
      'write to a new register',
    );
  }
  registers.set(register, value);
}

/** @throws ProgramError PROGRAM_UNKNOWN_REGISTER, PROGRAM_UNKNOWN_MEMBER, PROGRAM_UNKNOWN_ELEMENT; FaultyValue */
export function checkOperand(
  operand: Operand,
  registers: Registers,
  { types, fail }: { readonly types: TypeTable; readonly fail: Fail },
): CheckedOperand {
  if (operand.kind === 'literal')
    return { kind: 'literal', type: literal(operand.type), value: operand.value };
  if (operand.kind === 'self') return { kind: 'self', type: literal('address'), name: operand.name };
  const register = registers.get(operand.register);
  if (register === undefined) {
    registers.set(operand.register, { type: undefined, span: operand.span, origin: 'nowhere' });
    return fail(
      'PROGRAM_UNKNOWN_REGISTER',
      operand.span,
      `r${operand.register} is not defined`,
      'define it in an earlier input or instruction',
    );
  }
  if (register.type === undefined) throw new FaultyValue();
  let { type } = register;
  let offset = 0;
  for (const step of operand.path) {
    const part = step.kind === 'member' ? types.member(type, step.name) : types.element(type, step.index);
    if (part === undefined) return noPart(type, step, types, fail);
    offset += part.offset;
    type = part.type;
  }
  return { kind: 'register', type, register: operand.register, offset, length: types.flatten(type).length };
}

function noPart(type: ValueType, step: PathStep, types: TypeTable, fail: Fail): never {
  const names = types.members(type)?.map((known) => known.name);
  const has =
    names !== undefined
      ? `it has ${names.join(', ')}`
      : type.kind === 'array'
        ? `its elements are [0u32] to [${type.length - 1}u32]`
        : 'a literal has no parts';
  if (step.kind === 'member') {
    return fail('PROGRAM_UNKNOWN_MEMBER', step.span, `${showType(type)} has no member ${step.name}`, has);
  }
  return fail('PROGRAM_UNKNOWN_ELEMENT', step.span, `${showType(type)} has no element ${step.index}`, has);
}
