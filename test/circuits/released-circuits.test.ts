import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RELEASED_CIRCUITS } from '../../prover/generated/released-circuits.ts';
import { compileCircuit } from '../../prover/node/compile.ts';
import { assertReleasedConstraints } from '../../prover/node/released-constraints.ts';
import { RELEASED_NAMES, releasedCircuit } from '../../scripts/generate/released-circuits.ts';

describe('the circuits of the release', () => {
  it('are those that a rollup can have keys of', () => {
    assert.deepEqual(Object.keys(RELEASED_CIRCUITS).sort(), [...RELEASED_NAMES].sort());
  });

  for (const name of RELEASED_NAMES) {
    it(`${name} compiles to the committed witness generator and constraints`, async () => {
      const circuit = await compileCircuit(name);
      assert.deepEqual(await releasedCircuit(circuit), RELEASED_CIRCUITS[name], 'npm run generate:circuits');
      await assertReleasedConstraints(circuit);
      // Another circuit's constraints under this name get no production keys.
      const other = await compileCircuit(RELEASED_NAMES.find((candidate) => candidate !== name)!);
      await assert.rejects(assertReleasedConstraints({ ...other, name }), { code: 'CIRCUIT_NOT_RELEASED' });
    });
  }
});
