/**
 * Attacks with gamma off the curve. (0, y) with y of small multiplicative order behaves under the addition law like a point
 * of small order that the curve does not have. It would lead to a nullifier that is not the record's. The curve equation
 * prevents it.
 */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { FIELD_MODULUS } from '../../../protocol/constants.ts';
import { isOnCurve, mulPoint, type Point } from '../../../protocol/curve/point.ts';
import { fieldMul, fieldPow } from '../../../protocol/field.ts';
import {
  describeConstraint,
  loadStatementCircuit,
  type TestCircuit,
} from '../../support/circuit/circuits.ts';
import { forgeCall, run } from '../../support/transition/forge-call.ts';
import { transferCall } from '../../support/transition/transitions.ts';

/** A root of unity of order 2^k: 5 is no square mod r, so 5^((r-1)/2^k) has that order. */
const rootOfUnity = (k: bigint): bigint => fieldPow(5n, (FIELD_MODULUS - 1n) >> k);

describe('transition-small, gamma off the curve', () => {
  let circuit: TestCircuit;
  before(async () => {
    circuit = await loadStatementCircuit('transition-small');
  });

  const forgeries: Readonly<Record<string, (gamma: Point) => Point>> = {
    '(0, i) of order 4': () => ({ x: 0n, y: rootOfUnity(2n) }),
    '(0, root of order 8)': () => ({ x: 0n, y: rootOfUnity(3n) }),
    '(0, root of order 16), whose 8-fold is (0, -1)': () => ({ x: 0n, y: rootOfUnity(4n) }),
    'gamma + (0, i), the honest one scaled': ({ x, y }) => ({
      x: fieldMul(x, rootOfUnity(2n)),
      y: fieldMul(y, rootOfUnity(2n)),
    }),
    'a multiple of gamma with one coordinate changed': (gamma) => ({ ...mulPoint(gamma, 3n), x: gamma.x }),
  };
  for (const [name, make] of Object.entries(forgeries)) {
    it(`refuses ${name}`, async () => {
      const honest = transferCall();
      const forged = make(honest.authorization.recordInputs[0].gamma);
      assert.ok(!isOnCurve(forged));
      const result = await run(
        circuit,
        forgeCall(honest, {
          inputs: ([slot]) => {
            slot.gamma = forged;
          },
        }),
      );
      const named = result.failing.map((index) => describeConstraint(circuit, index));
      assert.ok(
        named.some((constraint) => constraint.includes('input_[0].real.curve')),
        `the curve equation of gamma must fail; failing: ${named.map((text) => text.slice(0, 80)).join('; ')}`,
      );
    });
  }
});
