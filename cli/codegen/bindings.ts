/** TypeScript bindings of a program, over the client in pxe/client/. */
import type { Program, ProgramFunction } from '../../program/compile/artifact.ts';
import { type MemberType, showType, type ValueType } from '../../program/values/types.ts';
import { fieldToHex } from '../../protocol/field.ts';
import { type TypeNames, typeNames, typeText } from './type-names.ts';

export interface BindingsOptions {
  /** Where the client's modules are, as imports name them: `../pxe/client`. */
  readonly client: string;
}

/** How every file of bindings starts. */
export const BINDINGS_MARK = '// Made from ';

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
    `/** \`${program.name}.aleo\`, bound to an account. */\nexport type ${base}Program = TypedProgram<Functions, Records>;\n`,
    `export const ${base}Program = defineBindings<Functions, Records>(\n  '${fieldToHex(program.programId)}',\n  \`${escapeTemplate(program.canonicalSource)}\`,\n${loweringLine(program)});\n`,
  ];
  const body = blocks.join('\n');
  const used = ['FixedArray', 'RecordArgument', 'TypedCall', 'TypedProgram', 'TypedRecord'].filter((name) =>
    new RegExp(`\\b${name}<`).test(body),
  );
  const imports = ['defineBindings', ...used.map((name) => `type ${name}`)];
  const from = `} from '${client}/typed-program.ts';`;
  const line = `import { ${imports.join(', ')} ${from}`;
  return [
    `${BINDINGS_MARK}${program.name}.aleo by \`azalea codegen\`. Do not edit it: make it again.`,
    ...(line.length <= WIDTH ? [line] : ['import {', ...imports.map((name) => `  ${name},`), from]),
    '',
    body,
  ].join('\n');
}

/** Said only where it is not the first: files that were made before there was another stay as they are. */
function loweringLine({ loweringVersion }: Program): string {
  return loweringVersion === 1 ? '' : `  { lowering: ${loweringVersion} },\n`;
}

function recordText(
  program: Program,
  name: string,
  members: readonly MemberType[],
  names: TypeNames,
): string {
  const data = names.recordData.get(name)!;
  const id = `'${program.name}.aleo/${name}'`;
  const line = `export type ${names.records.get(name)} = TypedRecord<${id}, ${data}>;\n`;
  const broken = `export type ${names.records.get(name)} = TypedRecord<\n  ${id},\n  ${data}\n>;\n`;
  return [
    `/** Members of a record \`${name}\`. */`,
    interfaceText(data, members, names),
    `/** A record \`${name}\` that the wallet holds. */`,
    line.length <= WIDTH + 1 ? line : broken,
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
    return `${title}export type Records = Record<string, never>;\n`;
  }
  const members = [...names.records].map(([name, type]) => `  readonly ${name}: ${type};`);
  return `${title}export interface Records {\n${members.join('\n')}\n}\n`;
}

function functionsText(program: Program, names: TypeNames): string {
  const functions = [...program.functions.values()].map((fn) => functionText(fn, names));
  return `/** Its functions. Arguments are named as in the program. */\nexport interface Functions {\n${functions.join('\n')}\n}\n`;
}

function functionText({ name, checked }: ProgramFunction, names: TypeNames): string {
  const shown = (list: readonly { readonly type: ValueType }[]): string =>
    list.length === 0 ? 'nothing' : list.map(({ type }) => showType(type)).join(', ');
  const parameters = checked.inputs.map(
    ({ type }, i) =>
      `r${i}: ${type.kind === 'record' ? argumentText(type.name, names) : typeText(type, names)}`,
  );
  const outputs = checked.outputs.map(({ type }) => typeText(type, names));
  return [
    `  /** Takes ${shown(checked.inputs)}; gives ${shown(checked.outputs)}. */`,
    ...signature(name, parameters, outputs),
  ].join('\n');
}

/** A method of an interface, as the formatter breaks it. */
function signature(name: string, parameters: readonly string[], outputs: readonly string[]): string[] {
  const list = `readonly [${outputs.join(', ')}]`;
  const result = `TypedCall<${list}>;`;
  const line = `  ${name}(${parameters.join(', ')}): ${result}`;
  if (line.length <= WIDTH) return [line];
  const head =
    parameters.length === 0
      ? [`  ${name}():`]
      : [`  ${name}(`, ...parameters.map((parameter) => `    ${parameter},`), '  ):'];
  const last = head.pop();
  if (`${last} ${result}`.length <= WIDTH) return [...head, `${last} ${result}`];
  const broken =
    `    ${list}`.length <= WIDTH
      ? [`    ${list}`]
      : ['    readonly [', ...outputs.map((output) => `      ${output},`), '    ]'];
  return [...head, `${last} TypedCall<`, ...broken, '  >;'];
}

function argumentText(record: string, names: TypeNames): string {
  return `RecordArgument<${names.records.get(record)}>`;
}

function escapeTemplate(text: string): string {
  return text.replace(/[\\`]|\$(?=\{)/g, '\\$&');
}
