/** The rule of an opcode: its operands, its type rule and its meaning on plain values. Lowering has its own table. */
import type { Instruction } from '../syntax/ast.ts';
import {
  type LiteralType,
  literalName,
  type Typed,
  type TypeTable,
  type ValueType,
} from '../values/types.ts';

export interface CheckContext {
  readonly instruction: Instruction;
  readonly operands: readonly ValueType[];
  /** The type after `as`. */
  readonly as: ValueType | undefined;
  readonly types: TypeTable;
  /** Refuses the instruction; `operand` is the index of the operand at fault. */
  fail(code: string, problem: string, hint: string, operand?: number): never;
}

export interface EvaluateContext {
  readonly operands: readonly Typed<bigint>[];
  readonly result: ValueType | undefined;
  readonly types: TypeTable;
}

export interface InstructionRule {
  readonly opcode: string;
  /** Number of operands; undefined: `check` counts them. */
  readonly arity: number | undefined;
  /** The accepted operands in words, for error messages. */
  readonly takes: string;
  /** True if a destination register is written. */
  readonly hasResult: boolean;
  /** True if `as TYPE` follows. */
  readonly hasAs: boolean;
  /** Result type; undefined when the operand types do not fit. */
  check(context: CheckContext): ValueType | 'none' | undefined;
  /** Leaves of the result. @throws Halt */
  evaluate(context: EvaluateContext): readonly bigint[];
}

/** A rule over literals with one literal result. */
export function literalRule(
  opcode: string,
  arity: number,
  takes: string,
  result: (operands: readonly LiteralType[]) => LiteralType | undefined,
  evaluate: (operands: readonly bigint[], types: readonly LiteralType[]) => bigint,
): InstructionRule {
  return {
    opcode,
    arity,
    takes,
    hasResult: true,
    hasAs: false,
    check({ operands }) {
      const names: LiteralType[] = [];
      for (const type of operands) {
        if (type.kind !== 'literal') return undefined;
        names.push(type.name);
      }
      const name = result(names);
      return name === undefined ? undefined : { kind: 'literal', name };
    },
    evaluate({ operands }) {
      return [
        evaluate(
          operands.map(({ leaves }) => leaves[0]),
          operands.map(({ type }) => literalName(type)!),
        ),
      ];
    },
  };
}

/** Returns whether all names are equal. */
export function allSame(names: readonly string[]): boolean {
  return names.every((name) => name === names[0]);
}
