/** Lowering, version 1 (protocol/constants.ts): a checked function becomes a function of the AVM. Released versions are frozen. */

import type { Source } from '../../avm/function.ts';
import type { LoweredFunction } from '../../avm/lowered-function.ts';
import { nameToField } from '../../protocol/program-id.ts';
import { failIn } from '../check/check-types.ts';
import type { CheckedFunction, CheckedProgram } from '../check/checked.ts';
import { execute } from '../check/execute.ts';
import type { LiteralType, Typed, TypeTable } from '../values/types.ts';
import { AlwaysHalts, Builder } from './builder.ts';
import { emit, type Graph } from './emit.ts';
import { assertType, trustType } from './invariant.ts';
import { LOWERING } from './rules/registry.ts';
import { Unsupported } from './unsupported.ts';
import type { Wire } from './wire.ts';

/**
 * Lowers one function of a checked program.
 * @throws ProgramError PROGRAM_ALWAYS_HALTS for a condition that no input can meet, PROGRAM_UNSUPPORTED for operands that an
 * instruction cannot have here
 */
export function lowerFunction(program: CheckedProgram, fn: CheckedFunction): LoweredFunction {
  const builder = new Builder();
  const inputs = lowerInputs(fn, program.types, builder);
  let message: readonly Wire[] | undefined;
  const outputs = execute<Wire>(fn, inputs.values, {
    literal: (value) => builder.constant(value),
    self: (name) => builder.given({ kind: 'context', name }),
    run: ({ node, rule, result }, operands) => {
      builder.origin++;
      try {
        return LOWERING.get(rule.opcode)!({
          builder,
          opcode: rule.opcode,
          operands,
          result: result?.type,
          send: (words) => {
            message = words;
          },
        });
      } catch (error) {
        if (error instanceof Unsupported) {
          return failIn(program.source)('PROGRAM_UNSUPPORTED', node.span, error.message, error.hint);
        }
        if (!(error instanceof AlwaysHalts)) throw error;
        return failIn(program.source)(
          'PROGRAM_ALWAYS_HALTS',
          node.span,
          `this instruction always halts: ${error.message}`,
          'no call of this function could succeed; change its operands',
        );
      }
    },
  });
  const recordOutputs: Graph['recordOutputs'][number][] = [];
  for (const { type, leaves } of outputs) {
    if (type.kind !== 'record') continue;
    const [owner, ...data] = leaves;
    recordOutputs.push({ name: nameToField(type.name), owner, data });
  }
  return emit({
    effects: builder.effects,
    recordInputs: inputs.recordNames,
    recordOutputs,
    message,
    inputCount: inputs.count,
  });
}

/**
 * Plain inputs fill the input slots leaf by leaf, records the record slots, both in order. Plain integers and booleans are
 * checked here. The words of a consumed record are trusted: this program checked them when it made the record, or the record
 * comes from an L1 deposit. A record's owner is the signer.
 */
function lowerInputs(
  fn: CheckedFunction,
  types: TypeTable,
  builder: Builder,
): { values: Typed<Wire>[]; count: number; recordNames: bigint[] } {
  let count = 0;
  const recordNames: bigint[] = [];
  const typed = (source: Source, type: LiteralType, trusted: boolean): Wire => {
    const wire = builder.given(source);
    if (trusted) trustType(builder, wire, type);
    else assertType(builder, wire, type);
    return wire;
  };
  const values = fn.inputs.map(({ type }): Typed<Wire> => {
    const leaves = types.flatten(type);
    if (type.kind !== 'record') {
      return { type, leaves: leaves.map((leaf) => typed({ kind: 'input', index: count++ }, leaf, false)) };
    }
    const record = recordNames.push(nameToField(type.name)) - 1;
    const signer = builder.given({ kind: 'context', name: 'signer' });
    const data = leaves.slice(1).map((leaf, word) => typed({ kind: 'record', record, word }, leaf, true));
    return { type, leaves: [signer, ...data] };
  });
  return { values, count, recordNames };
}
