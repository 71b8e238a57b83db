/** Names and types of TypeScript for those of a program. */
import type { Program } from '../../program/compile/artifact.ts';
import type { LiteralType, ValueType } from '../../program/values/types.ts';

/** Names that a generated file uses itself, and global names that an app would not want to see replaced. */
const TAKEN = [
  ...['FixedArray', 'RecordArgument', 'TypedCall', 'TypedProgram', 'TypedRecord', 'Functions', 'Records'],
  ...['Array', 'Boolean', 'Date', 'Error', 'Function', 'Map', 'Number', 'Object', 'Promise', 'Record'],
  ...['RegExp', 'Set', 'String', 'Symbol', 'Azalea'],
];

/** Names of a generated file; no two are equal. */
export interface TypeNames {
  /** Base of the program's own names: `Token` for `token.aleo`. */
  readonly program: string;
  readonly structs: ReadonlyMap<string, string>;
  /** A record that the wallet holds. */
  readonly records: ReadonlyMap<string, string>;
  /** The members of a record. */
  readonly recordData: ReadonlyMap<string, string>;
}

export function typeNames(program: Program): TypeNames {
  const base = pascalCase(program.name);
  const taken = new Set([...TAKEN, `${base}Program`]);
  const claim = (wanted: string): string => {
    let name = wanted;
    for (let k = 2; taken.has(name); k++) name = `${wanted}${k}`;
    taken.add(name);
    return name;
  };
  const structs = new Map<string, string>();
  const records = new Map<string, string>();
  const recordData = new Map<string, string>();
  for (const name of program.types.structs.keys()) structs.set(name, claim(pascalCase(name)));
  for (const name of program.types.records.keys()) {
    records.set(name, claim(pascalCase(name)));
    recordData.set(name, claim(`${pascalCase(name)}Data`));
  }
  return { program: base, structs, records, recordData };
}

/** `my_token` is `MyToken`. */
export function pascalCase(name: string): string {
  return name
    .split('_')
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))
    .join('');
}

/** The type of a value; a record is its members. */
export function typeText(type: ValueType, names: TypeNames): string {
  switch (type.kind) {
    case 'literal':
      return literalText(type.name);
    case 'struct':
      return names.structs.get(type.name)!;
    case 'record':
      return names.recordData.get(type.name)!;
    case 'array':
      return `FixedArray<${typeText(type.element, names)}, ${type.length}>`;
  }
}

function literalText(type: LiteralType): string {
  switch (type) {
    case 'boolean':
      return 'boolean';
    case 'address':
      return 'string';
    case 'field':
    case 'group':
    case 'scalar':
    case 'i8':
    case 'i16':
    case 'i32':
    case 'i64':
    case 'i128':
    case 'u8':
    case 'u16':
    case 'u32':
    case 'u64':
    case 'u128':
      return 'bigint';
  }
}
