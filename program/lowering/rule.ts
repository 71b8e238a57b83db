/** Input and output of a lowering rule. One family of instructions per file; rules never touch slots or indexes. */
import type { WideWidth } from '../../avm/function.ts';
import {
  isUnsignedType,
  type LiteralType,
  literalName,
  type Typed,
  UNSIGNED_WIDTH,
  type UnsignedType,
  type ValueType,
} from '../values/types.ts';
import type { Builder } from './builder.ts';
import type { Wire } from './wire.ts';

export interface LowerContext {
  readonly builder: Builder;
  readonly opcode: string;
  readonly operands: readonly Typed<Wire>[];
  readonly result: ValueType | undefined;
  /** Sets the function's message to L1. */
  send(words: readonly Wire[]): void;
}

/** Leaves of the result, [] when there is none. Operands keep the invariants of their types, results must too. */
export type LoweringRule = (context: LowerContext) => readonly Wire[];

/**
 * A rule over single literals. `width`: bits of the first operand's type if that is an unsigned integer, else undefined;
 * `types`: of all operands. A rule that takes signed integers or group elements must look at `types`.
 */
export function onLiterals(
  lower: (
    builder: Builder,
    operands: readonly Wire[],
    width: WideWidth | undefined,
    types: readonly LiteralType[],
  ) => Wire,
): LoweringRule {
  return ({ builder, operands }) => {
    const types = operands.map(({ type }) => literalName(type)!);
    return [
      lower(
        builder,
        operands.map(({ leaves }) => leaves[0]),
        widthOf(types[0]),
        types,
      ),
    ];
  };
}

/** Bits of an unsigned integer type, undefined for any other type. */
export function widthOf(type: string): WideWidth | undefined {
  return isUnsignedType(type) ? UNSIGNED_WIDTH[type satisfies UnsignedType] : undefined;
}
