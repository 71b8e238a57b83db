/** The JSON description of a program: everything that a caller needs without the compiler. */

import type { CapacityReport } from '../../avm/capacity.ts';
import type { SizeClass } from '../../protocol/constants.ts';
import { fieldToHex } from '../../protocol/field.ts';
import { type MemberType, showType, type Visibility } from '../values/types.ts';
import type { Program } from './artifact.ts';

export interface AbiMember {
  readonly name: string;
  readonly type: string;
  readonly visibility?: Visibility;
}

export interface AbiValue {
  readonly type: string;
  /** Absent for records. */
  readonly visibility?: Visibility;
}

export interface ProgramAbi {
  readonly format: 1;
  /** With `.aleo`. */
  readonly program: string;
  readonly programId: `0x${string}`;
  readonly loweringVersion: number;
  readonly structs: readonly { readonly name: string; readonly members: readonly AbiMember[] }[];
  readonly records: readonly {
    readonly name: string;
    readonly typeId: `0x${string}`;
    readonly members: readonly AbiMember[];
  }[];
  readonly functions: readonly {
    readonly name: string;
    readonly functionId: `0x${string}`;
    readonly inputs: readonly AbiValue[];
    readonly outputs: readonly AbiValue[];
    readonly sendsMessage: boolean;
    /** The circuit that proves it. */
    readonly sizeClass: SizeClass;
    readonly capacity: CapacityReport;
  }[];
}

/** ABI of a compiled program; plain JSON. */
export function abiOf(program: Program): ProgramAbi {
  const members = (list: readonly MemberType[]): AbiMember[] =>
    list.map(({ name, type, visibility }) => ({
      name,
      type: showType(type),
      ...(visibility === undefined ? {} : { visibility }),
    }));
  const value = ({
    type,
    visibility,
  }: Program['checked']['functions'][number]['inputs'][number]): AbiValue => ({
    type: showType(type),
    ...(visibility === undefined ? {} : { visibility }),
  });
  return {
    format: 1,
    program: `${program.name}.aleo`,
    programId: fieldToHex(program.programId),
    loweringVersion: program.loweringVersion,
    structs: [...program.types.structs].map(([name, list]) => ({ name, members: members(list) })),
    records: [...program.records.values()].map((record) => ({
      name: record.name,
      typeId: fieldToHex(record.typeId),
      members: members(record.members),
    })),
    functions: [...program.functions.values()].map(
      ({ name, functionId, checked, sendsMessage, bytecode, capacity }) => ({
        name,
        functionId: fieldToHex(functionId),
        inputs: checked.inputs.map(value),
        outputs: checked.outputs.map(({ type, visibility, span }) =>
          value({ type, visibility, span, register: -1 }),
        ),
        sendsMessage,
        sizeClass: bytecode.sizeClass,
        capacity,
      }),
    ),
  };
}
