/**
 * A function of the AVM before routing (docs/specification.md, section 8): lowering produces it, the assembler
 * turns it into committed bytecode, and the evaluator runs it.
 */

import type { SizeClass } from '../protocol/constants.ts';

/** A readable value. `context`: signer.x, caller, programId. */
export type Source =
  | { readonly kind: 'zero' }
  | { readonly kind: 'one' }
  | { readonly kind: 'input'; readonly index: number }
  | { readonly kind: 'constant'; readonly index: number }
  | { readonly kind: 'record'; readonly record: number; readonly word: number }
  | { readonly kind: 'context'; readonly name: 'signer' | 'caller' | 'programId' }
  | { readonly kind: 'advice'; readonly index: number }
  | { readonly kind: 'row'; readonly index: number }
  | { readonly kind: 'wide'; readonly index: number; readonly output: 'and' | 'topA' | 'topB' }
  | { readonly kind: 'hash'; readonly index: number }
  | { readonly kind: 'group'; readonly index: number; readonly output: 'x' | 'y' };

/** One row. A missing operand is unread: any leftover wire may be routed there, so flags must make it irrelevant. */
export interface Row {
  readonly one?: boolean;
  /** Sign of operand c: 1, -1 or 0 (c is not used). */
  readonly c?: 1 | -1 | 0;
  readonly select?: boolean;
  readonly equal?: boolean;
  readonly advice?: boolean;
  readonly assert?: boolean;
  readonly boolean?: boolean;
  readonly operands: { readonly a?: Source; readonly b?: Source; readonly c?: Source };
}

export type WideWidth = 1 | 8 | 16 | 32 | 64 | 128;

/** One wide slot. A half without a width decomposes 0 and reads nothing. */
export interface WideSlot {
  readonly widthA?: WideWidth;
  readonly widthB?: WideWidth;
  readonly compare?: boolean;
  readonly checkA?: boolean;
  readonly checkB?: boolean;
  readonly operands: { readonly a?: Source; readonly b?: Source };
}

/** One Poseidon(4) slot. Missing inputs read zero. */
export interface HashSlot {
  readonly cap: Source;
  readonly inputs: readonly (Source | undefined)[];
}

/** One group slot: scalar (below 2^251) times the point of the prime-order subgroup with this x. */
export interface GroupSlot {
  readonly x: Source;
  readonly scalar: Source;
}

export interface RecordInputSlot {
  /** Record name as a field element. */
  readonly name: bigint;
}

export interface RecordOutputSlot {
  readonly name: bigint;
  readonly owner: Source;
  /** At most RECORD_WORDS; missing words read zero. */
  readonly data: readonly Source[];
}

export interface AvmFunction {
  readonly rows: readonly Row[];
  readonly wide: readonly WideSlot[];
  readonly hash: readonly HashSlot[];
  /** Absent: none. */
  readonly group?: readonly GroupSlot[];
  readonly constants: readonly bigint[];
  /** Number of plain input elements; they fill input slots 0..n-1. */
  readonly inputCount: number;
  readonly adviceCount: number;
  readonly recordInputs: readonly RecordInputSlot[];
  readonly recordOutputs: readonly RecordOutputSlot[];
  readonly message?: readonly [Source, Source, Source];
}

/** Committed form of a function. */
export interface Bytecode {
  readonly sizeClass: SizeClass;
  /** All bits in the order of docs/specification.md, section 8. */
  readonly bits: Uint8Array;
  /** Padded to the size's capacity. */
  readonly constants: readonly bigint[];
  readonly recordInputNames: readonly bigint[];
  readonly recordOutputNames: readonly bigint[];
  /** hash(BYTECODE, ...) */
  readonly hash: bigint;
}

export interface GroupTrace {
  readonly x: bigint;
  readonly y: bigint;
  readonly preimage: { readonly x: bigint; readonly y: bigint };
}

/** Values of every source that is not determined by the caller: the witness of the circuit beside the inputs. */
export interface AvmTrace {
  readonly advice: readonly bigint[];
  readonly rows: readonly bigint[];
  readonly wide: readonly { readonly and: bigint; readonly topA: bigint; readonly topB: bigint }[];
  readonly hash: readonly bigint[];
  /** Per group slot of the function its result and P' with 8 P' the point multiplied; absent: none. */
  readonly group?: readonly GroupTrace[];
}
