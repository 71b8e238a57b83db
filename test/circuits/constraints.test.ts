import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { compileCircuit } from '../../prover/node/compile.ts';
import { readR1cs } from '../../prover/r1cs.ts';

interface Cost {
  readonly constraints: number;
  readonly nonZeros: number;
  readonly publicSignals: number;
}

/** Most constraints and public signals together: one more would double the prover's domain. */
const LIMITS: Readonly<Record<string, number>> = {
  'transition-small': 65_535,
  'transition-large': 131_071,
  'state-update-small': 131_071,
  'state-update-large': 262_143,
};

const committed = JSON.parse(
  await readFile(new URL('../../circuits/constraints.json', import.meta.url), 'utf8'),
) as Record<string, Cost>;

describe('circuits/constraints.json', () => {
  for (const [name, cost] of Object.entries(committed)) {
    it(`${name} costs what is committed, within its limit`, async () => {
      const { r1csFile } = await compileCircuit(name);
      const { constraints, nonZeros, publicSignals } = readR1cs(new Uint8Array(await readFile(r1csFile)));
      assert.deepEqual({ constraints, nonZeros, publicSignals }, cost);
      assert.ok(constraints + publicSignals <= LIMITS[name], `${constraints} + ${publicSignals}`);
    });
  }
});
