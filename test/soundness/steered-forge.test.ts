/**
 * Random programs that run to their end (test/support/program/steered-program.ts). Interpreter, trace and constraints agree
 * on the inputs they were drawn for and on nearby ones. A forger finds neither other outputs nor a proof of a call that
 * halts. A failure names its seed; AZALEA_FUZZ_SEED starts there, AZALEA_FUZZ_MINUTES searches longer.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileProgram, type Program } from '../../program/compile/artifact.ts';
import { ProgramError } from '../../program/diagnostics/errors.ts';
import type { Typed } from '../../program/values/types.ts';
import { checkCall } from '../support/attack/check-call.ts';
import { type Random, random } from '../support/avm/functions.ts';
import { CONTEXT } from '../support/program/programs.ts';
import { drawTyped } from '../support/program/random-values.ts';
import { type SteeredProgram, steeredProgram } from '../support/program/steered-program.ts';

const MINUTES = Number(process.env.AZALEA_FUZZ_MINUTES ?? 0);
const SEED = Number(process.env.AZALEA_FUZZ_SEED ?? 1);
const PROGRAMS = 80;
/** Forged witnesses for each call. */
const BUDGET = MINUTES > 0 ? 1000 : 60;

/** A program that runs to its end on some inputs may be too large, never one that always halts. */
function compile({ source }: SteeredProgram): Program | undefined {
  try {
    return compileProgram(source, 'random.aleo');
  } catch (error) {
    assert.ok(error instanceof ProgramError, String(error));
    assert.equal(error.code, 'PROGRAM_CAPACITY', error.message);
    return undefined;
  }
}

/** The inputs with about every third leaf drawn anew. */
function nearby(rng: Random, program: Program, inputs: readonly Typed<bigint>[]): Typed<bigint>[] {
  return inputs.map(({ type, leaves }) => {
    const fresh = drawTyped(rng, program.types, type, CONTEXT.signer);
    return { type, leaves: leaves.map((leaf, i) => (rng.chance(0.65) ? leaf : fresh.leaves[i])) };
  });
}

test(`programs that run to their end, from seed ${SEED}`, (t) => {
  const count = { programs: 0, large: 0, capacity: 0, proven: 0, halted: 0, tried: 0, harmless: 0 };
  const end = Date.now() + MINUTES * 60_000;
  for (let seed = SEED; MINUTES > 0 ? Date.now() < end : seed < SEED + PROGRAMS; seed++) {
    const rng = random(seed);
    const drawn = steeredProgram(rng, rng.chance(0.2) ? 70 : 22);
    try {
      const program = compile(drawn);
      if (program === undefined) {
        count.capacity++;
        continue;
      }
      count.programs++;
      if (program.functions.get('f')!.bytecode.sizeClass === 'large') count.large++;
      for (let round = 0; round < 3; round++) {
        const inputs = round === 0 ? drawn.inputs : nearby(rng, program, drawn.inputs);
        const call = checkCall({ program, name: 'f', inputs, context: CONTEXT, random: rng, budget: BUDGET });
        assert.ok(round > 0 || !call.halts, 'the call halts on the inputs that it was drawn for');
        count[call.halts ? 'halted' : 'proven']++;
        count.tried += call.tried;
        count.harmless += call.harmless;
      }
    } catch (error) {
      const { message } = error as Error;
      throw new Error(`AZALEA_FUZZ_SEED=${seed}: ${message}\n${drawn.source}`, { cause: error });
    }
  }
  t.diagnostic(JSON.stringify(count));
  assert.ok(count.proven > 50 && count.halted > 5 && count.large > 5, JSON.stringify(count));
  assert.ok(count.tried > 1_000, JSON.stringify(count));
});
