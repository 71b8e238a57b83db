/**
 * The canonical source of a program: its syntax tree printed, registers renumbered in order of definition. Comments,
 * white space and register numbers do not change it, everything else does; its hash is part of the program's identity.
 */
import { formatLiteral } from '../values/literal.ts';
import type { FunctionNode, Instruction, MemberNode, Operand, ProgramNode, TypeNode } from './ast.ts';

type Renumber = (register: number) => number;

/** Canonical source text. Parsing it gives the same tree up to places and register numbers. */
export function printProgram(program: ProgramNode): string {
  const blocks: string[] = [];
  if (program.imports.length > 0) {
    blocks.push(program.imports.map(({ name }) => `import ${name}.aleo;\n`).join(''));
  }
  blocks.push(`program ${program.name.name}.aleo;\n`);
  for (const declaration of program.declarations) {
    blocks.push(
      declaration.kind === 'function' || declaration.kind === 'closure'
        ? printFunction(declaration)
        : `${declaration.kind} ${declaration.name.name}:\n${declaration.members.map(printMember).join('')}`,
    );
  }
  return blocks.join('\n');
}

function printMember({ name, type, visibility }: MemberNode): string {
  return `    ${name.name} as ${printType(type)}${visibility === undefined ? '' : `.${visibility}`};\n`;
}

/** `u64`, `point`, `token.record`, `[u8; 4u32]` */
export function printType(type: TypeNode): string {
  if (type.kind === 'array') return `[${printType(type.element)}; ${type.length}u32]`;
  return type.kind === 'record' ? `${type.name}.record` : type.name;
}

function printFunction({ kind, name, inputs, instructions, outputs }: FunctionNode): string {
  const numbers = new Map<number, number>();
  const define = (register: number): void => {
    numbers.set(register, numbers.size);
  };
  for (const input of inputs) define(input.register.register);
  for (const { destinations } of instructions) for (const { register } of destinations) define(register);
  const renumber: Renumber = (register) => numbers.get(register) ?? register;
  const visible = (type: TypeNode, visibility: string | undefined): string =>
    `${printType(type)}${visibility === undefined ? '' : `.${visibility}`}`;
  return [
    `${kind} ${name.name}:\n`,
    ...inputs.map(
      ({ register, type, visibility }) =>
        `    input r${renumber(register.register)} as ${visible(type, visibility)};\n`,
    ),
    ...instructions.map((instruction) => `    ${printInstruction(instruction, renumber)}\n`),
    ...outputs.map(
      ({ operand, type, visibility }) =>
        `    output ${printOperand(operand, renumber)} as ${visible(type, visibility)};\n`,
    ),
  ].join('');
}

/** One instruction as written, by default with its own register numbers. */
export function printInstruction(
  { opcode, callee, operands, destinations, as, coordinate }: Instruction,
  renumber: Renumber = (register) => register,
): string {
  const parts = [opcode];
  if (callee !== undefined) {
    parts.push(callee.program === undefined ? callee.name : `${callee.program}.aleo/${callee.name}`);
  }
  parts.push(...operands.map((operand) => printOperand(operand, renumber)));
  if (destinations.length > 0) {
    parts.push('into', ...destinations.map(({ register }) => `r${renumber(register)}`));
  }
  if (as !== undefined) parts.push('as', printType(as));
  if (coordinate !== undefined) parts.push('as', `group.${coordinate}`);
  return `${parts.join(' ')};`;
}

function printOperand(operand: Operand, renumber: Renumber): string {
  if (operand.kind === 'literal') return formatLiteral(operand);
  if (operand.kind === 'self') return `self.${operand.name}`;
  const path = operand.path.map((step) => (step.kind === 'member' ? `.${step.name}` : `[${step.index}u32]`));
  return `r${renumber(operand.register)}${path.join('')}`;
}
