/** Checks one function or closure: inputs, instructions, outputs, records, messages. */
import { AVM_SIZE } from '../protocol/constants.ts';
import { checkInstruction, type FunctionContext } from './check-instruction.ts';
import { checkOperand, defineRegister, type Registers } from './check-operand.ts';
import { resolveType } from './check-types.ts';
import type { CheckedFunction, CheckedInput, CheckedOutput } from './checked.ts';
import type { FunctionNode } from './syntax/ast.ts';
import { sameType, showType } from './types.ts';

/** Most inputs, and most outputs, of a function or closure (snarkVM's MAX_INPUTS, MAX_OUTPUTS). */
const MAX_VALUES = 16;
/** Most instructions that one call runs, those of closures included: far above what fits any circuit. */
const MAX_INSTRUCTIONS = 4096;

/** @throws ProgramError for the first fault */
export function checkFunction(node: FunctionNode, context: FunctionContext): CheckedFunction {
  const registers: Registers = new Map();
  const inputs = checkInputs(node, registers, context);
  const instructions = node.instructions.map((instruction) =>
    checkInstruction(instruction, registers, context),
  );
  const sends = node.instructions.filter(({ callee }) => callee?.program !== undefined);
  if (sends.length > 1) {
    context.fail(
      'PROGRAM_SECOND_MESSAGE',
      sends[1].span,
      'a function sends at most one message to L1',
      'send the other one from another function',
    );
  }
  const length = instructions.reduce(
    (sum, instruction) =>
      sum + (instruction.kind === 'closure' ? instruction.closure.instructions.length : 1),
    0,
  );
  if (length > MAX_INSTRUCTIONS) {
    context.fail(
      'PROGRAM_TOO_LONG',
      node.name.span,
      `${node.name.name} runs ${length} instructions`,
      `at most ${MAX_INSTRUCTIONS}, those of closures included`,
    );
  }
  const outputs = checkOutputs(node, registers, context);
  return { name: node.name.name, inputs, instructions, outputs };
}

function checkInputs(
  node: FunctionNode,
  registers: Registers,
  { types, fail, warn }: FunctionContext,
): CheckedInput[] {
  if (node.inputs.length > MAX_VALUES) {
    fail(
      'PROGRAM_TOO_MANY_INPUTS',
      node.inputs[MAX_VALUES].span,
      `${node.inputs.length} inputs`,
      `a ${node.kind} takes at most ${MAX_VALUES}; put several into a struct or an array`,
    );
  }
  let elements = 0;
  let records = 0;
  return node.inputs.map(({ register, type: written, visibility, span }) => {
    const type = resolveType(written, types, fail);
    defineRegister(registers, register.register, { type, span: register.span, origin: 'input' }, fail);
    if (node.kind === 'closure') return { register: register.register, type, visibility, span };
    if (type.kind === 'record') records++;
    else elements += types.flatten(type).length;
    if (records > AVM_SIZE.large.recordInputs) {
      fail(
        'PROGRAM_TOO_MANY_RECORDS',
        span,
        `${records} record inputs`,
        `a function takes at most ${AVM_SIZE.large.recordInputs}`,
      );
    }
    if (elements > AVM_SIZE.large.inputs) {
      fail(
        'PROGRAM_TOO_MANY_INPUTS',
        span,
        `the inputs hold ${elements} literals up to here`,
        `a function takes at most ${AVM_SIZE.large.inputs}`,
      );
    }
    if (visibility === 'public')
      warn('PROGRAM_PUBLIC_VALUE', span, 'a public input is seen by the caller only, until finalize exists');
    return { register: register.register, type, visibility, span };
  });
}

function checkOutputs(node: FunctionNode, registers: Registers, context: FunctionContext): CheckedOutput[] {
  const { types, fail, warn } = context;
  if (node.outputs.length > MAX_VALUES) {
    fail(
      'PROGRAM_TOO_MANY_OUTPUTS',
      node.outputs[MAX_VALUES].span,
      `${node.outputs.length} outputs`,
      `a ${node.kind} gives at most ${MAX_VALUES}; put several into a struct or an array`,
    );
  }
  const outputRecords = new Set<number>();
  const outputs = node.outputs.map((output): CheckedOutput => {
    const operand = checkOperand(output.operand, registers, context);
    const type = resolveType(output.type, types, fail);
    if (!sameType(type, operand.type)) {
      fail(
        'PROGRAM_TYPE_MISMATCH',
        output.span,
        `the output is declared ${showType(type)}, its value is ${showType(operand.type)}`,
        'declare the type of the value',
      );
    }
    if (node.kind === 'closure' && type.kind === 'record') {
      fail(
        'PROGRAM_CLOSURE',
        output.span,
        'a closure cannot give a record',
        'give its members and make the record in the function',
      );
    }
    if (operand.kind === 'register' && type.kind === 'record') {
      const { register } = operand;
      if (registers.get(register)!.origin === 'input') {
        fail(
          'PROGRAM_RECORD_OUTPUT',
          output.span,
          `r${register} is consumed by this call and cannot be its output`,
          'make a new record with cast',
        );
      }
      if (outputRecords.has(register)) {
        fail(
          'PROGRAM_RECORD_OUTPUT',
          output.span,
          `r${register} is an output already`,
          'make another record with cast',
        );
      }
      outputRecords.add(register);
      if (outputRecords.size > AVM_SIZE.large.recordOutputs) {
        fail(
          'PROGRAM_TOO_MANY_RECORDS',
          output.span,
          `${outputRecords.size} record outputs`,
          `a function makes at most ${AVM_SIZE.large.recordOutputs}`,
        );
      }
    }
    if (output.visibility === 'public') {
      warn(
        'PROGRAM_PUBLIC_VALUE',
        output.span,
        'a public output is seen by the caller only, until finalize exists',
      );
    }
    return { operand, type, visibility: output.visibility, span: output.span };
  });
  for (const [register, { type, span, origin }] of registers) {
    if (type.kind === 'record' && origin === 'instruction' && !outputRecords.has(register)) {
      warn(
        'PROGRAM_RECORD_LOST',
        span,
        `the record r${register} is made but is no output: what it holds is lost`,
        `add \`output r${register} as ${showType(type)};\``,
      );
    }
  }
  return outputs;
}
