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
  wrongRun,
} from '../support/vector-packs.ts';

/** Forged witnesses tried for a vector that halts, before the network. */
const HALT_BUDGET = 60;

const NOTHING = { groups: [], unfit: 0 };
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

describe('recorded vectors on the constraints', () => {
  for (const group of groups) {
    it(`${group.name}: ${group.passing.length} results, ${group.halting.length} halt`, async () => {
      const { groups: fitting, unfit } = group.passing.length > 0 ? fittingGroups(group) : NOTHING;
      count.unfit += unfit;
      for (const part of fitting) {
        const runs = packRuns(part, packFunction(part));
        for (const [i, run] of runs.entries()) {
          assert.equal(await failing(run.fn, run.given), 0, `run ${i}: ${run.given.inputs.join(', ')}`);
          count.vectors += run.vectors;
          // Every function with a wrong result, its long series with several.
          const wrong = i % 4 === 0 ? wrongRun(part, run, i) : undefined;
          if (wrong === undefined) continue;
          assert.ok((await failing(run.fn, wrong)) > 0, `a wrong result passes: ${wrong.inputs.join(', ')}`);
          count.refused++;
        }
      }
      if (group.halting.length === 0) return;
      const fn = haltingFunction(group);
      const { lowered } = fn.program.functions.get('f')!;
      const rng = random(1);
      for (const inputs of group.halting) {
        const { given } = haltingRun(fn, inputs);
        assert.ok((await failing(fn, given)) > 0, `${inputs.join(', ')} must halt`);
        const { found } = searchForgery({
          lowered,
          given,
          honest: undefined,
          random: rng,
          budget: HALT_BUDGET,
        });
        assert.equal(found, undefined, `${inputs.join(', ')} must halt, but forged advice passes`);
        count.vectors++;
        count.halting++;
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
