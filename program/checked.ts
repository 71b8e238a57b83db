/** A checked program: names and registers resolved, every operand typed. What interpreter and lowering work on. */
import type { InstructionRule } from './instructions/rule.ts';
import type { SourceFile, Span } from './source.ts';
import type { Instruction, ProgramNode } from './syntax/ast.ts';
import type { TypeTable, ValueType, Visibility } from './types.ts';

/** Where an operand's leaves come from. */
export type CheckedOperand =
  | { readonly kind: 'literal'; readonly type: ValueType; readonly value: bigint }
  | { readonly kind: 'self'; readonly type: ValueType; readonly name: 'caller' | 'signer' }
  | {
      readonly kind: 'register';
      readonly type: ValueType;
      readonly register: number;
      /** Leaves [offset, offset + length) of the register's value. */
      readonly offset: number;
      readonly length: number;
    };

export interface CheckedInstruction {
  readonly node: Instruction;
  readonly rule: InstructionRule;
  readonly operands: readonly CheckedOperand[];
  /** Register and type written, if any. */
  readonly result?: { readonly register: number; readonly type: ValueType };
}

export interface CheckedInput {
  readonly register: number;
  readonly type: ValueType;
  readonly visibility?: Visibility;
  readonly span: Span;
}

export interface CheckedOutput {
  readonly operand: CheckedOperand;
  readonly type: ValueType;
  readonly visibility?: Visibility;
  readonly span: Span;
}

export interface CheckedFunction {
  readonly name: string;
  readonly inputs: readonly CheckedInput[];
  readonly instructions: readonly CheckedInstruction[];
  readonly outputs: readonly CheckedOutput[];
}

/** A thing that is allowed but may surprise. */
export interface ProgramWarning {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface CheckedProgram {
  readonly source: SourceFile;
  readonly node: ProgramNode;
  /** Without `.aleo`. */
  readonly name: string;
  readonly types: TypeTable;
  readonly functions: readonly CheckedFunction[];
  readonly warnings: readonly ProgramWarning[];
}
