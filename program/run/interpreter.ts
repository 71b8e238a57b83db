/**
 * The interpreter defines the meaning of a program: it runs a checked function on typed plaintext values. A call that it
 * accepts has a proof; a call that halts here has none. Tests hold it against the lowered form.
 */

import { Halt } from '../../avm/halt.ts';
import { decompress } from '../../protocol/curve/point.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import type { CheckedFunction, CheckedOperation, CheckedProgram } from '../check/checked.ts';
import { execute } from '../check/execute.ts';
import { diagnosticAt } from '../diagnostics/diagnostic.ts';
import { HaltError } from '../diagnostics/errors.ts';
import { printInstruction } from '../syntax/printer.ts';
import type { Span } from '../syntax/source.ts';
import { formatLiteral, isLeafOf } from '../values/literal.ts';
import { sameType, showType, type Typed } from '../values/types.ts';

/** Addresses (x coordinates) that the call runs under. */
export interface CallContext {
  readonly signer: bigint;
  readonly caller: bigint;
}

export interface Execution {
  /** All outputs in order; a record's first leaf is its owner. */
  readonly outputs: readonly Typed<bigint>[];
  /** w0, w1, w2 of the message to L1. */
  readonly message: readonly [bigint, bigint, bigint] | undefined;
}

/**
 * Runs `fn` on one value per input.
 * @throws HaltError HALT_OVERFLOW, HALT_DIVISION_BY_ZERO, HALT_ASSERTION, HALT_CAST, HALT_SHIFT, HALT_NO_ROOT, HALT_OWNER: program,
 * function, line and operand values in the message. @throws AzaleaError VALUE_TYPE_MISMATCH, VALUE_OUT_OF_RANGE, VALUE_NOT_OWNED for inputs
 */
export function interpret(
  program: CheckedProgram,
  fn: CheckedFunction,
  inputs: readonly Typed<bigint>[],
  context: CallContext,
): Execution {
  checkInputs(program, fn, inputs, context);
  let message: Execution['message'];
  const outputs = execute<bigint>(fn, inputs, {
    literal: (value) => value,
    self: (name) => context[name],
    run: (instruction, operands) => {
      try {
        const leaves = instruction.rule.evaluate({
          operands,
          result: instruction.result?.type,
          types: program.types,
        });
        if (instruction.node.opcode === 'call') {
          const [w0, w1, w2] = operands.map((operand) => operand.leaves[0]);
          message = [w0, w1, w2];
        }
        return leaves;
      } catch (error) {
        if (!(error instanceof Halt)) throw error;
        throw halted(program, fn, instruction, operands, error);
      }
    },
  });
  outputs.forEach((output, i) => {
    if (output.type.kind === 'record') checkOwner(program, fn, output.leaves[0], fn.outputs[i].span);
  });
  return { outputs, message };
}

function halted(
  program: CheckedProgram,
  fn: CheckedFunction,
  { node }: CheckedOperation,
  operands: readonly Typed<bigint>[],
  halt: Halt,
): HaltError {
  const shown = operands.map((operand) => showLeaves(program, operand));
  return haltAt(program, fn, node.span, {
    code: halt.code,
    problem: halt.message,
    what: `${printInstruction(node)} with ${shown.join(', ')}: ${halt.message}`,
    values: node.operands
      .map(({ kind, span }, i) => (kind === 'literal' ? undefined : `${textOf(program, span)} = ${shown[i]}`))
      .filter((value) => value !== undefined),
  });
}

function haltAt(
  program: CheckedProgram,
  fn: CheckedFunction,
  span: Span,
  halt: {
    readonly code: string;
    readonly problem: string;
    readonly what: string;
    readonly values: readonly string[];
  },
): HaltError {
  const { code, problem, what, values } = halt;
  const note = [...new Set([`in function ${fn.name}`, ...values])].join(', ');
  const diagnostic = diagnosticAt(program.source, span, { severity: 'error', code, problem, note });
  const { file, line, column } = diagnostic.position;
  const isNamed = file !== 'program.aleo' && file !== `${program.name}.aleo`;
  return new HaltError(
    code,
    `${program.name}.aleo/${fn.name} halts at line ${line}${isNamed ? ` of ${file}` : ''}: ${what}`,
    { program: program.name, function: fn.name, file, line, column },
    diagnostic,
  );
}

function textOf({ source }: CheckedProgram, { start, end }: Span): string {
  return source.text.slice(start, end);
}

function showLeaves({ types }: CheckedProgram, { type, leaves }: Typed<bigint>): string {
  const names = types.flatten(type);
  const shown = leaves.map((value, i) => formatLiteral({ type: names[i], value }));
  return type.kind === 'literal' ? shown[0] : `{ ${shown.join(', ')} }`;
}

/** The circuit makes a record only for a point of the prime-order subgroup. */
function checkOwner(program: CheckedProgram, fn: CheckedFunction, owner: bigint, span: Span): void {
  try {
    decompress(owner, 'owner');
  } catch {
    const problem = `the record's owner ${owner} is nobody's address`;
    throw haltAt(program, fn, span, { code: 'HALT_OWNER', problem, what: problem, values: [] });
  }
}

function checkInputs(
  { types }: CheckedProgram,
  fn: CheckedFunction,
  inputs: readonly Typed<bigint>[],
  { signer }: CallContext,
): void {
  const wrong = (code: string, message: string): never => {
    throw new AzaleaError(code, message, { function: fn.name });
  };
  if (inputs.length !== fn.inputs.length) {
    wrong(
      'VALUE_COUNT',
      `${fn.name} takes ${fn.inputs.length} inputs, ${inputs.length} are given: give one value each`,
    );
  }
  fn.inputs.forEach(({ type }, i) => {
    const input = inputs[i];
    const leaves = types.flatten(type);
    if (!sameType(input.type, type) || input.leaves.length !== leaves.length) {
      wrong(
        'VALUE_TYPE_MISMATCH',
        `input ${i} of ${fn.name} is ${showType(type)}, a ${showType(input.type)} of ${input.leaves.length} elements is given`,
      );
    }
    leaves.forEach((leaf, k) => {
      const value = input.leaves[k];
      if (!isLeafOf(leaf, value)) {
        wrong('VALUE_OUT_OF_RANGE', `input ${i} of ${fn.name}: ${value} does not fit ${leaf}`);
      }
    });
    if (type.kind === 'record' && input.leaves[0] !== signer) {
      wrong(
        'VALUE_NOT_OWNED',
        `input ${i} of ${fn.name} is a record of another owner: give one that the signer owns`,
      );
    }
  });
}
