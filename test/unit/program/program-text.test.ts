/** Texts that must not be read as something else than they show, and generators. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compileProgram } from '../../../program/compile/artifact.ts';
import { ProgramError } from '../../../program/diagnostics/errors.ts';
import { runFunction } from '../../../program/run/run.ts';
import { FIELD_MODULUS, SUBGROUP_ORDER } from '../../../protocol/constants.ts';
import { G, mulPoint } from '../../../protocol/curve/point.ts';
import { addressToText } from '../../../protocol/text.ts';

const HEAD = 'program t.aleo;\n';
const F = 'function f:\n    input r0 as u8.private;\n    assert.eq r0 1u8;\n    output r0 as u8.private;\n';

function refusal(text: string): ProgramError {
  try {
    compileProgram(text);
  } catch (error) {
    if (error instanceof ProgramError) return error;
    throw error;
  }
  return assert.fail(`accepted: ${JSON.stringify(text)}`);
}

/** The program with a comment before its assertion. */
const commented = (comment: string): string => HEAD + F.replace('    assert', `${comment}    assert`);

describe('comments', () => {
  test('an assertion that snarkVM takes for a part of a comment is refused', () => {
    const { code, details } = refusal(commented('    // one \\\n'));
    assert.equal(code, 'PROGRAM_COMMENT_CONTINUES');
    assert.equal((details as { line: number }).line, 4);
  });

  test('a comment that goes on into nothing means the same to both', () => {
    const { programId: id } = compileProgram(HEAD + F);
    for (const comment of [
      '// one \\\n\n',
      '// one \\\n  // two\n',
      '// one \\\n// two \\\n// three\n',
      '// one \\ \n',
    ]) {
      assert.equal(compileProgram(commented(comment)).programId, id, comment);
    }
  });

  test('no comment hides what a program says', () => {
    for (const hidden of ['\u202e', '\u2066', '\b', '\x1b', '\x7f', '\0']) {
      for (const comment of [`// a${hidden}b\n`, `/* a${hidden}b */`]) {
        assert.equal(
          refusal(commented(comment)).code,
          'PROGRAM_UNEXPECTED_CHARACTER',
          JSON.stringify(comment),
        );
      }
    }
    const { programId: id } = compileProgram(HEAD + F);
    for (const comment of ['// é漢😀\t\u202f\r\n', '/* é漢😀\n\u2029 */']) {
      assert.equal(compileProgram(commented(comment)).programId, id, JSON.stringify(comment));
    }
  });

  test('a text that was compiled before is still taken', () => {
    const { programId } = compileProgram(HEAD + F);
    for (const comment of ['// one \\\n', '// a\u202eb\n', '/* \b */']) {
      const { programId: kept } = compileProgram(commented(comment), undefined, { isKnown: true });
      assert.equal(kept, programId, comment);
    }
  });

  test('a backslash before a line feed is white space', () => {
    const split = HEAD + F.replace('eq r0 1u8', 'eq \\\n r0\\\n1u8');
    assert.equal(compileProgram(split).programId, compileProgram(HEAD + F).programId);
    assert.equal(refusal(HEAD + F.replace('eq r0', 'eq \\ r0')).code, 'PROGRAM_UNEXPECTED_CHARACTER');
  });
});

test('a literal and its residue are one: the id is that of the canonical text', () => {
  const text = (literals: readonly string[]): string =>
    `${HEAD}function f:\n    input r0 as field.private;\n${literals.map((literal, k) => `    is.eq ${literal} ${literal} into r${k + 1};\n    assert.eq r${k + 1} true;\n`).join('')}    output r0 as field.private;\n`;
  const plain = compileProgram(text(['5field', '3scalar', `${G.x}group`]));
  const above = [`${5n + 3n * FIELD_MODULUS}field`, `-${2n * SUBGROUP_ORDER - 3n}scalar`];
  const { programId, canonicalSource } = compileProgram(text([...above, `${G.x + FIELD_MODULUS}group`]));
  assert.equal(programId, plain.programId);
  assert.equal(canonicalSource, plain.canonicalSource);
});

describe('registers and generators', () => {
  test('zeros before the number of a register say nothing', () => {
    const zeros = HEAD + F.replaceAll('r0', 'r00');
    assert.equal(compileProgram(zeros).programId, compileProgram(HEAD + F).programId);
    assert.equal(refusal(HEAD + F.replaceAll('r0', 'r0000065536')).code, 'PROGRAM_REGISTER_INVALID');
  });

  test('a view key times the generator of accounts is its address', () => {
    const program = compileProgram(
      `${HEAD}function f:\n    input r0 as scalar.private;\n    mul aleo::GENERATOR r0 into r1;\n    cast r1 into r2 as address;\n    output r2 as address.private;\n`,
    );
    const viewKey = 123_456_789n;
    const { outputs } = runFunction(program, 'f', [`${viewKey}scalar`], G.x);
    assert.equal(outputs[0].value, addressToText(mulPoint(G, viewKey).x));
  });

  test('a power of the generator is so many doublings of it', () => {
    for (const [power, scalar] of [
      [0, 1n],
      [1, 2n],
      [5, 32n],
      [250, 1n << 250n],
    ] as const) {
      const text = (generator: string): string =>
        `${HEAD}function f:\n    input r0 as group.private;\n    is.eq r0 ${generator} into r1;\n    output r1 as boolean.private;\n`;
      const { x } = mulPoint(G, scalar);
      assert.equal(
        compileProgram(text(`aleo::GENERATOR_POWERS[${power}u32]`)).programId,
        compileProgram(text(`${x}group`)).programId,
      );
    }
    const generator = (text: string): string =>
      refusal(`${HEAD}function f:\n    is.eq ${text} 0group into r0;\n`).code;
    assert.equal(generator('aleo::GENERATOR_POWERS[251u32]'), 'PROGRAM_UNKNOWN_ELEMENT');
    assert.equal(generator('aleo::GENERATOR_POWERS'), 'PROGRAM_UNSUPPORTED');
    assert.equal(generator('aleo::GENERATORS'), 'PROGRAM_SYNTAX');
    assert.equal(generator('aleo ::GENERATOR'), 'PROGRAM_SYNTAX');
  });
});
