/** TypeScript bindings of a program, over the client in pxe/client/. */
import type { Program, ProgramFunction } from '../../program/artifact.ts';
import { type MemberType, showType, type ValueType } from '../../program/types.ts';
import { fieldToHex } from '../../protocol/field.ts';
import { type TypeNames, typeNames, typeText } from './type-names.ts';

export interface BindingsOptions {
  /** Where the client's modules are, as imports name them: `../pxe/client`. */
  readonly client: string;
}

/** Longest line; what does not fit is one item a line, as this project's formatter has it. */
const WIDTH = 110;

/** The text of the file: types of structs, records and functions, and `NAMEProgram` to load the program with. */
export function bindingsOf(program: Program, { client }: BindingsOptions): string {
  const names = typeNames(program);
  const { program: base } = names;
  const blocks = [
    ...[...program.types.structs].map(
      ([name, members]) =>
        `/** Struct \`${name}\`. */\n${interfaceText(names.structs.get(name)!, members, names)}`,
    ),
    ...[...program.types.records].map(([name, members]) => recordText(program, name, members, names)),
    recordsText(program, names),
    functionsText(program, names),
    `/** \`${program.name}.aleo\`, bound to an account. */\nexport type ${base}Program = TypedProgram<${base}Functions, ${base}Records>;\n`,
    `export const ${base}Program = defineBindings<${base}Functions, ${base}Records>(\n  '${fieldToHex(program.programId)}',\n  \`${escapeTemplate(program.canonicalSource)}\`,\n);\n`,
  ];
  const body = blocks.join('\n');
  const used = ['FixedArray', 'RecordArgument', 'TypedCall', 'TypedProgram', 'TypedRecord'].filter((name) =>
    new RegExp(`\\b${name}<`).test(body),
  );
  const imports = ['defineBindings', ...used.map((name) => `type ${name}`)];
  return [
    `// Made from ${program.name}.aleo by \`azalea codegen\`. Do not edit it: make it again.`,
    fit(
      'import { ',
      imports,
      ` } from '${client}/typed-program.ts';`,
      'import {',
      `} from '${client}/typed-program.ts';`,
    ),
    '',
    body,
  ].join('\n');
}

function recordText(
  program: Program,
  name: string,
  members: readonly MemberType[],
  names: TypeNames,
): string {
  const data = names.recordData.get(name)!;
  return [
    `/** Members of a record \`${name}\`. */`,
    interfaceText(data, members, names),
    `/** A record \`${name}\` that the wallet holds. */`,
    `export type ${names.records.get(name)} = TypedRecord<'${program.name}.aleo/${name}', ${data}>;\n`,
  ].join('\n');
}

function interfaceText(name: string, members: readonly MemberType[], names: TypeNames): string {
  return [
    `export interface ${name} {`,
    ...members.map((member) => `  readonly ${member.name}: ${typeText(member.type, names)};`),
    '}\n',
  ].join('\n');
}

function recordsText(program: Program, names: TypeNames): string {
  const title = `/** Its record types by name. */\n`;
  if (program.records.size === 0) {
    return `${title}export type ${names.program}Records = Record<string, never>;\n`;
  }
  const members = [...names.records].map(([name, type]) => `  readonly ${name}: ${type};`);
  return `${title}export interface ${names.program}Records {\n${members.join('\n')}\n}\n`;
}

function functionsText(program: Program, names: TypeNames): string {
  const functions = [...program.functions.values()].map((fn) => functionText(fn, names));
  return `/** Its functions. Arguments are named as in the program. */\nexport interface ${names.program}Functions {\n${functions.join('\n')}\n}\n`;
}

function functionText({ name, checked }: ProgramFunction, names: TypeNames): string {
  const shown = (list: readonly { readonly type: ValueType }[]): string =>
    list.length === 0 ? 'nothing' : list.map(({ type }) => showType(type)).join(', ');
  const parameters = checked.inputs.map(
    ({ type }, i) =>
      `r${i}: ${type.kind === 'record' ? argumentText(type.name, names) : typeText(type, names)}`,
  );
  const outputs = checked.outputs.map(({ type }) => typeText(type, names));
  const result = fit('TypedCall<readonly [', outputs, ']>;', 'TypedCall<\n    readonly [', '    ]\n  >;', {
    indent: '      ',
    offset: name.length + 20,
  });
  return [
    `  /** Takes ${shown(checked.inputs)}; gives ${shown(checked.outputs)}. */`,
    fit(`  ${name}(`, parameters, `): ${result}`, `  ${name}(`, `  ): ${result}`, { indent: '    ' }),
  ].join('\n');
}

function argumentText(record: string, names: TypeNames): string {
  return `RecordArgument<${names.records.get(record)}>`;
}

/** A list on one line if it fits, else one item a line between `open` and `close`. */
function fit(
  before: string,
  items: readonly string[],
  after: string,
  open: string,
  close: string,
  { indent = '  ', offset = 0 }: { indent?: string; offset?: number } = {},
): string {
  const line = `${before}${items.join(', ')}${after}`;
  if (items.length === 0 || offset + line.split('\n')[0].length <= WIDTH) return line;
  return [open, ...items.map((item) => `${indent}${item},`), close].join('\n');
}

function escapeTemplate(text: string): string {
  return text.replace(/[\\`]|\$(?=\{)/g, '\\$&');
}
