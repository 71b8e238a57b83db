/**
 * Attacks one call of a compiled program. Meaning, trace and constraints agree; a halting call has no proof; no forged
 * advice gives other outputs; no input outside its type passes.
 */
import assert from 'node:assert/strict';
import { checkAvm } from '../../../avm/check.ts';
import { type EvaluationInputs, evaluate } from '../../../avm/evaluate.ts';
import type { AvmTrace } from '../../../avm/function.ts';
import { type AvmWitness, avmWitness } from '../../../avm/witness.ts';
import type { Program } from '../../../program/compile/artifact.ts';
import { type CallContext, interpret } from '../../../program/run/interpreter.ts';
import { simulate } from '../../../program/run/simulate.ts';
import type { Typed } from '../../../program/values/types.ts';
import { AVM_SIZE } from '../../../protocol/constants.ts';
import type { Random } from '../avm/functions.ts';
import { violations } from '../avm/violations.ts';
import { avmArguments, evaluationInputs } from '../program/programs.ts';
import { drawWrongLeaf } from '../program/random-values.ts';
import { type ForgeryFound, searchForgery } from './forge-search.ts';

export interface CheckedCall {
  readonly halts: boolean;
  readonly given: EvaluationInputs;
  /** The honest trace, or the best effort of a call that halts. */
  readonly trace: AvmTrace;
  /** Witnesses tried by the forger. */
  readonly tried: number;
  readonly harmless: number;
  /** Some forgeries that were refused. */
  readonly refused: readonly ForgeryFound[];
}

export interface CheckCallOptions {
  readonly program: Program;
  readonly name: string;
  readonly inputs: readonly Typed<bigint>[];
  readonly context: CallContext;
  readonly random: Random;
  /** Forged witnesses to try; 0: none. */
  readonly budget: number;
  readonly keep?: number;
}

/** @throws AssertionError naming the forgery or the disagreement */
export function checkCall(options: CheckCallOptions): CheckedCall {
  const { program, name, inputs, context, random, keep } = options;
  const fn = program.functions.get(name)!;
  const { lowered } = fn;
  // A product of a point and a scalar takes as long as hundreds of rows.
  const budget = Math.ceil(options.budget / (1 + 9 * (lowered.fn.group?.length ?? 0)));
  const given = evaluationInputs(program, inputs, context);
  const honest = run(options);
  const { trace } = evaluate(lowered, given, { advice: new Map() });
  const check = checkAvm(fn.bytecode, avmArguments(given), trace);
  const broken = violations(lowered.fn, given, trace);
  assert.equal(check.ok, broken.length === 0, 'with and without the network, the constraints differ');
  if (honest === undefined) {
    assert.throws(() => evaluate(lowered, given), { code: 'TRACE_UNSATISFIABLE' });
    assert.ok(broken.length > 0, 'a call that halts satisfies the constraints');
  } else {
    assert.deepEqual(
      broken.map((violation) => violation.name),
      [],
      'an honest call breaks constraints',
    );
  }
  const outcome = { halts: honest === undefined, given, trace };
  if (budget === 0) return { ...outcome, tried: 0, harmless: 0, refused: [] };
  const search = searchForgery({ lowered, given, honest, random, budget, keep });
  assert.equal(describe(search.found), undefined, 'forged advice passes');
  let { tried } = search;
  const wrong = withWrongLeaf(options);
  if (wrong !== undefined) {
    const bad = evaluationInputs(program, wrong, context);
    const outside = searchForgery({ lowered, given: bad, honest: undefined, random, budget: budget / 4 });
    assert.equal(
      describe(outside.found),
      undefined,
      `inputs ${wrong.map(({ leaves }) => leaves.join(',')).join(' ')} are outside their types, but pass`,
    );
    tried += outside.tried;
  }
  return { ...outcome, tried, harmless: search.harmless, refused: search.refused };
}

/** The witness of a trace, as the core takes it. */
export function witnessOf(
  program: Program,
  name: string,
  given: EvaluationInputs,
  trace: AvmTrace,
): AvmWitness {
  const { bytecode } = program.functions.get(name)!;
  return avmWitness(bytecode, avmArguments(given), trace, AVM_SIZE[bytecode.sizeClass]);
}

/** Returns the outputs of program and trace; undefined if the call halts. */
function run({ program, name, inputs, context }: CheckCallOptions): ReturnType<typeof simulate> | undefined {
  try {
    interpret(program.checked, program.functions.get(name)!.checked, inputs, context);
  } catch (error) {
    if (/^HALT_/.test(String((error as { code?: string }).code))) return undefined;
    throw error;
  }
  return simulate(program, name, inputs, context);
}

function describe(found: ForgeryFound | undefined): string | undefined {
  return found === undefined
    ? undefined
    : [...found.advice].map(([index, value]) => `advice ${index} = ${value}`).join(', ') || 'honest advice';
}

/** The inputs with one plain leaf outside its type; undefined if every leaf may be anything. */
function withWrongLeaf({ program, inputs, random }: CheckCallOptions): Typed<bigint>[] | undefined {
  const places = inputs.flatMap(({ type }, i) =>
    type.kind === 'record' ? [] : program.types.flatten(type).map((leaf, k) => ({ i, k, leaf })),
  );
  if (places.length === 0) return undefined;
  const { i, k, leaf } = random.pick(places);
  const value = drawWrongLeaf(random, leaf);
  if (value === undefined) return undefined;
  return inputs.map((input, at) =>
    at === i ? { ...input, leaves: input.leaves.map((v, n) => (n === k ? value : v)) } : input,
  );
}
