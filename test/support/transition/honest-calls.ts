/** Honest calls on the whole circuit. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { challengeHash } from '../../../protocol/call/challenge.ts';
import { verifyAuthorization } from '../../../protocol/call/verify-authorization.ts';
import { transitionKeyId, transitionPublicInputs } from '../../../protocol/transaction/statement.ts';
import { transitionSignals } from '../../../protocol/transaction/transition.ts';
import { transitionInput } from '../../../prover/witness/transition.ts';
import { calculateWitness, checkR1cs, type TestCircuit } from '../circuit/circuits.ts';
import type { TestCall } from './transitions.ts';

/** Called in a suite: one test for each call. */
export function acceptsCalls(
  circuit: () => TestCircuit,
  calls: Readonly<Record<string, () => TestCall>>,
): void {
  for (const [name, make] of Object.entries(calls)) {
    it(`accepts ${name}, with the public inputs of the statement that was authorized`, () => {
      const { r1cs } = circuit();
      const made = make();
      assert.equal(verifyAuthorization(made.authorization), undefined);
      const witness = calculateWitness(circuit(), transitionInput(made));
      assert.deepEqual(checkR1cs(circuit(), witness), []);
      assert.equal(r1cs.publicSignals, 3);
      const { authorization } = made;
      assert.deepEqual(
        witness.slice(1, 4),
        transitionPublicInputs(
          transitionKeyId(authorization.sizeClass),
          transitionSignals(authorization.signals),
          challengeHash(authorization),
        ),
      );
    });
  }
}
