import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { transitionSignals } from '../../protocol/transition.ts';
import { verifyAuthorization } from '../../protocol/verify-authorization.ts';
import { transitionInput } from '../../prover/witness/transition.ts';
import { calculateWitness, checkR1cs, loadCircuit, type TestCircuit } from '../support/circuits.ts';
import { burnCall, joinCall, mintCall, type TestCall, transferCall } from '../support/transitions.ts';

describe('transition-small, honest calls', () => {
  let circuit: TestCircuit;
  before(async () => {
    circuit = await loadCircuit('transition-small');
  });

  const calls: Readonly<Record<string, () => TestCall>> = {
    'mint: no record input, one output': mintCall,
    'transfer: one record input, two outputs': transferCall,
    'join: two record inputs': joinCall,
    'burn: a message, no output': burnCall,
  };
  for (const [name, make] of Object.entries(calls)) {
    it(`accepts ${name}, with the signals that were authorized`, () => {
      const made = make();
      assert.equal(verifyAuthorization(made.authorization), undefined);
      const witness = calculateWitness(circuit, transitionInput(made));
      assert.deepEqual(checkR1cs(circuit, witness), []);
      assert.deepEqual(witness.slice(1, 29), transitionSignals(made.authorization.signals));
    });
  }
});
