/** TypeScript bindings of a program, over the client in pxe/client/. */

import { basename, isAbsolute } from 'node:path';
import type { Program, ProgramFunction } from '../../program/compile/artifact.ts';
import { type MemberType, showType, type ValueType } from '../../program/values/types.ts';
import { fieldToHex } from '../../protocol/field.ts';
import { argumentNames } from './argument-names.ts';
import { type SourceComments, sourceComments } from './source-comments.ts';
import { type TypeNames, typeNames, typeText } from './type-names.ts';

export interface BindingsOptions {
  /** Path of the client's modules, as imports name them: `../pxe/client`. */
  readonly client: string;
}

/** The first lines of every file of bindings. */
export const BINDINGS_MARK = '// Made from ';

/** Longest line; what does not fit is one item a line, as this project's formatter has it. */
const WIDTH = 110;

/** The text of the file: types of structs, records and functions, and `NAMEProgram` to load the program with. */
export function bindingsOf(program: Program, { client }: BindingsOptions): string {
  const names = typeNames(program);
  const comments = sourceComments(program.checked);
  const { program: base } = names;
  const blocks = [
    ...[...program.types.structs].map(
      ([name, members]) =>
        `${jsDoc([...aboveOf(comments, name), `Struct \`${name}\`.`])}${interfaceText(names.structs.get(name)!, name, members, { names, comments })}`,
    ),
    ...[...program.types.records].map(([name, members]) =>
      recordText(program, name, members, { names, comments }),
    ),
    recordsText(program, names),
    functionsText(program, { names, comments }),
    `${jsDoc([...comments.program, ...(comments.program.length === 0 ? [] : ['']), `\`${program.name}.aleo\`, bound to an account.`])}export type ${base}Program = TypedProgram<Functions, Records>;\n`,
    `export const ${base}Program = defineBindings<Functions, Records>(\n  '${fieldToHex(program.programId)}',\n  \`${escapeTemplate(program.source)}\`,\n${optionsLine(program)});\n`,
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

/** The source file, for messages; the lowering only where it is not the first: files made before there was another stay as they are. */
function optionsLine(program: Program): string {
  const file = shownFile(program);
  const options = [
    ...(file === undefined ? [] : [`file: '${file}'`]),
    ...(program.loweringVersion === 1 ? [] : [`lowering: ${program.loweringVersion}`]),
  ];
  return options.length === 0 ? '' : `  { ${options.join(', ')} },\n`;
}

/**
 * Returns the file name that halts show: the name given when the bindings were made. Where that led out of the directory,
 * only its last part is kept: no path of this machine gets into the bindings. Undefined where the program's own name says as
 * much.
 */
function shownFile({ name, checked }: Program): string | undefined {
  const { name: given } = checked.source;
  const path = given.replace(/^\.\//, '');
  const shown = isAbsolute(path) || path.startsWith('..') ? basename(path) : path;
  const says = shown !== `${name}.aleo` && shown !== 'program.aleo';
  return says && /^[\w./ -]+$/.test(shown) ? shown : undefined;
}

/** The context in which texts are made. */
interface TextContext {
  readonly names: TypeNames;
  readonly comments: SourceComments;
}

/** The comment above a declaration, and an empty line after it. */
function aboveOf({ declarations }: SourceComments, name: string): readonly string[] {
  const lines = declarations.get(name) ?? [];
  return lines.length === 0 ? [] : [...lines, ''];
}

/** A comment that editors show. */
function jsDoc(lines: readonly string[], indent = ''): string {
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */\n`].join(
    '\n',
  );
}

function recordText(
  program: Program,
  name: string,
  members: readonly MemberType[],
  context: TextContext,
): string {
  const { names, comments } = context;
  const data = names.recordData.get(name)!;
  const id = `'${program.name}.aleo/${name}'`;
  const line = `export type ${names.records.get(name)} = TypedRecord<${id}, ${data}>;\n`;
  const broken = `export type ${names.records.get(name)} = TypedRecord<\n  ${id},\n  ${data}\n>;\n`;
  return [
    `${jsDoc([`Members of a record \`${name}\`.`])}${interfaceText(data, name, members, context)}`,
    `${jsDoc([...aboveOf(comments, name), `A record \`${name}\` that the wallet holds.`]).trimEnd()}`,
    line.length <= WIDTH + 1 ? line : broken,
  ].join('\n');
}

function interfaceText(
  name: string,
  declared: string,
  members: readonly MemberType[],
  { names, comments }: TextContext,
): string {
  return [
    `export interface ${name} {`,
    ...members.map((member) => {
      const comment = comments.members.get(`${declared}.${member.name}`);
      const doc = comment === undefined ? '' : jsDoc([comment], '  ');
      return `${doc}  readonly ${member.name}: ${typeText(member.type, names)};`;
    }),
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

function functionsText(program: Program, context: TextContext): string {
  const functions = [...program.functions.values()].map((fn) => functionText(fn, context));
  return `/** Its functions. Arguments are named by the program's comments, else by register and type. */\nexport interface Functions {\n${functions.join('\n')}\n}\n`;
}

function functionText({ name, checked }: ProgramFunction, { names, comments }: TextContext): string {
  const shown = (list: readonly { readonly type: ValueType }[]): string =>
    list.length === 0 ? 'nothing' : list.map(({ type }) => showType(type)).join(', ');
  const notes = comments.inputs.get(name) ?? [];
  const given = argumentNames(checked.inputs, notes);
  const parameters = checked.inputs.map(
    ({ type }, i) =>
      `${given[i]}: ${type.kind === 'record' ? argumentText(type.name, names) : typeText(type, names)}`,
  );
  const outputs = checked.outputs.map(({ type }) => typeText(type, names));
  const described = checked.inputs.flatMap(({ register }, i) => {
    const text = notes[i]?.text;
    if (text === undefined && given[i].startsWith(`r${register}_`)) return [];
    return [`@param ${given[i]} r${register}${text === undefined ? '' : `: ${text}`}`];
  });
  const doc = [
    ...aboveOf(comments, name),
    `Takes ${shown(checked.inputs)}; gives ${shown(checked.outputs)}.`,
    ...described,
  ];
  return [jsDoc(doc, '  ').trimEnd(), ...signature(name, parameters, outputs)].join('\n');
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
  // A carriage return would be read as a line feed.
  return text.replace(/[\\`]|\$(?=\{)/g, '\\$&').replaceAll('\r', '\\r');
}
