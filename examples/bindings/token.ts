// Made from token.aleo by `azalea codegen`. Do not edit it: make it again.
import {
  defineBindings,
  type RecordArgument,
  type TypedCall,
  type TypedProgram,
  type TypedRecord,
} from '../../pxe/client/typed-program.ts';

/** Members of a record `token`. */
export interface TokenData {
  readonly owner: string;
  readonly amount: bigint;
}

/** A record `token` that the wallet holds. */
export type Token = TypedRecord<'token.aleo/token', TokenData>;

/** Its record types by name. */
export interface Records {
  readonly token: Token;
}

/** Its functions. Arguments are named as in the program. */
export interface Functions {
  /** Takes address, u64; gives token.record. */
  mint(r0: string, r1: bigint): TypedCall<readonly [TokenData]>;
  /** Takes token.record, address, u64; gives token.record, token.record. */
  transfer(r0: RecordArgument<Token>, r1: string, r2: bigint): TypedCall<readonly [TokenData, TokenData]>;
  /** Takes token.record, token.record; gives token.record. */
  join(r0: RecordArgument<Token>, r1: RecordArgument<Token>): TypedCall<readonly [TokenData]>;
  /** Takes token.record, u64; gives token.record, token.record. */
  split(r0: RecordArgument<Token>, r1: bigint): TypedCall<readonly [TokenData, TokenData]>;
  /** Takes token.record, u64; gives token.record. */
  burn(r0: RecordArgument<Token>, r1: bigint): TypedCall<readonly [TokenData]>;
}

/** `token.aleo`, bound to an account. */
export type TokenProgram = TypedProgram<Functions, Records>;

export const TokenProgram = defineBindings<Functions, Records>(
  '0x1557d09887c34c43ecffa543aee6ad2d862c97dd251eb8a01129af0ab0c42e2d',
  `program token.aleo;

record token:
    owner as address.private;
    amount as u64.private;

function mint:
    input r0 as address.private;
    input r1 as u64.private;
    cast r0 r1 into r2 as token.record;
    output r2 as token.record;

function transfer:
    input r0 as token.record;
    input r1 as address.private;
    input r2 as u64.private;
    sub r0.amount r2 into r3;
    cast r1 r2 into r4 as token.record;
    cast r0.owner r3 into r5 as token.record;
    output r4 as token.record;
    output r5 as token.record;

function join:
    input r0 as token.record;
    input r1 as token.record;
    add r0.amount r1.amount into r2;
    cast r0.owner r2 into r3 as token.record;
    output r3 as token.record;

function split:
    input r0 as token.record;
    input r1 as u64.private;
    sub r0.amount r1 into r2;
    cast r0.owner r1 into r3 as token.record;
    cast r0.owner r2 into r4 as token.record;
    output r3 as token.record;
    output r4 as token.record;

function burn:
    input r0 as token.record;
    input r1 as u64.private;
    sub r0.amount r1 into r2;
    cast r0.owner r2 into r3 as token.record;
    output r3 as token.record;
`,
);
