/**
 * Random programs recorded from snarkVM, on the interpreter and as bytecode with its honest trace, their outputs gathered in
 * a record. Both give the same outputs and the same halts.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkProgram } from '../../program/check/checker.ts';
import { compileProgram, type Program } from '../../program/compile/artifact.ts';
import { HaltError, ProgramError } from '../../program/diagnostics/errors.ts';
import { interpret } from '../../program/run/interpreter.ts';
import { parseProgram } from '../../program/syntax/parser.ts';
import type { Typed } from '../../program/values/types.ts';
import { decodeValue, encodeValue } from '../../program/values/values.ts';
import { CONTEXT, forge } from '../support/program/programs.ts';
import { type RecordedProgram, recordedPrograms } from '../support/snarkvm/corpus.ts';

const count = { proven: 0, halted: 0, tooLarge: 0, alwaysHalts: 0 };

/** The program with its plain outputs as the members of a record: plain outputs are not part of a proof. */
function gathered(source: string): string {
  const outputs = [...source.matchAll(/^ {4}output (r\d+) as (\w+)\.public;\n/gm)];
  const members = outputs.map(([, , type], i) => `    d${i} as ${type}.private;\n`).join('');
  const next = Math.max(...[...source.matchAll(/\br(\d+)/g)].map(([, number]) => Number(number))) + 1;
  const words = outputs.map(([, register]) => register).join(' ');
  const body = outputs.reduce((text, [line]) => text.replace(line, ''), source);
  return `${body}    cast self.signer ${words} into r${next} as out.record;\n    output r${next} as out.record;\n`.replace(
    'closure g:',
    `record out:\n    owner as address.private;\n${members}\nclosure g:`,
  );
}

/** Undefined where no circuit holds it, or where the compiler has found that it always halts. */
function compile(source: string, halts: boolean): Program | undefined {
  try {
    return compileProgram(gathered(source));
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    if (error.code === 'PROGRAM_ALWAYS_HALTS') {
      count.alwaysHalts++;
      assert.ok(halts, error.message);
    } else {
      count.tooLarge++;
      assert.equal(error.code, 'PROGRAM_CAPACITY', error.message);
    }
    return undefined;
  }
}

function replay({ source: recorded, calls }: RecordedProgram): void {
  const source = { name: 'random.aleo', text: recorded.replace('NAME.aleo', 'random.aleo') };
  const program = checkProgram(source, parseProgram(source));
  const [fn] = program.functions;
  const compiled = compile(
    source.text,
    calls.every(([, outputs]) => outputs === 'halt'),
  );
  for (const [texts, expected] of calls) {
    const inputs = texts.map((text, i) => encodeValue(text, fn.inputs[i].type, program.types));
    const shown = texts.join(' ');
    let outputs: readonly Typed<bigint>[] | undefined;
    try {
      outputs = interpret(program, fn, inputs, CONTEXT).outputs;
    } catch (error) {
      if (!(error instanceof HaltError)) throw error;
    }
    const texted = outputs?.map((output) => decodeValue(output, program.types)) ?? 'halt';
    assert.deepEqual(texted, expected, shown);
    if (compiled === undefined) continue;
    const proven = forge(compiled, inputs, new Map());
    if (outputs === undefined) {
      count.halted++;
      assert.equal(proven, undefined, `${shown}: a call that halts has a trace`);
    } else {
      count.proven++;
      const words = outputs.flatMap(({ leaves }) => leaves);
      assert.deepEqual(proven?.recordOutputs[0].data.slice(0, words.length), words, shown);
    }
  }
}

describe('random programs give what they give in snarkVM', () => {
  for (const [i, program] of recordedPrograms().entries()) test(`program ${i}`, () => replay(program));

  test('most of them ran as bytecode', () => {
    const { proven, halted, tooLarge } = count;
    assert.ok(proven >= 500 && halted >= 100 && tooLarge < 60, JSON.stringify(count));
  });
});
