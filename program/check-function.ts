/** Checks one function: registers, types, records, messages. */
import { AVM_SIZE } from '../protocol/constants.ts';
import { type Fail, resolveType } from './check-types.ts';
import type {
  CheckedFunction,
  CheckedInput,
  CheckedInstruction,
  CheckedOperand,
  CheckedOutput,
} from './checked.ts';
import { INSTRUCTIONS, isFutureOpcode } from './instructions/registry.ts';
import type { Span } from './source.ts';
import type { FunctionNode, Instruction, Operand } from './syntax/ast.ts';
import { literal, sameType, showType, type TypeTable, type ValueType } from './types.ts';

export interface FunctionContext {
  readonly types: TypeTable;
  readonly imports: ReadonlySet<string>;
  readonly fail: Fail;
  readonly warn: (span: Span, message: string) => void;
}

interface Register {
  readonly type: ValueType;
  readonly span: Span;
  readonly origin: 'input' | 'instruction';
}

type Registers = Map<number, Register>;

export function checkFunction(node: FunctionNode, context: FunctionContext): CheckedFunction {
  const registers: Registers = new Map();
  const inputs = checkInputs(node, registers, context);
  const instructions = node.instructions.map((instruction) =>
    checkInstruction(instruction, registers, context),
  );
  const sends = node.instructions.filter(({ opcode }) => opcode === 'call');
  if (sends.length > 1) {
    context.fail(
      'PROGRAM_SECOND_MESSAGE',
      sends[1].span,
      'a function sends at most one message to L1',
      'send the other one from another function',
    );
  }
  const outputs = checkOutputs(node, registers, context);
  return { name: node.name.name, inputs, instructions, outputs };
}

function define(registers: Registers, register: number, value: Register, fail: Fail): void {
  if (registers.has(register)) {
    fail(
      'PROGRAM_REGISTER_REDEFINED',
      value.span,
      `r${register} is defined already`,
      'write to a new register',
    );
  }
  registers.set(register, value);
}

function checkInputs(
  node: FunctionNode,
  registers: Registers,
  { types, fail, warn }: FunctionContext,
): CheckedInput[] {
  let elements = 0;
  let records = 0;
  return node.inputs.map(({ register, type: written, visibility, span }) => {
    const type = resolveType(written, types, fail);
    define(registers, register.register, { type, span: register.span, origin: 'input' }, fail);
    if (type.kind === 'record') records++;
    else elements += types.flatten(type).length;
    if (records > AVM_SIZE.small.recordInputs) {
      fail(
        'PROGRAM_TOO_MANY_RECORDS',
        span,
        `${records} record inputs`,
        `a function takes at most ${AVM_SIZE.small.recordInputs}`,
      );
    }
    if (elements > AVM_SIZE.small.inputs) {
      fail(
        'PROGRAM_TOO_MANY_INPUTS',
        span,
        `the inputs hold ${elements} literals up to here`,
        `a function takes at most ${AVM_SIZE.small.inputs}`,
      );
    }
    if (visibility === 'public')
      warn(span, 'a public input is seen by the caller only, until finalize exists');
    return { register: register.register, type, visibility, span };
  });
}

function checkOperand(
  operand: Operand,
  registers: Registers,
  { types, fail }: FunctionContext,
): CheckedOperand {
  if (operand.kind === 'literal')
    return { kind: 'literal', type: literal(operand.type), value: operand.value };
  if (operand.kind === 'self') return { kind: 'self', type: literal('address'), name: operand.name };
  const register = registers.get(operand.register);
  if (register === undefined) {
    return fail(
      'PROGRAM_UNKNOWN_REGISTER',
      operand.span,
      `r${operand.register} is not defined`,
      'define it in an earlier input or instruction',
    );
  }
  let { type } = register;
  let offset = 0;
  for (const { name, span } of operand.path) {
    const member = types.member(type, name);
    if (member === undefined) {
      const names = types.members(type)?.map((known) => known.name);
      return fail(
        'PROGRAM_UNKNOWN_MEMBER',
        span,
        `${showType(type)} has no member ${name}`,
        names === undefined ? 'a literal has no members' : `it has ${names.join(', ')}`,
      );
    }
    offset += member.offset;
    type = member.type;
  }
  return { kind: 'register', type, register: operand.register, offset, length: types.flatten(type).length };
}

function checkInstruction(
  node: Instruction,
  registers: Registers,
  context: FunctionContext,
): CheckedInstruction {
  const { types, imports, fail } = context;
  const { opcode, opcodeSpan } = node;
  const rule = INSTRUCTIONS.get(opcode);
  if (rule === undefined) {
    const future = isFutureOpcode(opcode);
    return fail(
      future ? 'PROGRAM_NOT_YET' : 'PROGRAM_UNKNOWN_INSTRUCTION',
      opcodeSpan,
      future ? `${opcode} is not supported yet` : `there is no instruction ${opcode}`,
      future ? undefined : 'see the instructions of Aleo',
    );
  }
  if (node.callee !== undefined && !imports.has(node.callee.program)) {
    fail(
      'PROGRAM_UNKNOWN_IMPORT',
      node.callee.span,
      `${node.callee.program}.aleo is not imported`,
      `write import ${node.callee.program}.aleo; before the program's name`,
    );
  }
  const operands = node.operands.map((operand) => checkOperand(operand, registers, context));
  if (rule.arity !== undefined && operands.length !== rule.arity) {
    fail(
      'PROGRAM_ARITY',
      node.span,
      `${opcode} takes ${rule.arity} operand${rule.arity === 1 ? '' : 's'}, found ${operands.length}`,
      `it takes ${rule.takes}`,
    );
  }
  if (rule.hasResult !== (node.destination !== undefined)) {
    fail(
      'PROGRAM_ARITY',
      node.destination?.span ?? node.span,
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
  if (result === 'none') return { node, rule, operands };
  const { register, span } = node.destination!;
  define(registers, register, { type: result, span, origin: 'instruction' }, fail);
  return { node, rule, operands, result: { register, type: result } };
}

function checkOutputs(node: FunctionNode, registers: Registers, context: FunctionContext): CheckedOutput[] {
  const { types, fail, warn } = context;
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
      if (outputRecords.size > AVM_SIZE.small.recordOutputs) {
        fail(
          'PROGRAM_TOO_MANY_RECORDS',
          output.span,
          `${outputRecords.size} record outputs`,
          `a function makes at most ${AVM_SIZE.small.recordOutputs}`,
        );
      }
    }
    if (output.visibility === 'public') {
      warn(output.span, 'a public output is seen by the caller only, until finalize exists');
    }
    return { operand, type, visibility: output.visibility, span: output.span };
  });
  for (const [register, { type, span, origin }] of registers) {
    if (type.kind === 'record' && origin === 'instruction' && !outputRecords.has(register)) {
      warn(span, `the record r${register} is made but is no output: what it holds is lost`);
    }
  }
  return outputs;
}
