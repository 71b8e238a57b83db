// Made from everything.aleo by `azalea codegen`. Do not edit it: make it again.
import {
  defineBindings,
  type FixedArray,
  type RecordArgument,
  type TypedCall,
  type TypedProgram,
  type TypedRecord,
} from '../../../../pxe/client/typed-program.ts';

/** Struct `promise`. */
export interface Promise2 {
  readonly x: bigint;
  readonly y: bigint;
}

/** Struct `my_point`. */
export interface MyPoint {
  readonly at: Promise2;
  readonly on: boolean;
}

/** Struct `MyPoint`. */
export interface MyPoint2 {
  readonly at: FixedArray<Promise2, 2>;
}

/** Members of a record `typed_call`. */
export interface TypedCallData {
  readonly owner: string;
}

/** A record `typed_call` that the wallet holds. */
export type TypedCall2 = TypedRecord<'everything.aleo/typed_call', TypedCallData>;

/** Members of a record `Record`. */
export interface RecordData {
  readonly owner: string;
  readonly toString: bigint;
  readonly of: MyPoint;
}

/** A record `Record` that the wallet holds. */
export type Record2 = TypedRecord<'everything.aleo/Record', RecordData>;

/** Members of a record `r_with_thirty_one_characters_xy`. */
export interface RWithThirtyOneCharactersXyData {
  readonly owner: string;
}

/** A record `r_with_thirty_one_characters_xy` that the wallet holds. */
export type RWithThirtyOneCharactersXy = TypedRecord<
  'everything.aleo/r_with_thirty_one_characters_xy',
  RWithThirtyOneCharactersXyData
>;

/** Members of a record `Functions`. */
export interface FunctionsData {
  readonly owner: string;
}

/** A record `Functions` that the wallet holds. */
export type Functions2 = TypedRecord<'everything.aleo/Functions', FunctionsData>;

/** Its record types by name. */
export interface Records {
  readonly typed_call: TypedCall2;
  readonly Record: Record2;
  readonly r_with_thirty_one_characters_xy: RWithThirtyOneCharactersXy;
  readonly Functions: Functions2;
}

/** Its functions. Arguments are named by the program's comments, else by register and type. */
export interface Functions {
  /** Takes typed_call.record, Record.record, my_point; gives nothing. */
  delete(
    r0_typed_call: RecordArgument<TypedCall2>,
    r1_Record: RecordArgument<Record2>,
    r2_my_point: MyPoint,
  ): TypedCall<readonly []>;
  /** Takes [u8; 4u32], [[boolean; 2u32]; 2u32], MyPoint; gives MyPoint, [boolean; 2u32], u8. */
  toString(
    r0_array: FixedArray<bigint, 4>,
    r1_array: FixedArray<FixedArray<boolean, 2>, 2>,
    r2_MyPoint: MyPoint2,
  ): TypedCall<readonly [MyPoint2, FixedArray<boolean, 2>, bigint]>;
  /** Takes field, group, scalar, i64, u128, boolean, address; gives field, group, scalar, i64, u128, boolean, address. */
  literals(
    r0_field: bigint,
    r1_group: bigint,
    r2_scalar: bigint,
    r3_i64: bigint,
    r4_u128: bigint,
    r5_boolean: boolean,
    r6_address: string,
  ): TypedCall<readonly [bigint, bigint, bigint, bigint, bigint, boolean, string]>;
  /** Takes promise; gives Record.record, typed_call.record, my_point, promise, my_point, promise, my_point, promise, my_point. */
  many_outputs_with_a_long_name(
    r0_promise: Promise2,
  ): TypedCall<
    readonly [RecordData, TypedCallData, MyPoint, Promise2, MyPoint, Promise2, MyPoint, Promise2, MyPoint]
  >;
}

/**
 * Every type, and names that TypeScript has other uses for. Bindings in everything.ts are made from it.
 *
 * `everything.aleo`, bound to an account.
 */
export type EverythingProgram = TypedProgram<Functions, Records>;

export const EverythingProgram = defineBindings<Functions, Records>(
  '0x2156de7ab9e213fbef2821d9d0f729fd040be51798ce1078149c6f2c1af7107f',
  `// Every type, and names that TypeScript has other uses for. Bindings in everything.ts are made from it.
program everything.aleo;

struct promise:
    x as i8;
    y as i128;

struct my_point:
    at as promise;
    on as boolean;

struct MyPoint:
    at as [promise; 2u32];

record typed_call:
    owner as address.private;

record Record:
    owner as address.private;
    toString as u64.private;
    of as my_point.private;

record r_with_thirty_one_characters_xy:
    owner as address.private;

record Functions:
    owner as address.private;

function delete:
    input r0 as typed_call.record;
    input r1 as Record.record;
    input r2 as my_point.private;
    assert.eq r1.of.on r2.on;

function toString:
    input r0 as [u8; 4u32].private;
    input r1 as [[boolean; 2u32]; 2u32].public;
    input r2 as MyPoint.private;
    output r2 as MyPoint.private;
    output r1[1u32] as [boolean; 2u32].private;
    output r0[3u32] as u8.private;

function literals:
    input r0 as field.private;
    input r1 as group.private;
    input r2 as scalar.private;
    input r3 as i64.private;
    input r4 as u128.private;
    input r5 as boolean.private;
    input r6 as address.private;
    output r0 as field.private;
    output r1 as group.private;
    output r2 as scalar.private;
    output r3 as i64.private;
    output r4 as u128.private;
    output r5 as boolean.private;
    output r6 as address.private;

function many_outputs_with_a_long_name:
    input r0 as promise.private;
    cast r0 true into r1 as my_point;
    cast self.signer 1u64 r1 into r2 as Record.record;
    cast self.signer into r3 as typed_call.record;
    output r2 as Record.record;
    output r3 as typed_call.record;
    output r1 as my_point.private;
    output r0 as promise.private;
    output r1 as my_point.private;
    output r0 as promise.private;
    output r1 as my_point.private;
    output r0 as promise.private;
    output r1 as my_point.private;
`,
  { file: 'test/unit/cli/bindings/everything.aleo' },
);
