/** Every recorded call of snarkVM, repeated on the interpreter: the same results, the same halts. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkProgram } from '../../../program/check/checker.ts';
import { HaltError } from '../../../program/diagnostics/errors.ts';
import { interpret } from '../../../program/run/interpreter.ts';
import { parseProgram } from '../../../program/syntax/parser.ts';
import { formatLiteral, isProblem, parseLiteral } from '../../../program/values/literal.ts';
import { literal, literalName, type Typed } from '../../../program/values/types.ts';
import { CONTEXT } from '../../support/program/programs.ts';
import { differenceOf, type RecordedGroup, recordedGroups } from '../../support/snarkvm/corpus.ts';

const groups = recordedGroups();

function sourceOf({ op, types, as, vectors }: RecordedGroup): string {
  const inputs = types.map((type, i) => `    input r${i} as ${type}.private;\n`).join('');
  const operands = types.map((_, i) => `r${i}`).join(' ');
  if (op.startsWith('assert')) return `program t.aleo;\nfunction f:\n${inputs}    ${op} ${operands};\n`;
  const result = vectors.map((vector) => vector.at(-1)!).find((text) => text !== 'halt');
  const into = `    ${op} ${operands} into r${types.length}${as === undefined ? '' : ` as ${as}`};\n`;
  const output =
    result === undefined ? '' : `    output r${types.length} as ${readValue(result).name}.private;\n`;
  return `program t.aleo;\nfunction f:\n${inputs}${into}${output}`;
}

function readValue(text: string): { readonly name: string; readonly typed: Typed<bigint> } {
  const read = parseLiteral(text);
  assert.ok(!isProblem(read), `${text} is no literal here`);
  return { name: read.type, typed: { type: literal(read.type), leaves: [read.value] } };
}

/** The result as text; null if the instruction has none; `halt`. */
function replay(group: RecordedGroup): (inputs: readonly string[]) => string | null {
  const source = { name: 't.aleo', text: sourceOf(group) };
  const program = checkProgram(source, parseProgram(source));
  return (inputs) => {
    try {
      const values = inputs.map((text) => readValue(text).typed);
      const [output] = interpret(program, program.functions[0], values, CONTEXT).outputs;
      if (output === undefined) return null;
      return formatLiteral({ type: literalName(output.type)!, value: output.leaves[0] });
    } catch (error) {
      if (error instanceof HaltError) return 'halt';
      throw error;
    }
  };
}

describe('snarkVM computes the same', () => {
  for (const group of groups) {
    const { op, types, as, vectors } = group;
    const name = `${op} ${types.join(' ')}${as === undefined ? '' : ` as ${as}`}`;
    const difference = differenceOf(group);
    // The type test shows that it is refused.
    if (difference !== undefined) continue;
    test(name, () => {
      const run = replay(group);
      for (const vector of vectors) {
        const inputs = vector.slice(0, -1) as string[];
        assert.equal(run(inputs), vector.at(-1), `${op} ${inputs.join(' ')}`);
      }
    });
  }
});

test('the corpus is as large as it was, and has results and halts', () => {
  const all = groups.flatMap(({ vectors }) => vectors);
  const halts = all.filter((vector) => vector.at(-1) === 'halt').length;
  assert.ok(all.length >= 10_000, `${all.length} vectors`);
  assert.ok(halts >= 1_300 && halts < all.length / 2, `${halts} halt`);
});
