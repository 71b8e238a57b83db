/** The syntax tree of a program. */

import type { LiteralType, Visibility } from '../values/types.ts';
import type { Span } from './source.ts';

export interface Identifier {
  readonly name: string;
  readonly span: Span;
}

/** A type as written; `named` is a struct until the checker has looked it up. */
export type TypeNode =
  | { readonly kind: 'literal'; readonly name: LiteralType; readonly span: Span }
  | { readonly kind: 'struct'; readonly name: string; readonly span: Span }
  | { readonly kind: 'record'; readonly name: string; readonly span: Span }
  | { readonly kind: 'array'; readonly element: TypeNode; readonly length: number; readonly span: Span };

/** One step into a value: `.member` or `[3u32]`. */
export type PathStep =
  | { readonly kind: 'member'; readonly name: string; readonly span: Span }
  | { readonly kind: 'element'; readonly index: number; readonly span: Span };

export type Operand =
  | { readonly kind: 'literal'; readonly type: LiteralType; readonly value: bigint; readonly span: Span }
  | {
      readonly kind: 'register';
      readonly register: number;
      readonly path: readonly PathStep[];
      readonly span: Span;
    }
  | { readonly kind: 'self'; readonly name: 'caller' | 'signer'; readonly span: Span };

export interface Destination {
  readonly register: number;
  readonly span: Span;
}

export interface Instruction {
  readonly opcode: string;
  readonly opcodeSpan: Span;
  /** Of `call`: the program (without `.aleo`; none: this one) and the function or closure. */
  readonly callee?: { readonly program?: string; readonly name: string; readonly span: Span };
  readonly operands: readonly Operand[];
  /** One at most, but for the call of a closure. */
  readonly destinations: readonly Destination[];
  /** Of `cast` and `hash.*`: the type after `as`. */
  readonly as?: TypeNode;
  /** `as group.x` or `as group.y`, in place of a type: that coordinate of a group element, as a field element. */
  readonly coordinate?: 'x' | 'y';
  readonly span: Span;
}

export interface MemberNode {
  readonly name: Identifier;
  readonly type: TypeNode;
  readonly visibility?: Visibility;
}

export interface StructNode {
  readonly kind: 'struct';
  readonly name: Identifier;
  readonly members: readonly MemberNode[];
}

export interface RecordNode {
  readonly kind: 'record';
  readonly name: Identifier;
  readonly members: readonly MemberNode[];
}

export interface InputNode {
  readonly register: Destination;
  readonly type: TypeNode;
  /** Absent for records and in closures. */
  readonly visibility?: Visibility;
  readonly span: Span;
}

export interface OutputNode {
  readonly operand: Operand;
  readonly type: TypeNode;
  readonly visibility?: Visibility;
  readonly span: Span;
}

interface CodeNode {
  readonly name: Identifier;
  readonly inputs: readonly InputNode[];
  readonly instructions: readonly Instruction[];
  readonly outputs: readonly OutputNode[];
}

/** A function, or a closure: instructions that functions of the program share. */
export type FunctionNode = CodeNode & ({ readonly kind: 'function' } | { readonly kind: 'closure' });

export type Declaration = StructNode | RecordNode | FunctionNode;

export interface ProgramNode {
  /** Names of imported programs without `.aleo`. */
  readonly imports: readonly Identifier[];
  /** Without `.aleo`. */
  readonly name: Identifier;
  readonly declarations: readonly Declaration[];
}
