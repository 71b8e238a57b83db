/**
 * Random whole programs: interpreter, trace and the AVM core's constraints agree, and a forger finds no advice and no input
 * outside its type that passes (test/support/attack/forge-search.ts). A failure names its seed; AZALEA_FUZZ_SEED starts there,
 * AZALEA_FUZZ_MINUTES searches longer.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileProgram, type Program } from '../../program/compile/artifact.ts';
import { ProgramError } from '../../program/diagnostics/errors.ts';
import { checkCall } from '../support/attack/check-call.ts';
import { random } from '../support/avm/functions.ts';
import { CONTEXT } from '../support/program/programs.ts';
import { type RandomProgram, randomProgram } from '../support/program/random-typed-program.ts';
import { drawTyped } from '../support/program/random-values.ts';

const MINUTES = Number(process.env.AZALEA_FUZZ_MINUTES ?? 0);
const SEED = Number(process.env.AZALEA_FUZZ_SEED ?? 1);
const PROGRAMS = 100;
/** Forged witnesses for each call. */
const BUDGET = MINUTES > 0 ? 1500 : 150;

function compile({ source }: RandomProgram): Program | string {
  try {
    return compileProgram(source, 'random.aleo');
  } catch (error) {
    assert.ok(error instanceof ProgramError, String(error));
    assert.match(error.code, /^PROGRAM_(ALWAYS_HALTS|CAPACITY)$/, error.message);
    return error.code;
  }
}

test(`random programs from seed ${SEED}`, (t) => {
  const count = { programs: 0, proven: 0, halted: 0, always: 0, capacity: 0, tried: 0, harmless: 0 };
  const end = Date.now() + MINUTES * 60_000;
  for (let seed = SEED; MINUTES > 0 ? Date.now() < end : seed < SEED + PROGRAMS; seed++) {
    const rng = random(seed);
    const drawn = randomProgram(rng, 8);
    try {
      const program = compile(drawn);
      if (typeof program === 'string') {
        if (program === 'PROGRAM_CAPACITY') count.capacity++;
        else count.always++;
        continue;
      }
      count.programs++;
      for (const { name, inputs: types } of drawn.functions) {
        for (let round = 0; round < 3; round++) {
          const inputs = types.map((type) => drawTyped(rng, program.types, type, CONTEXT.signer));
          const call = checkCall({ program, name, inputs, context: CONTEXT, random: rng, budget: BUDGET });
          count[call.halts ? 'halted' : 'proven']++;
          count.tried += call.tried;
          count.harmless += call.harmless;
        }
      }
    } catch (error) {
      const { message } = error as Error;
      throw new Error(`AZALEA_FUZZ_SEED=${seed}: ${message}\n${drawn.source}`, { cause: error });
    }
  }
  t.diagnostic(JSON.stringify(count));
  assert.ok(count.proven > 50 && count.halted > 30, JSON.stringify(count));
  assert.ok(count.tried > 5_000, JSON.stringify(count));
});
