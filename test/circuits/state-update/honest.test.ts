import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FIELD_MODULUS } from '../../../protocol/constants.ts';
import { stateUpdateHash, stateUpdateStatement } from '../../../protocol/state/binding.ts';
import { evaluateStatement } from '../../../protocol/transaction/statement.ts';
import {
  type CircuitInput,
  calculateWitness,
  checkR1cs,
  loadCircuit,
} from '../../support/circuit/circuits.ts';
import { honestInput, random, randomChunk, recompute, Trees } from '../../support/state-update/chunks.ts';

describe('state update, honest', () => {
  for (const size of ['small', 'large'] as const) {
    it(`${size}: chains of random chunks satisfy the circuit`, async () => {
      const circuit = await loadCircuit(`state-update-${size}`);
      for (const seed of size === 'small' ? [1, 2, 3, 4] : [1]) {
        const rng = random(seed);
        const trees = new Trees();
        // Few values: neighbours in one chunk, and in the tree, are the rule. All distinct over the chain.
        const pool = Array.from({ length: 200 }, (_, k) =>
          k < 100 ? BigInt(k + 1) : FIELD_MODULUS - BigInt(k - 99),
        );
        const draw = (): bigint => pool.splice(rng.below(pool.length), 1)[0];
        for (let chunk = 0; chunk < (size === 'small' ? 5 : 3); chunk++) {
          const applied = trees.apply(size, randomChunk(rng, size, draw));
          const input = honestInput(applied, rng.field());
          assert.deepEqual(recompute(input), input);
          const witness = calculateWitness(circuit, input as unknown as CircuitInput);
          assert.deepEqual(checkR1cs(circuit, witness), []);
          assert.deepEqual(
            witness.slice(1, 4),
            [input.x, evaluateStatement(stateUpdateStatement(applied), input.x), stateUpdateHash(applied)],
            'public inputs in their order',
          );
        }
      }
    });

    it(`${size}: full, empty, ascending, descending and extreme chunks satisfy it`, async () => {
      const circuit = await loadCircuit(`state-update-${size}`);
      const slots = size === 'small' ? 4 : 16;
      const trees = new Trees();
      const up = Array.from({ length: slots }, (_, k) => BigInt(1000 + k));
      const chunks = [
        {},
        { nullifiers: up },
        { nullifiers: up.map((value) => 3000n - value) },
        { nullifiers: [FIELD_MODULUS - 1n, 1n, FIELD_MODULUS - 2n, 2n] },
        { commitments: up, deposits: [[1n, FIELD_MODULUS - 1n, 0n, 0n, 0n, 0n, 0n, 0n]] },
      ];
      for (const chunk of size === 'small' ? chunks : chunks.slice(1, 4)) {
        const input = honestInput(trees.apply(size, chunk));
        assert.deepEqual(checkR1cs(circuit, calculateWitness(circuit, input as unknown as CircuitInput)), []);
      }
    });
  }
});
