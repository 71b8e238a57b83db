/** Checks one function or closure: inputs, instructions, outputs, records, messages. */
import { AVM_SIZE } from '../../protocol/constants.ts';
import { ProgramError } from '../diagnostics/errors.ts';
import type { Destination, FunctionNode, OutputNode } from '../syntax/ast.ts';
import { sameType, showType } from '../values/types.ts';
import { checkInstruction, type FunctionContext } from './check-instruction.ts';
import { checkOperand, defineRegister, type Registers } from './check-operand.ts';
import { resolveType } from './check-types.ts';
import type { CheckedFunction, CheckedInput, CheckedInstruction, CheckedOutput } from './checked.ts';
import { FaultyValue } from './faulty-value.ts';

/** Most inputs, and most outputs, of a function or closure (snarkVM's MAX_INPUTS, MAX_OUTPUTS). */
const MAX_VALUES = 16;
/** Most instructions that one call runs, those of closures included: far above what fits any circuit. */
const MAX_INSTRUCTIONS = 4096;

/** Does a part of the checking. A fault in it is reported, the registers that it was to define are unknown from then on. */
type Attempt = <T>(work: () => T, defines?: readonly Destination[]) => T | undefined;

/**
 * Checks all that one fault does not hide from view.
 * @returns undefined when there are faults, or it calls a closure that has some
 * @throws what `onFault` throws
 */
export function checkFunction(
  node: FunctionNode,
  context: FunctionContext,
  onFault: (fault: ProgramError) => void,
): CheckedFunction | undefined {
  const registers: Registers = new Map();
  let faulty = false;
  const attempt: Attempt = (work, defines = []) => {
    try {
      return work();
    } catch (error) {
      faulty = true;
      if (error instanceof ProgramError) onFault(error);
      else if (!(error instanceof FaultyValue)) throw error;
      for (const { register, span } of defines) {
        registers.set(register, { type: undefined, span, origin: 'instruction' });
      }
      return undefined;
    }
  };
  const inputs = checkInputs(node, registers, context, attempt);
  const instructions = node.instructions.flatMap(
    (instruction) =>
      attempt(() => [checkInstruction(instruction, registers, context)], instruction.destinations) ?? [],
  );
  attempt(() => checkMessages(node, context));
  attempt(() => checkLength(node, instructions, context));
  const outputs = checkOutputs(node, registers, context, attempt);
  if (faulty) return undefined;
  warnOfLostRecords(registers, outputs, context);
  return { name: node.name.name, inputs, instructions, outputs };
}

function checkMessages(node: FunctionNode, { fail }: FunctionContext): void {
  const sends = node.instructions.filter(({ callee }) => callee?.program !== undefined);
  if (sends.length > 1) {
    fail(
      'PROGRAM_SECOND_MESSAGE',
      sends[1].span,
      'a function sends at most one message to L1',
      'send the other one from another function',
    );
  }
}

function checkLength(
  node: FunctionNode,
  instructions: readonly CheckedInstruction[],
  { fail }: FunctionContext,
): void {
  const length = instructions.reduce(
    (sum, instruction) =>
      sum + (instruction.kind === 'closure' ? instruction.closure.instructions.length : 1),
    0,
  );
  if (length > MAX_INSTRUCTIONS) {
    fail(
      'PROGRAM_TOO_LONG',
      node.name.span,
      `${node.name.name} runs ${length} instructions`,
      `at most ${MAX_INSTRUCTIONS}, those of closures included`,
    );
  }
}

function checkInputs(
  node: FunctionNode,
  registers: Registers,
  { types, fail, warn }: FunctionContext,
  attempt: Attempt,
): CheckedInput[] {
  attempt(() => {
    if (node.inputs.length <= MAX_VALUES) return;
    fail(
      'PROGRAM_TOO_MANY_INPUTS',
      node.inputs[MAX_VALUES].span,
      `${node.inputs.length} inputs`,
      `a ${node.kind} takes at most ${MAX_VALUES}; put several into a struct or an array`,
    );
  });
  const inputs = node.inputs.flatMap(
    ({ register: { register, span: place }, type: written, visibility, span }) => {
      const define = (): CheckedInput[] => {
        const type = resolveType(written, types, fail);
        defineRegister(registers, register, { type, span: place, origin: 'input' }, fail);
        return [{ register, type, visibility, span }];
      };
      const input = attempt(define, [{ register, span: place }]) ?? [];
      if (visibility === 'public' && node.kind === 'function' && input.length > 0)
        warn(
          'PROGRAM_PUBLIC_VALUE',
          span,
          'a public input is seen by the caller only, until finalize exists',
        );
      return input;
    },
  );
  if (node.kind === 'function' && node.inputs.length <= MAX_VALUES) {
    attempt(() => checkInputCapacity(inputs, { types, fail }));
  }
  return inputs;
}

function checkInputCapacity(
  inputs: readonly CheckedInput[],
  { types, fail }: Pick<FunctionContext, 'types' | 'fail'>,
): void {
  let elements = 0;
  let records = 0;
  for (const { type, span } of inputs) {
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
  }
}

function checkOutputs(
  node: FunctionNode,
  registers: Registers,
  context: FunctionContext,
  attempt: Attempt,
): CheckedOutput[] {
  const { types, fail, warn } = context;
  attempt(() => {
    if (node.outputs.length <= MAX_VALUES) return;
    fail(
      'PROGRAM_TOO_MANY_OUTPUTS',
      node.outputs[MAX_VALUES].span,
      `${node.outputs.length} outputs`,
      `a ${node.kind} gives at most ${MAX_VALUES}; put several into a struct or an array`,
    );
  });
  const outputRecords = new Set<number>();
  const check = (output: OutputNode): CheckedOutput => {
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
      // Once: every further one is of the same fault.
      if (outputRecords.size === AVM_SIZE.large.recordOutputs + 1) {
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
  };
  return node.outputs.flatMap((output) => attempt(() => [check(output)]) ?? []);
}

function warnOfLostRecords(
  registers: Registers,
  outputs: readonly CheckedOutput[],
  { warn }: FunctionContext,
): void {
  const given = new Set(
    outputs.map(({ operand, type }) =>
      operand.kind === 'register' && type.kind === 'record' ? operand.register : undefined,
    ),
  );
  for (const [register, { type, span, origin }] of registers) {
    if (type?.kind === 'record' && origin === 'instruction' && !given.has(register)) {
      warn(
        'PROGRAM_RECORD_LOST',
        span,
        `the record r${register} is made but is no output: what it holds is lost`,
        `add \`output r${register} as ${showType(type)};\``,
      );
    }
  }
}
