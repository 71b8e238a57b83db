/**
 * Every recorded vector (test/vectors/snarkvm/) on the real constraints of the AVM core. Right results hold, wrong results
 * do not. A call that halts in snarkVM has no witness here. Wrapping powers that no circuit holds run on the same template
 * in a size of its own (test/support/avm/oversize.ts). The compiler
 * refuses them: test/unit/program/wrapping-power-capacity.test.ts.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { capacityOf } from '../../../avm/capacity.ts';
import { checkAvmWitness } from '../../../avm/check.ts';
import type { EvaluationInputs } from '../../../avm/evaluate.ts';
import type { AvmTrace } from '../../../avm/function.ts';
import { AVM_SIZE } from '../../../protocol/constants.ts';
import { searchForgery } from '../../support/attack/forge-search.ts';
import { openAvmCore, outputList } from '../../support/avm/core.ts';
import { random } from '../../support/avm/functions.ts';
import { OVERSIZE } from '../../support/avm/oversize.ts';
import {
  formsOf,
  haltingFunction,
  haltingRun,
  type PackFunction,
  packFunction,
  packRuns,
  packWitness,
  recordedVectorGroups,
  traceOf,
  type VectorGroup,
  wrongRun,
} from '../../support/snarkvm/vector-packs.ts';

/** Forged witnesses tried for a vector that halts, and for a wrong result of an oversize function, before the network. */
const HALT_BUDGET = 60;
const WRONG_BUDGET = 60;

const groups = recordedVectorGroups();
const count = {
  vectors: 0,
  halting: 0,
  oversize: 0,
  again: 0,
  witnesses: 0,
  large: 0,
  oversizeWitnesses: 0,
  refused: 0,
  forged: 0,
};

/** Number of constraints that a trace breaks, by default the honest prover's. */
async function failing(fn: PackFunction, given: EvaluationInputs, trace?: AvmTrace): Promise<number> {
  count.witnesses++;
  if (fn.size === AVM_SIZE.large) count.large++;
  if (fn.size === OVERSIZE) count.oversizeWitnesses++;
  const core = await openAvmCore(fn.size);
  return core.run(packWitness(fn, given, trace ?? traceOf(fn, given))).failing.length;
}

/** Results hold, and wrong ones do not; returns how many vectors were shown. */
async function replayForm(group: VectorGroup): Promise<number> {
  let shown = 0;
  for (const [i, run] of packRuns(group, packFunction(group)).entries()) {
    assert.equal(await failing(run.fn, run.given), 0, `${group.name}: ${run.given.inputs.join(', ')}`);
    shown += run.vectors;
    // Every function with a wrong result, its long series with several.
    const wrong = i % 4 === 0 ? wrongRun(group, run, i) : undefined;
    if (wrong === undefined) continue;
    assert.ok((await failing(run.fn, wrong)) > 0, `wrong result: ${group.name}: ${wrong.inputs.join(', ')}`);
    count.refused++;
    if (group.oversize) await forgeWrong(group, run.fn, wrong);
  }
  return shown;
}

/** No forged advice brings a wrong result about; the tests of the lowering rules leave out what no circuit holds. */
async function forgeWrong(group: VectorGroup, fn: PackFunction, given: EvaluationInputs): Promise<void> {
  const { found, refused } = searchForgery({
    lowered: fn.lowered,
    given,
    honest: undefined,
    random: random(1),
    budget: WRONG_BUDGET,
    keep: 1,
  });
  const shown = `${group.name}: ${given.inputs.join(', ')}`;
  assert.equal(found, undefined, `${shown} is wrong, but forged advice passes`);
  for (const { evaluation } of refused) {
    assert.ok((await failing(fn, given, evaluation.trace)) > 0, `${shown}: only the search refuses`);
    count.forged++;
  }
}

/** Vectors count in the form in which they were recorded; with a literal operand beside it they count as `again`. */
async function replayResults(group: VectorGroup): Promise<void> {
  const { fitting, oversize } = formsOf(group);
  let shown = 0;
  for (const part of fitting) shown += await replayForm(part);
  if (oversize === undefined) {
    count.vectors += shown;
    return;
  }
  assert.equal(group.op, 'pow.w', group.name);
  count.again += shown;
  const all = await replayForm(oversize);
  count.vectors += all;
  count.oversize += all;
}

/** A call that halts has no witness, with forged advice neither. */
async function replayHalts(group: VectorGroup): Promise<void> {
  const fn = haltingFunction(group);
  const { lowered } = fn;
  const rng = random(1);
  for (const inputs of group.halting) {
    const shown = `${group.name}: ${inputs.join(', ')}`;
    const { given } = haltingRun(fn, inputs);
    assert.ok((await failing(fn, given)) > 0, `${shown} must halt`);
    const { found } = searchForgery({ lowered, given, honest: undefined, random: rng, budget: HALT_BUDGET });
    assert.equal(found, undefined, `${shown} must halt, but forged advice passes`);
    count.vectors++;
    count.halting++;
  }
}

describe('recorded vectors on the constraints', () => {
  for (const op of new Set(groups.map((group) => group.op))) {
    const own = groups.filter((group) => group.op === op);
    const results = own.reduce((sum, { passing }) => sum + passing.length, 0);
    const halts = own.reduce((sum, { halting }) => sum + halting.length, 0);
    it(`${op}: ${own.length} combinations of types, ${results} results, ${halts} halt`, async () => {
      for (const group of own) {
        if (group.passing.length > 0) await replayResults(group);
        if (group.halting.length > 0) await replayHalts(group);
      }
    });
  }

  it('all vectors were replayed', (t) => {
    const total = groups.reduce((sum, { passing, halting }) => sum + passing.length + halting.length, 0);
    t.diagnostic(JSON.stringify({ groups: groups.length, ...count }));
    assert.ok(total >= 5000);
    assert.equal(count.vectors, total);
    assert.ok(count.oversize > 0 && count.forged > 0);
  });

  it('the oversize core gives what its twin gives, bytecode hash included, and is just large enough', async () => {
    const group = groups.find(({ name }) => name === 'pow.w i128 u32')!;
    const fn = packFunction(formsOf(group).oversize!);
    const { rows, wide, advice, copies } = capacityOf(fn.lowered.fn, OVERSIZE);
    for (const { used, capacity } of [rows, wide, advice, copies]) assert.equal(used, capacity);
    const [{ given }] = packRuns(group, fn);
    const witness = packWitness(fn, given, traceOf(fn, given));
    const twin = checkAvmWitness(witness, OVERSIZE);
    assert.ok(twin.ok);
    assert.equal(twin.outputs.bytecodeHash, fn.bytecode.hash);
    const { failing, outputs } = (await openAvmCore(OVERSIZE)).run(witness);
    assert.deepEqual(failing, []);
    assert.deepEqual(outputs, outputList(twin.outputs));
  });
});
