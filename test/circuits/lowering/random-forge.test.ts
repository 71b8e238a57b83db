/**
 * A sample of random programs on the real constraints of the AVM core. Honest calls satisfy them with the outputs that the
 * program means. Calls that halt and forged advice (every dependent value recomputed) break them. The circuit agrees with
 * its twin each time. The wide search is test/soundness/random-forge.test.ts.
 */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { checkAvmWitness } from '../../../avm/check.ts';
import type { EvaluationInputs } from '../../../avm/evaluate.ts';
import type { AvmTrace } from '../../../avm/function.ts';
import { compileProgram, type Program } from '../../../program/compile/artifact.ts';
import { ProgramError } from '../../../program/diagnostics/errors.ts';
import { AVM_SIZE, type SizeClass } from '../../../protocol/constants.ts';
import { checkCall, witnessOf } from '../../support/attack/check-call.ts';
import { type AvmCore, openAvmCore, outputList } from '../../support/avm/core.ts';
import { random } from '../../support/avm/functions.ts';
import { CONTEXT } from '../../support/program/programs.ts';
import { randomProgram } from '../../support/program/random-typed-program.ts';
import { drawTyped } from '../../support/program/random-values.ts';

const SEED = Number(process.env.AZALEA_FUZZ_SEED ?? 1);
/** Witnesses on the constraints, about 30 ms each. */
const WITNESSES = Number(process.env.AZALEA_FUZZ_WITNESSES ?? 700);

let cores: Record<SizeClass, AvmCore>;
before(async () => {
  cores = { small: await openAvmCore('small'), large: await openAvmCore('large') };
});

function compile(source: string): Program | undefined {
  try {
    return compileProgram(source, 'random.aleo');
  } catch (error) {
    assert.ok(error instanceof ProgramError, String(error));
    return undefined;
  }
}

/** Returns whether the circuit accepts; its twin must say the same, outputs included. */
function accepts(program: Program, name: string, given: EvaluationInputs, trace: AvmTrace): boolean {
  const witness = witnessOf(program, name, given, trace);
  const { sizeClass } = program.functions.get(name)!.bytecode;
  const twin = checkAvmWitness(witness, AVM_SIZE[sizeClass]);
  const { failing, outputs } = cores[sizeClass].run(witness);
  assert.equal(
    failing.length === 0,
    twin.ok,
    twin.ok ? 'only the circuit refuses' : `twin: ${twin.constraint}`,
  );
  if (twin.ok) assert.deepEqual(outputs, outputList(twin.outputs));
  return twin.ok;
}

test(`random programs on the constraints, from seed ${SEED}`, (t) => {
  const count = { witnesses: 0, honest: 0, halted: 0, forged: 0, large: 0 };
  for (let seed = SEED; count.witnesses < WITNESSES; seed++) {
    const rng = random(seed);
    const drawn = randomProgram(rng, 8);
    try {
      const program = compile(drawn.source);
      if (program === undefined) continue;
      for (const { name, inputs: types } of drawn.functions) {
        const inputs = types.map((type) => drawTyped(rng, program.types, type, CONTEXT.signer));
        const call = checkCall({ program, name, inputs, context: CONTEXT, random: rng, budget: 60, keep: 4 });
        assert.equal(accepts(program, name, call.given, call.trace), !call.halts);
        count[call.halts ? 'halted' : 'honest']++;
        for (const { advice, evaluation } of call.refused) {
          assert.ok(
            !accepts(program, name, call.given, evaluation.trace),
            `forged advice passes: ${[...advice].join('; ')}`,
          );
          count.forged++;
        }
        count.witnesses += 1 + call.refused.length;
        if (program.functions.get(name)!.bytecode.sizeClass === 'large') count.large++;
      }
    } catch (error) {
      const { message } = error as Error;
      throw new Error(`AZALEA_FUZZ_SEED=${seed}: ${message}\n${drawn.source}`, { cause: error });
    }
  }
  t.diagnostic(JSON.stringify(count));
  assert.ok(count.honest > WITNESSES / 15 && count.halted > WITNESSES / 40, JSON.stringify(count));
  assert.ok(count.forged > WITNESSES / 4, JSON.stringify(count));
  assert.ok(WITNESSES < 300 || count.large > 2, JSON.stringify(count));
});
