/** A product that is cast to boolean and asserted says a * b = 1, not a = 1 and b = 1. 2 * 1/2 is a proof too. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulate } from '../../../program/run/simulate.ts';
import { fieldInv } from '../../../protocol/field.ts';
import { CARRIER, CONTEXT, compile, forge, value } from '../../support/program/programs.ts';

const body = (asserted: string): string => `    input r0 as field.private;
    input r1 as field.private;
    mul r0 r1 into r2;
    cast r2 into r3 as boolean;
    ${asserted};
    cast self.signer r0 into r4 as out.record;
    output r4 as out.record;
`;

test('factors of a boolean product are not taken for booleans', () => {
  for (const asserted of ['assert.eq r3 true', 'assert.neq r3 false']) {
    const program = compile(body(asserted), CARRIER(1));
    for (const [a, b, holds] of [
      [1n, 1n, true],
      [2n, fieldInv(2n), true],
      [0n, 5n, false],
      [2n, 3n, false],
    ] as const) {
      const inputs = [value('field', a), value('field', b)];
      if (!holds) {
        assert.throws(() => simulate(program, 'f', inputs, CONTEXT));
        assert.equal(forge(program, inputs, new Map()), undefined, `${a} * ${b} must not pass`);
        continue;
      }
      assert.equal(simulate(program, 'f', inputs, CONTEXT).recordOutputs[0].data[0], a);
      assert.notEqual(forge(program, inputs, new Map()), undefined);
    }
  }
});
