/**
 * Programs recorded from snarkVM one by one: text, names, types, registers, instructions and calls, and one program with an
 * edit in every place. Each is accepted or refused as there, read as there, and computes the same. Differences are named
 * with their reasons in test/support/snarkvm/differences.ts.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CheckedProgram } from '../../../program/check/checked.ts';
import { checkProgram } from '../../../program/check/checker.ts';
import { compileProgram, type Program } from '../../../program/compile/artifact.ts';
import { HaltError, ProgramError } from '../../../program/diagnostics/errors.ts';
import { interpret } from '../../../program/run/interpreter.ts';
import { parseProgram } from '../../../program/syntax/parser.ts';
import { printProgram } from '../../../program/syntax/printer.ts';
import { decodeValue, encodeValue, type PlainValue } from '../../../program/values/values.ts';
import { AzaleaError } from '../../../protocol/errors.ts';
import { CONTEXT, forge } from '../../support/program/programs.ts';
import { PROGRAM_DIFFERENCES, programDifference } from '../../support/snarkvm/differences.ts';
import { type RecordedCase, recordedCases } from '../../support/snarkvm/programs.ts';

const CASES = recordedCases();
const used = new Set<unknown>();

interface Reading {
  readonly program: CheckedProgram;
  readonly printed: string;
}

function textOf(recorded: string): string {
  return recorded.replaceAll('NAME.aleo', 'test.aleo');
}

function read(text: string): Reading | ProgramError {
  const source = { name: 'test.aleo', text };
  try {
    const node = parseProgram(source);
    return { program: checkProgram(source, node), printed: printProgram(node) };
  } catch (error) {
    if (error instanceof ProgramError) return error;
    throw error;
  }
}

/** Checked and interpreted, but in no circuit: the code of the refusal. */
const NOT_COMPILED: Readonly<Record<string, string>> = {
  'a field to the power of zero': 'PROGRAM_UNSUPPORTED',
};

function compile(text: string): Program | ProgramError {
  try {
    return compileProgram(text);
  } catch (error) {
    if (error instanceof ProgramError) return error;
    throw error;
  }
}

/** Asserts that a case which is not as in snarkVM falls under a named difference. */
function differs(
  kind: 'refused' | 'accepted' | 'read' | 'computed',
  recorded: RecordedCase,
  found: string,
): void {
  const difference = programDifference(kind, recorded);
  assert.ok(difference, `${recorded.name}: ${found}\n${recorded.source.slice(0, 1000)}`);
  used.add(difference);
}

/** As snarkVM prints it, but for line feeds. */
function shown(value: PlainValue): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return `[ ${value.map(shown).join(', ')} ]`;
  const members = Object.entries(value).map(([name, member]) => `${name}: ${shown(member)}`);
  return `{ ${members.join(', ')} }`;
}

/** Outputs of a call of `f`, by the interpreter; the bytecode must have the same honest trace or none. */
function call(
  program: CheckedProgram,
  compiled: Program | ProgramError,
  inputs: readonly string[],
): readonly string[] | 'halt' | 'refused' {
  const fn = program.functions.find(({ name }) => name === 'f');
  assert.ok(fn !== undefined);
  let values: ReturnType<typeof encodeValue>[];
  try {
    values = inputs.map((text, i) => encodeValue(text, fn.inputs[i].type, program.types));
  } catch (error) {
    if (error instanceof AzaleaError) return 'refused';
    throw error;
  }
  let outputs: readonly string[] | 'halt';
  try {
    outputs = interpret(program, fn, values, CONTEXT).outputs.map((output) =>
      shown(decodeValue(output, program.types)),
    );
  } catch (error) {
    if (!(error instanceof HaltError)) throw error;
    outputs = 'halt';
  }
  if (compiled instanceof ProgramError) {
    assert.ok(compiled.code !== 'PROGRAM_ALWAYS_HALTS' || outputs === 'halt', compiled.message);
    return outputs;
  }
  const trace = forge(compiled, values, new Map());
  assert.equal(trace === undefined, outputs === 'halt', `${inputs.join(' ')}: the bytecode says another`);
  return outputs;
}

function replay(recorded: RecordedCase): void {
  const reading = read(textOf(recorded.source));
  if (reading instanceof ProgramError) {
    if (!recorded.accepted) return;
    differs('refused', recorded, reading.message);
    const codes = programDifference('refused', recorded)?.codes ?? [];
    assert.ok(codes.includes(reading.code), `${recorded.name}: ${reading.message}`);
    return;
  }
  if (!recorded.accepted) {
    differs('accepted', recorded, 'snarkVM refuses it');
    return;
  }
  if (recorded.printed !== undefined) {
    const again = read(textOf(recorded.printed));
    if (again instanceof ProgramError) differs('read', recorded, again.message);
    else if (again.printed !== reading.printed) differs('read', recorded, again.printed);
  }
  if (recorded.calls === undefined) return;
  const compiled = compile(textOf(recorded.source));
  if (compiled instanceof ProgramError) {
    const { code } = compiled;
    assert.ok(code === 'PROGRAM_ALWAYS_HALTS' || NOT_COMPILED[recorded.name] === code, compiled.message);
  }
  for (const [inputs, expected] of recorded.calls) {
    const found = call(reading.program, compiled, inputs);
    if (JSON.stringify(found) !== JSON.stringify(expected)) {
      differs(
        'computed',
        recorded,
        `${inputs.join(' ')}: ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`,
      );
    }
  }
}

describe('programs are accepted, read and run as by snarkVM', () => {
  for (const group of new Set(CASES.map((recorded) => recorded.group))) {
    test(group, () => {
      for (const recorded of CASES) if (recorded.group === group) replay(recorded);
    });
  }

  test('every named difference is one', () => {
    for (const difference of PROGRAM_DIFFERENCES) assert.ok(used.has(difference), difference.reason);
  });

  test('the corpus holds what it should', () => {
    assert.ok(CASES.length >= 3500, String(CASES.length));
    assert.ok(CASES.filter(({ accepted }) => accepted).length >= 800);
    assert.ok(CASES.flatMap(({ calls }) => calls ?? []).length >= 150);
  });
});
