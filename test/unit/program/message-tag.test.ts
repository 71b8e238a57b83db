/** The warning of messages that L1 refuses or does not log. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileProgram } from '../../../program/compile/artifact.ts';

/** The compiler's warnings for a program that sends these three words. */
function warnings(words: string, name = 't'): string[] {
  const source = `import l1.aleo;\nprogram ${name}.aleo;\nfunction f:\n    input r0 as field.private;\n    call l1.aleo/send ${words};\n`;
  return compileProgram(source).warnings.map(
    ({ code, problem, position }) => `${code} ${position.column} ${problem}`,
  );
}

test('messages that L1 logs pass, and words that nobody knows yet', () => {
  for (const last of ['3field', `${3 + 256 * 77}field`, 'r0'])
    assert.deepEqual(warnings(`1field r0 ${last}`), []);
});

test('fees and withdrawals are refused by L1', () => {
  for (const [last, tag] of [
    ['1field', 1],
    ['2field', 2],
    [`${2 + 256 * 77}field`, 2],
  ]) {
    assert.deepEqual(warnings(`1field r0 ${last}`), [
      `PROGRAM_MESSAGE_TAG 33 the message has the tag ${tag}: L1 refuses it, and with it the call`,
    ]);
  }
});

test('only the programs of the protocol withdraw, and nobody pays a fee', () => {
  for (const name of ['credits', 'bridge']) {
    assert.deepEqual(warnings('1field r0 2field', name), []);
    assert.equal(warnings('1field r0 1field', name).length, 1);
  }
});

test('other tags are not logged', () => {
  for (const last of ['0field', '7field', '260field', '-1field']) {
    assert.match(warnings(`1field r0 ${last}`).join(), /L1 does not log it/);
  }
});
