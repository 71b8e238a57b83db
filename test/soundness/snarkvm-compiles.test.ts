/**
 * Programs recorded from snarkVM that the checker accepts compile: each fits a circuit, or is refused for a reason that is
 * named here. (test/unit/program/snarkvm-programs.test.ts compares acceptance and results.)
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkProgram } from '../../program/check/checker.ts';
import { compileProgram } from '../../program/compile/artifact.ts';
import { ProgramError } from '../../program/diagnostics/errors.ts';
import { parseProgram } from '../../program/syntax/parser.ts';
import { recordedCases } from '../support/snarkvm/programs.ts';

/** Instructions that halt for all inputs, and those that no circuit holds. */
const REFUSED: Readonly<Record<string, string>> = {
  'assert.eq true false;': 'PROGRAM_ALWAYS_HALTS',
  'add 255u8 1u8 into r0;': 'PROGRAM_ALWAYS_HALTS',
  'assert.neq r1 r1;': 'PROGRAM_ALWAYS_HALTS',
  'cast 2u8 into r0 as boolean;': 'PROGRAM_ALWAYS_HALTS',
  'cast -1i8 into r0 as u8;': 'PROGRAM_ALWAYS_HALTS',
  'a sum of literals that does not fit': 'PROGRAM_ALWAYS_HALTS',
  'a field to the power of zero': 'PROGRAM_UNSUPPORTED',
};

function isAccepted(text: string): boolean {
  const source = { name: 'test.aleo', text };
  try {
    checkProgram(source, parseProgram(source));
    return true;
  } catch (error) {
    if (error instanceof ProgramError) return false;
    throw error;
  }
}

test('what is accepted compiles, but for what always halts', () => {
  const refused = new Map<string, string>();
  let compiled = 0;
  for (const { group, name, source } of recordedCases()) {
    // These are one program in many layouts.
    if (group === 'text' || group === 'mutations') continue;
    const text = source.replaceAll('NAME.aleo', 'test.aleo');
    if (!isAccepted(text)) continue;
    try {
      compileProgram(text);
      compiled++;
    } catch (error) {
      if (!(error instanceof ProgramError)) throw error;
      refused.set(name, error.code);
    }
  }
  assert.deepEqual(Object.fromEntries(refused), REFUSED);
  assert.ok(compiled > 400, String(compiled));
});
