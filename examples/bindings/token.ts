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

/** Its functions. Arguments are named by the program's comments, else by register and type. */
export interface Functions {
  /**
   * Makes a token of r1 units for r0.
   *
   * Takes address, u64; gives token.record.
   * @param receiver r0
   * @param amount r1
   */
  mint(receiver: string, amount: bigint): TypedCall<readonly [TokenData]>;
  /**
   * Sends r2 units to r1; the rest returns to the sender.
   *
   * Takes token.record, address, u64; gives token.record, token.record.
   * @param token r0
   * @param receiver r1
   * @param amount r2
   */
  transfer(
    token: RecordArgument<Token>,
    receiver: string,
    amount: bigint,
  ): TypedCall<readonly [TokenData, TokenData]>;
  /**
   * Makes one token of two.
   *
   * Takes token.record, token.record; gives token.record.
   * @param first r0
   * @param second r1
   */
  join(first: RecordArgument<Token>, second: RecordArgument<Token>): TypedCall<readonly [TokenData]>;
  /**
   * Makes two tokens of one: the first holds r1 units.
   *
   * Takes token.record, u64; gives token.record, token.record.
   * @param token r0
   * @param amount r1
   */
  split(token: RecordArgument<Token>, amount: bigint): TypedCall<readonly [TokenData, TokenData]>;
  /**
   * Destroys r1 units; the rest returns to the sender.
   *
   * Takes token.record, u64; gives token.record.
   * @param token r0
   * @param amount r1
   */
  burn(token: RecordArgument<Token>, amount: bigint): TypedCall<readonly [TokenData]>;
}

/**
 * A private token: every caller of mint makes new tokens; a record holds an amount and belongs to its owner.
 *
 * `token.aleo`, bound to an account.
 */
export type TokenProgram = TypedProgram<Functions, Records>;

export const TokenProgram = defineBindings<Functions, Records>(
  '0x1557d09887c34c43ecffa543aee6ad2d862c97dd251eb8a01129af0ab0c42e2d',
  `// A private token: every caller of mint makes new tokens; a record holds an amount and belongs to its owner.
program token.aleo;

record token:
    owner as address.private;
    amount as u64.private;

// Makes a token of r1 units for r0.
function mint:
    input r0 as address.private; // receiver
    input r1 as u64.private; // amount
    cast r0 r1 into r2 as token.record;
    output r2 as token.record;

// Sends r2 units to r1; the rest returns to the sender.
function transfer:
    input r0 as token.record; // token
    input r1 as address.private; // receiver
    input r2 as u64.private; // amount
    sub r0.amount r2 into r3;
    cast r1 r2 into r4 as token.record;
    cast r0.owner r3 into r5 as token.record;
    output r4 as token.record;
    output r5 as token.record;

// Makes one token of two.
function join:
    input r0 as token.record; // first
    input r1 as token.record; // second
    add r0.amount r1.amount into r2;
    cast r0.owner r2 into r3 as token.record;
    output r3 as token.record;

// Makes two tokens of one: the first holds r1 units.
function split:
    input r0 as token.record; // token
    input r1 as u64.private; // amount
    sub r0.amount r1 into r2;
    cast r0.owner r1 into r3 as token.record;
    cast r0.owner r2 into r4 as token.record;
    output r3 as token.record;
    output r4 as token.record;

// Destroys r1 units; the rest returns to the sender.
function burn:
    input r0 as token.record; // token
    input r1 as u64.private; // amount
    sub r0.amount r1 into r2;
    cast r0.owner r2 into r3 as token.record;
    output r3 as token.record;
`,
  { file: 'programs/token.aleo' },
);
