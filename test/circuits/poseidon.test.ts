import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FIELD_MODULUS } from '../../protocol/constants.ts';
import { permute } from '../../protocol/hash/poseidon.ts';
import {
  calculateWitness,
  checkR1cs,
  compileTestCircuit,
  type Forged,
  forge,
  passesWithout,
  signalIndex,
  survivors,
  type TestCircuit,
} from '../support/circuit/circuits.ts';
import { undeterminedWires } from '../support/circuit/determined-wires.ts';

const field = fc.bigInt({ min: 0n, max: FIELD_MODULUS - 1n });
/** Every width with one output, as the hash has; all outputs at the narrowest and the widest; the key stream's. */
const SHAPES: readonly (readonly [t: number, outputs: number])[] = [
  ...Array.from({ length: 16 }, (_, k) => [k + 2, 1] as const),
  [2, 2],
  [17, 17],
  [9, 7],
];
/** The shapes used with every input free: the trees' and the AVM's hash, the key stream, the widest. */
const USED: readonly (readonly [t: number, outputs: number])[] = [
  [3, 1],
  [5, 1],
  [9, 7],
  [17, 1],
];

const permutation = (t: number, outputs: number, optimization: 'O1' | 'O2'): Promise<TestCircuit> =>
  compileTestCircuit(`include "hash/poseidon.circom"; component main = Permutation(${t}, ${outputs});`, {
    optimization,
  });

const inputWires = (circuit: TestCircuit, t: number): number[] =>
  Array.from({ length: t }, (_, j) => signalIndex(circuit, `main.state[${j}]`));

describe('Permutation', () => {
  // The twin is held to circomlib's own definition at every width in test/unit/protocol.
  for (const [t, outputs] of SHAPES) {
    it(`of width ${t} with ${outputs} outputs equals its twin`, async () => {
      const circuit = await permutation(t, outputs, 'O2');
      const edge = (value: bigint): bigint[] => Array<bigint>(t).fill(value);
      fc.assert(
        fc.property(fc.array(field, { minLength: t, maxLength: t }), (state) => {
          const witness = calculateWitness(circuit, { state });
          assert.deepEqual(witness.slice(1, 1 + outputs), permute(state).slice(0, outputs));
          assert.deepEqual(checkR1cs(circuit, witness), []);
        }),
        { numRuns: 5, examples: [[edge(0n)], [edge(1n)], [edge(FIELD_MODULUS - 1n)]] },
      );
    });
  }

  for (const [t, outputs] of USED) {
    it(`of width ${t} determines every wire from its inputs, as compiled for production`, async () => {
      const circuit = await permutation(t, outputs, 'O2');
      const inputs = inputWires(circuit, t);
      assert.deepEqual(undeterminedWires(circuit, inputs), []);
      // The check can fail: one input less, and nothing is left determined.
      assert.ok(undeterminedWires(circuit, inputs.slice(1)).length > circuit.r1cs.wires / 2);
    });

    it(`of width ${t} needs every constraint: without it a forged output is accepted`, async () => {
      const circuit = await permutation(t, outputs, 'O1');
      const state = Array.from({ length: t }, (_, j) => BigInt(7 * j + 3));
      const honest = calculateWitness(circuit, { state });
      assert.deepEqual(checkR1cs(circuit, honest), []);
      const expected = permute(state).slice(0, outputs);
      // x is computed from advice except in round 0 and for x[4][0], which is u's last; y and v are that advice.
      const steps = /\.rounds\.(?:x\[0\]\[|(?:x2|x4|y|u2|u4|v)\[)/;
      const forged: Forged[] = [];
      for (const name of circuit.symbols.keys()) {
        if (!steps.test(name)) continue;
        const forgery = await forge(circuit, { state }, { [name]: (value) => value + 1n });
        assert.equal(forgery.failing.length, 1, name);
        assert.ok(passesWithout(forgery, forgery.failing[0]!));
        assert.notDeepEqual(forgery.publicSignals.slice(0, outputs), expected, name);
        forged.push(forgery);
      }
      assert.equal(forged.length, circuit.r1cs.constraints);
      assert.deepEqual(survivors(circuit, forged, [honest]), []);
    });

    it(`of width ${t} has one entry per constraint in A and in B, round 0 apart`, async () => {
      const { r1cs } = await permutation(t, outputs, 'O2');
      assert.equal(r1cs.constraints % 3, 0);
      // In round 0 an input is a state element and a constant: 2 entries where it stands.
      assert.equal(r1cs.a.wires.length, r1cs.constraints + t);
      assert.equal(r1cs.b.wires.length, r1cs.constraints + 2 * t);
    });
  }

  it('leaves no wire of a Hash free when the initial state and padding are constants', async () => {
    for (const n of [1, 4, 17]) {
      const circuit = await compileTestCircuit(
        `include "hash/hash.circom"; include "generated/constants.circom";
        component main = Hash(DOMAIN_SOURCE(), ${n});`,
        { optimization: 'O2' },
      );
      const inputs = Array.from({ length: n }, (_, j) => signalIndex(circuit, `main.inputs[${j}]`));
      assert.deepEqual(undeterminedWires(circuit, inputs), [], `${n}`);
    }
  });
});
