/**
 * Meaning and bytecode agree. For every call that the interpreter accepts, the evaluator gives the same outputs and the AVM
 * core's constraints hold. A call that halts has no trace, and its honest values fail a constraint.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkAvm } from '../../avm/check.ts';
import { evaluate } from '../../avm/evaluate.ts';
import { checkProgram } from '../../program/check/checker.ts';
import { compileProgram, type Program } from '../../program/compile/artifact.ts';
import { ProgramError } from '../../program/diagnostics/errors.ts';
import { interpret } from '../../program/run/interpreter.ts';
import { simulate } from '../../program/run/simulate.ts';
import { parseProgram } from '../../program/syntax/parser.ts';
import { avmArguments, CONTEXT, evaluationInputs, forge, programOf } from '../support/program/programs.ts';
import { type RandomCall, randomCall, singleInstruction } from '../support/program/random-program.ts';
import { SHAPES } from '../support/program/shapes.ts';

/** Random programs; set AZALEA_FUZZ_RUNS for a long search. */
const RUNS = Number(process.env.AZALEA_FUZZ_RUNS ?? 150);

const counts = { proven: 0, halted: 0, always: 0, large: 0 };

const compiled = new Map<string, ReturnType<typeof compileNew>>();

function compileCall(call: RandomCall): ReturnType<typeof compileNew> {
  const known = compiled.get(call.body) ?? compileNew(call);
  compiled.set(call.body, known);
  return known;
}

function compileNew({
  body,
  declarations,
}: RandomCall): Program | 'PROGRAM_ALWAYS_HALTS' | 'PROGRAM_CAPACITY' {
  try {
    return compileProgram(programOf(body, declarations), 'random.aleo');
  } catch (error) {
    assert.ok(error instanceof ProgramError, String(error));
    const { code } = error;
    assert.ok(code === 'PROGRAM_ALWAYS_HALTS' || code === 'PROGRAM_CAPACITY', error.message);
    return code;
  }
}

function halts(program: Program, call: RandomCall): boolean {
  const { checked } = program.functions.get('f')!;
  try {
    interpret(program.checked, checked, call.inputs, CONTEXT);
    return false;
  } catch (error) {
    assert.match(String((error as { code?: string }).code), /^HALT_/);
    return true;
  }
}

/** Returns whether a program that the compiler refuses halts on the inputs. */
function haltsUncompiled({ body, declarations, inputs }: RandomCall): boolean {
  const source = { name: 'random.aleo', text: programOf(body, declarations) };
  const checked = checkProgram(source, parseProgram(source));
  try {
    interpret(checked, checked.functions[0], inputs, CONTEXT);
    return false;
  } catch (error) {
    return String((error as { code?: string }).code).startsWith('HALT_');
  }
}

function agree(call: RandomCall): void {
  const program = compileCall(call);
  if (program === 'PROGRAM_CAPACITY') {
    counts.large++;
    return;
  }
  if (program === 'PROGRAM_ALWAYS_HALTS') {
    counts.always++;
    assert.ok(haltsUncompiled(call), 'the compiler refuses a program that does not halt');
    return;
  }
  const fn = program.functions.get('f')!;
  const given = evaluationInputs(program, call.inputs);
  if (halts(program, call)) {
    counts.halted++;
    assert.throws(() => evaluate(fn.lowered, given), { code: 'TRACE_UNSATISFIABLE' });
    assert.equal(forge(program, call.inputs, new Map()), undefined, 'a halting call passes the constraints');
    return;
  }
  counts.proven++;
  const { trace, recordOutputs, outputs } = simulate(program, 'f', call.inputs, CONTEXT);
  assert.equal(outputs.filter(({ type }) => type.kind === 'record').length, recordOutputs.length);
  const check = checkAvm(fn.bytecode, avmArguments(given), trace);
  assert.ok(check.ok, check.ok ? '' : check.constraint);
  recordOutputs.forEach(({ owner, data }, i) => {
    assert.equal(check.outputs.recordOutputOwner[i], owner);
    assert.deepEqual(check.outputs.recordOutputData[i].slice(0, data.length), data);
  });
}

test('each instruction alone, every type, edges often', () => {
  for (const shape of SHAPES) {
    fc.assert(fc.property(singleInstruction(shape), agree), { numRuns: 10 * Math.min(3, shape.on.length) });
  }
  assert.ok(counts.proven > 500 && counts.halted > 100, JSON.stringify(counts));
});

test('random programs of several instructions', () => {
  const before = { ...counts };
  fc.assert(fc.property(randomCall(7), agree), { numRuns: RUNS });
  assert.ok(counts.proven - before.proven > RUNS / 6, JSON.stringify(counts));
  assert.ok(counts.halted - before.halted > RUNS / 20, JSON.stringify(counts));
});
