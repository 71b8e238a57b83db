/**
 * Every recorded vector (test/vectors/snarkvm/) on the real constraints of the AVM core: results hold, wrong results do not,
 * and what halts in snarkVM has no witness here.
 */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { type AvmCore, openAvmCore } from '../support/avm-core.ts';
import { random } from '../support/avm-functions.ts';
import { witnessOf } from '../support/check-call.ts';
import { searchForgery } from '../support/forge-search.ts';
import {
  fittingGroups,
  groupVectors,
  haltingFunction,
  haltingRun,
  type PackFunction,
  packFunction,
  packRuns,
  recordedVectors,
  traceOf,
  type VectorGroup,
  wrongRun,
} from '../support/vector-packs.ts';

/** Forged witnesses tried for a vector that halts, before the network. */
const HALT_BUDGET = 60;

const groups = groupVectors(recordedVectors());
const count = { vectors: 0, halting: 0, witnesses: 0, large: 0, refused: 0, unfit: 0 };

const cores = new Map<string, AvmCore>();
before(async () => {
  cores.set('small', await openAvmCore('small'));
});

async function failing(fn: PackFunction, given: Parameters<typeof traceOf>[1]): Promise<number> {
  if (!cores.has(fn.sizeClass)) cores.set(fn.sizeClass, await openAvmCore(fn.sizeClass));
  count.witnesses++;
  if (fn.sizeClass === 'large') count.large++;
  const witness = witnessOf(fn.program, 'f', given, traceOf(fn, given));
  return cores.get(fn.sizeClass)!.run(witness).failing.length;
}

/** Results hold, and wrong ones do not. */
async function replayResults(group: VectorGroup): Promise<void> {
  const { groups: fitting, unfit } = fittingGroups(group);
  count.unfit += unfit;
  for (const part of fitting) {
    const runs = packRuns(part, packFunction(part));
    for (const [i, run] of runs.entries()) {
      const shown = `${group.name}: ${run.given.inputs.join(', ')}`;
      assert.equal(await failing(run.fn, run.given), 0, shown);
      count.vectors += run.vectors;
      // Every function with a wrong result, its long series with several.
      const wrong = i % 4 === 0 ? wrongRun(part, run, i) : undefined;
      if (wrong === undefined) continue;
      assert.ok(
        (await failing(run.fn, wrong)) > 0,
        `wrong result: ${group.name}: ${wrong.inputs.join(', ')}`,
      );
      count.refused++;
    }
  }
}

/** What halts has no witness, with forged advice neither. */
async function replayHalts(group: VectorGroup): Promise<void> {
  const fn = haltingFunction(group);
  const { lowered } = fn.program.functions.get('f')!;
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
    assert.ok(recordedVectors().length >= 5000);
    const total = groups.reduce((sum, { passing, halting }) => sum + passing.length + halting.length, 0);
    t.diagnostic(JSON.stringify({ groups: groups.length, ...count }));
    // Wrapping powers of wide integers by great exponents fit no circuit size.
    assert.ok(count.unfit < 100, `${count.unfit} vectors fit no size`);
    assert.equal(count.vectors + count.unfit, total);
  });
});
