/**
 * Recorded vectors of all kinds of instructions on the whole transition circuit: signed calls without records. Right results
 * have a witness. Halts and wrong results break constraints of the AVM core, and of nothing else.
 */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { EvaluationInputs } from '../../../avm/evaluate.ts';
import { AVM_SIZE } from '../../../protocol/constants.ts';
import { transitionInput } from '../../../prover/witness/transition.ts';
import { loadStatementCircuit, type TestCircuit } from '../../support/circuit/circuits.ts';
import {
  formsOf,
  haltingFunction,
  haltingRun,
  type PackFunction,
  packFunction,
  packRuns,
  recordedVectorGroups,
  traceOf,
  type VectorGroup,
  wrongRun,
} from '../../support/snarkvm/vector-packs.ts';
import { assertRefused, run } from '../../support/transition/forge-call.ts';
import { call, type TestCall, type TestProgram } from '../../support/transition/transitions.ts';

/** Least number of vectors with results, and of those that halt. */
const RESULTS = 200;
const HALTS = 20;
const CORE = /main\.(core\.|rowOut\[|advice\[|wide(And|TopA|TopB)\[|hashOut\[)/;

/** A signed call of a pack function. */
function callOf(fn: PackFunction, given: EvaluationInputs): TestCall {
  const program = fn.program!;
  const { nameField, ...compiled } = program.functions.get('f')!;
  const { loweringVersion, sourceHash } = program;
  const running: TestProgram = {
    programId: program.programId,
    typeId: 0n,
    functions: {
      f: { ...compiled, name: nameField, loweringVersion, sourceHash, programName: program.nameField },
    },
  };
  return call({ program: running, fn: 'f', inputs: given.inputs, trace: traceOf(fn, given) });
}

/** Groups with results, spread over all of them, each with its first pack, until there are enough vectors. */
function sample(groups: readonly VectorGroup[]): VectorGroup[] {
  const chosen: VectorGroup[] = [];
  const usable = groups.filter(({ passing }) => passing.length > 0);
  const stride = 37;
  let vectors = 0;
  for (let i = 0; i < usable.length && vectors < RESULTS; i++) {
    const group = usable[(i * stride) % usable.length];
    const [part] = formsOf(group).fitting;
    if (part === undefined || chosen.includes(part)) continue;
    const fn = packFunction(part);
    if (fn.size !== AVM_SIZE.small) continue;
    chosen.push(part);
    vectors += Math.min(fn.count, part.passing.length);
  }
  return chosen;
}

describe('recorded vectors on transition-small', () => {
  let circuit: TestCircuit;
  before(async () => {
    circuit = await loadStatementCircuit('transition-small');
  });
  const groups = recordedVectorGroups();
  const refuse = async (fn: PackFunction, given: EvaluationInputs): Promise<void> =>
    assertRefused(circuit, await run(circuit, transitionInput(callOf(fn, given))), CORE);

  it(`${RESULTS} results hold, and wrong ones do not`, async (t) => {
    const count = { packs: 0, vectors: 0, wrong: 0 };
    for (const [i, group] of sample(groups).entries()) {
      const fn = packFunction(group);
      const [first] = packRuns(group, fn);
      const input = transitionInput(callOf(fn, first.given));
      assert.deepEqual((await run(circuit, input)).failing, [], group.name);
      count.packs++;
      count.vectors += first.vectors;
      const wrong = i % 4 === 0 ? wrongRun(group, first, i) : undefined;
      if (wrong === undefined) continue;
      await refuse(fn, wrong);
      count.wrong++;
    }
    t.diagnostic(JSON.stringify(count));
    assert.ok(count.vectors >= RESULTS && count.wrong >= 10, JSON.stringify(count));
  });

  it(`${HALTS} vectors that halt have no witness`, async () => {
    const halting = groups.filter((group) => group.halting.length > 0);
    assert.ok(halting.length >= HALTS);
    for (let i = 0; i < HALTS; i++) {
      const group = halting[Math.floor((i * halting.length) / HALTS)];
      const fn = haltingFunction(group);
      if (fn.size !== AVM_SIZE.small) continue;
      const { given } = haltingRun(fn, group.halting[i % group.halting.length]);
      await refuse(fn, given);
    }
  });
});
