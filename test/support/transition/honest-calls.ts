/** Honest calls on the whole circuit. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { verifyAuthorization } from '../../../protocol/call/verify-authorization.ts';
import { transitionSignals } from '../../../protocol/transaction/transition.ts';
import { transitionInput } from '../../../prover/witness/transition.ts';
import { calculateWitness, checkR1cs, type TestCircuit } from '../circuit/circuits.ts';
import type { TestCall } from './transitions.ts';

/** Called in a suite: one test for each call. `signals`: how many public signals the circuit has. */
export function acceptsCalls(
  circuit: () => TestCircuit,
  signals: number,
  calls: Readonly<Record<string, () => TestCall>>,
): void {
  for (const [name, make] of Object.entries(calls)) {
    it(`accepts ${name}, with the signals that were authorized`, () => {
      const { r1cs } = circuit();
      const made = make();
      assert.equal(verifyAuthorization(made.authorization), undefined);
      const witness = calculateWitness(circuit(), transitionInput(made));
      assert.deepEqual(checkR1cs(circuit(), witness), []);
      assert.equal(r1cs.publicSignals, signals);
      assert.deepEqual(witness.slice(1, 1 + signals), transitionSignals(made.authorization.signals));
    });
  }
}
