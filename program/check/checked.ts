/** A checked program: names and registers resolved, every operand typed. Interpreter and lowering work on it. */
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { InstructionRule } from '../instructions/rule.ts';
import type { Instruction, ProgramNode } from '../syntax/ast.ts';
import type { SourceFile, Span } from '../syntax/source.ts';
import type { TypeTable, ValueType, Visibility } from '../values/types.ts';

/** The source of an operand's leaves. */
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

export interface CheckedResult {
  readonly register: number;
  readonly type: ValueType;
}

/** An instruction that a rule gives its meaning. */
export interface CheckedOperation {
  readonly kind: 'operation';
  readonly node: Instruction;
  readonly rule: InstructionRule;
  readonly operands: readonly CheckedOperand[];
  /** Register and type written, if any. */
  readonly result?: CheckedResult;
}

/** The call of a closure, which runs in its place. */
export interface CheckedClosureCall {
  readonly kind: 'closure';
  readonly node: Instruction;
  readonly closure: CheckedFunction;
  readonly operands: readonly CheckedOperand[];
  /** One for each output of the closure. */
  readonly results: readonly CheckedResult[];
}

export type CheckedInstruction = CheckedOperation | CheckedClosureCall;

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

/** A function or a closure. */
export interface CheckedFunction {
  readonly name: string;
  readonly inputs: readonly CheckedInput[];
  readonly instructions: readonly CheckedInstruction[];
  readonly outputs: readonly CheckedOutput[];
}

export interface CheckedProgram {
  readonly source: SourceFile;
  readonly node: ProgramNode;
  /** Without `.aleo`. */
  readonly name: string;
  readonly types: TypeTable;
  readonly functions: readonly CheckedFunction[];
  readonly closures: readonly CheckedFunction[];
  /** Things that are allowed but may surprise. */
  readonly warnings: readonly Diagnostic[];
}
