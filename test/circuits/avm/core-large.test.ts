/** The core of the large size against its twin: random functions, and values in places that the small size does not have. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { assemble } from '../../../avm/assemble.ts';
import { checkAvmWitness } from '../../../avm/check.ts';
import { bitLayout, wireLayout } from '../../../avm/layout.ts';
import { type AvmWitness, avmWitness } from '../../../avm/witness.ts';
import { AVM_SIZE, FIELD_MODULUS } from '../../../protocol/constants.ts';
import { type AvmCore, openAvmCore, outputList } from '../../support/avm/core.ts';
import { type AvmRun, random, randomRun } from '../../support/avm/functions.ts';

const { large, small } = AVM_SIZE;
/** Functions that are run. */
const RUNS = 4;

/** The first random functions that only the large size holds and that do not run out of copies. */
function fittingRuns(count: number): { readonly run: AvmRun; readonly witness: AvmWitness }[] {
  const found: { run: AvmRun; witness: AvmWitness }[] = [];
  for (let seed = 0; found.length < count; seed++) {
    assert.ok(seed < 100 * count, 'too few random functions fit');
    const run = randomRun(seed, large);
    if (run.fn.rows.length <= small.rows || run.fn.recordInputs.length <= small.recordInputs) continue;
    try {
      found.push({ run, witness: avmWitness(assemble(run.fn, large), run.args, run.trace) });
    } catch (error) {
      assert.equal((error as { code: string }).code, 'AVM_CAPACITY');
    }
  }
  return found;
}

describe('AvmCore, large', () => {
  let core: AvmCore;
  let runs: ReturnType<typeof fittingRuns>;
  before(async () => {
    core = await openAvmCore('large');
    runs = fittingRuns(RUNS);
  });

  /** Circuit and twin give the same verdict; returned. */
  const agree = (witness: AvmWitness, name: string): boolean => {
    const twin = checkAvmWitness(witness, large);
    const { failing, outputs } = core.run(witness);
    assert.equal(failing.length === 0, twin.ok, `${name}: circuit and twin disagree`);
    if (twin.ok) assert.deepEqual(outputs, outputList(twin.outputs), name);
    return twin.ok;
  };

  it('has 1123 wires and 12,638 bits, and room for what the small one has not', () => {
    assert.equal(wireLayout(large).wires, 1123);
    assert.equal(bitLayout(large).total, 12_638);
    for (const part of ['rows', 'wide', 'hash', 'inputs', 'constants', 'advice', 'copies'] as const) {
      assert.ok(large[part] > small[part], part);
    }
  });

  it('runs random functions as its twin does, and gives what the reference computes', () => {
    for (const [k, { run, witness }] of runs.entries()) {
      assert.ok(agree(witness, `function ${k}`));
      const { outputs } = core.run(witness);
      const [, ...rest] = outputs;
      assert.deepEqual(rest.slice(0, large.recordOutputs), run.owner);
      assert.deepEqual(rest.slice(large.recordOutputs, 6 * large.recordOutputs), run.data.flat());
      assert.deepEqual(rest.slice(6 * large.recordOutputs, 6 * large.recordOutputs + 3), run.message);
    }
  });

  it('refuses every other value in rows, slots, copies and unused places above the small size', () => {
    const draw = random(1);
    for (const { run, witness } of runs) {
      const bump = <T>(list: readonly T[], at: number): T[] =>
        list.map((value, k) =>
          k !== at ? value : ((((value as bigint) + 1n) % FIELD_MODULUS) as unknown as T),
        );
      const pick = (from: number, to: number): number => from + draw.below(to - from);
      const row = pick(small.rows, large.rows);
      const forged: Record<string, AvmWitness> = {
        wideAnd: { ...witness, wideAnd: bump(witness.wideAnd, pick(8, 16)) },
        wideTopA: { ...witness, wideTopA: bump(witness.wideTopA, pick(8, 16)) },
        wideTopB: { ...witness, wideTopB: bump(witness.wideTopB, pick(8, 16)) },
        hashOut: { ...witness, hashOut: bump(witness.hashOut, pick(8, 16)) },
        copy: { ...witness, copy: bump(witness.copy, pick(48, 210)) },
      };
      for (let slot = 0; slot < large.group; slot++) {
        for (const coordinate of [0, 1]) {
          const groupOut = witness.groupOut!.map((out, k) => (k === slot ? bump(out, coordinate) : out));
          forged[`groupOut ${slot} ${coordinate}`] = { ...witness, groupOut };
        }
      }
      if (row < run.fn.rows.length && run.fn.rows[row].advice !== true) {
        forged[`row ${row}`] = { ...witness, rowOut: bump(witness.rowOut, row) };
      }
      if (run.fn.inputCount < large.inputs)
        forged.inputs = { ...witness, inputs: bump(witness.inputs, large.inputs - 1) };
      if (run.fn.recordInputs.length < 4) {
        const recordWords = witness.recordWords.map((words, k) => (k === 3 ? bump(words, 4) : words));
        forged.recordWords = { ...witness, recordWords };
        forged.inputName = { ...witness, recordInputNames: bump(witness.recordInputNames, 3) };
      }
      if (run.fn.recordOutputs.length < 4)
        forged.outputName = { ...witness, recordOutputNames: bump(witness.recordOutputNames, 3) };
      for (const [name, changed] of Object.entries(forged)) {
        assert.equal(agree(changed, name), false, `${name} is accepted`);
      }
    }
  });

  it('commits to every bit, constant and name: each changes the bytecode hash', () => {
    const { witness } = runs[0];
    const draw = random(2);
    const honest = core.run(witness).outputs[0];
    for (let round = 0; round < 6; round++) {
      const at = draw.below(witness.bits.length);
      const bits = witness.bits.map((bit, k) => (k === at ? 1 - bit : bit));
      assert.notEqual(core.run({ ...witness, bits }).outputs[0], honest, `bit ${at}`);
    }
    const constants = witness.constants.with(31, 12345n);
    assert.notEqual(core.run({ ...witness, constants }).outputs[0], honest);
  });
});
