/** Checks one instruction: its opcode, operands, destinations, and the closure that it calls. */

import { similarWord } from '../../protocol/similar-word.ts';
import { refusalOf } from '../instructions/refused.ts';
import { INSTRUCTIONS } from '../instructions/registry.ts';
import { coordinateOpcode } from '../instructions/rules/coordinate.ts';
import type { Instruction } from '../syntax/ast.ts';
import type { Span } from '../syntax/source.ts';
import { sameType, showType, type TypeTable } from '../values/types.ts';
import { checkOperand, defineRegister, type Registers } from './check-operand.ts';
import { type Fail, resolveType } from './check-types.ts';
import type { CheckedClosureCall, CheckedFunction, CheckedInstruction, CheckedOperand } from './checked.ts';
import { FaultyValue } from './faulty-value.ts';

export interface FunctionContext {
  readonly kind: 'function' | 'closure';
  readonly types: TypeTable;
  /** Closures of the program, checked before its functions. */
  readonly closures: ReadonlyMap<string, CheckedFunction>;
  /** Closures with faults, which are reported already. */
  readonly faultyClosures: ReadonlySet<string>;
  /** Names of the program's functions. */
  readonly functions: ReadonlySet<string>;
  readonly imports: ReadonlySet<string>;
  readonly fail: Fail;
  readonly warn: (code: string, span: Span, problem: string, hint?: string) => void;
}

/** @throws ProgramError for the first fault; FaultyValue when it depends on one that is reported already */
export function checkInstruction(
  node: Instruction,
  registers: Registers,
  context: FunctionContext,
): CheckedInstruction {
  const { types, fail } = context;
  const { opcodeSpan } = node;
  const opcode = node.coordinate === undefined ? node.opcode : coordinateOpcode(node.opcode, node.coordinate);
  const rule = INSTRUCTIONS.get(opcode);
  if (rule === undefined) {
    const similar = similarWord(opcode, INSTRUCTIONS.keys());
    const { code, problem, hint } = refusalOf(opcode) ?? {
      code: 'PROGRAM_UNKNOWN_INSTRUCTION',
      problem: `there is no instruction ${opcode}`,
      hint: similar === undefined ? 'see the instructions of Aleo' : `did you mean ${similar}?`,
    };
    return fail(code, opcodeSpan, problem, hint);
  }
  const operands = node.operands.map((operand) => checkOperand(operand, registers, context));
  if (node.callee !== undefined) {
    const { program } = node.callee;
    if (context.kind === 'closure') {
      fail('PROGRAM_CLOSURE', node.span, 'a closure cannot call', 'call from the function');
    }
    if (program === undefined) return checkClosureCall(node, operands, registers, context);
    if (!context.imports.has(program)) {
      fail(
        'PROGRAM_UNKNOWN_IMPORT',
        node.callee.span,
        `${program}.aleo is not imported`,
        `write import ${program}.aleo; before the program's name`,
      );
    }
  }
  if (rule.arity !== undefined && operands.length !== rule.arity) {
    fail(
      'PROGRAM_ARITY',
      node.span,
      `${opcode} takes ${rule.arity} operand${rule.arity === 1 ? '' : 's'}, found ${operands.length}`,
      `it takes ${rule.takes}`,
    );
  }
  const [destination, second] = node.destinations;
  if (rule.hasResult !== (destination !== undefined) || second !== undefined) {
    fail(
      'PROGRAM_ARITY',
      (second ?? destination)?.span ?? node.span,
      rule.hasResult ? `${opcode} needs a destination` : `${opcode} has no result`,
      rule.hasResult ? 'add into and a register' : 'drop into and the register',
    );
  }
  if (rule.hasAs !== (node.as !== undefined)) {
    fail(
      'PROGRAM_ARITY',
      node.as?.span ?? node.span,
      rule.hasAs ? `${opcode} needs a type` : `${opcode} takes no type`,
      rule.hasAs ? 'add as and a type' : 'drop as and the type',
    );
  }
  const operandTypes = operands.map(({ type }) => type);
  const result = rule.check({
    instruction: node,
    operands: operandTypes,
    as: node.as === undefined ? undefined : resolveType(node.as, types, fail),
    types,
    fail: (code, problem, hint, operand) =>
      fail(code, operand === undefined ? node.span : node.operands[operand].span, problem, hint),
  });
  if (result === undefined) {
    return fail(
      'PROGRAM_TYPE_MISMATCH',
      node.span,
      `${opcode} cannot take ${operandTypes.map(showType).join(', ') || 'nothing'}`,
      `it takes ${rule.takes}`,
    );
  }
  if (result === 'none') return { kind: 'operation', node, rule, operands };
  const { register, span } = destination;
  defineRegister(registers, register, { type: result, span, origin: 'instruction' }, fail);
  return { kind: 'operation', node, rule, operands, result: { register, type: result } };
}

function checkClosureCall(
  node: Instruction,
  operands: readonly CheckedOperand[],
  registers: Registers,
  { closures, faultyClosures, functions, fail }: FunctionContext,
): CheckedClosureCall {
  const { name, span } = node.callee!;
  if (faultyClosures.has(name)) throw new FaultyValue();
  const closure = closures.get(name);
  if (closure === undefined) {
    const isFunction = functions.has(name);
    return fail(
      isFunction ? 'PROGRAM_NOT_YET' : 'PROGRAM_UNKNOWN_FUNCTION',
      span,
      isFunction ? `calling the function ${name} is not supported yet` : `there is no closure ${name}`,
      isFunction ? 'share its instructions in a closure' : 'declare it in this program',
    );
  }
  if (node.coordinate !== undefined) {
    fail('PROGRAM_ARITY', node.span, 'the call of a closure takes no type', 'drop as and the type');
  }
  if (node.as !== undefined) {
    fail('PROGRAM_ARITY', node.as.span, 'the call of a closure takes no type', 'drop as and the type');
  }
  if (operands.length !== closure.inputs.length) {
    fail(
      'PROGRAM_ARITY',
      node.span,
      `closure ${name} takes ${closure.inputs.length} operands, found ${operands.length}`,
      'give one for each input',
    );
  }
  closure.inputs.forEach(({ type }, i) => {
    if (!sameType(type, operands[i].type)) {
      fail(
        'PROGRAM_TYPE_MISMATCH',
        node.operands[i].span,
        `input ${i} of closure ${name} has type ${showType(type)}, found ${showType(operands[i].type)}`,
        'give a value of that type',
      );
    }
  });
  if (node.destinations.length !== closure.outputs.length) {
    fail(
      'PROGRAM_ARITY',
      node.span,
      `closure ${name} gives ${closure.outputs.length} values, found ${node.destinations.length} destinations`,
      'write one register for each output after into',
    );
  }
  const results = closure.outputs.map(({ type }, i) => {
    const { register, span: place } = node.destinations[i];
    defineRegister(registers, register, { type, span: place, origin: 'instruction' }, fail);
    return { register, type };
  });
  return { kind: 'closure', node, closure, operands, results };
}
