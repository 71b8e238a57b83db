/** Evaluations under attack keep slow results for each other: what one gives must not depend on those before it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { evaluate } from '../../../avm/evaluate.ts';
import { RecentResults } from '../../../avm/recent-results.ts';
import { FIELD_MODULUS } from '../../../protocol/constants.ts';
import { CARRIER, compile, evaluationInputs, value } from '../../support/program/programs.ts';

const field = fc.oneof(
  fc.constantFrom(0n, 1n, 4n, FIELD_MODULUS - 1n),
  fc.bigInt({ min: 0n, max: FIELD_MODULUS - 1n }),
);

const program = compile(
  `input r0 as field.private;
   input r1 as field.private;
   sqrt r0 into r2;
   inv r1 into r3;
   div r2 r3 into r4;
   hash.psd2 r4 into r5 as field;
   hash.psd2 r5 into r6 as group;
   mul r6 3scalar into r7;
   cast r7 into r8 as field;
   cast self.signer r4 r5 r8 into r9 as out.record;
   output r9 as out.record;`,
  CARRIER(3),
);

test('each is what a first evaluation gives', () => {
  const { lowered } = program.functions.get('f')!;
  const count = lowered.hints.length;
  assert.ok(count > 3 && (lowered.fn.group?.length ?? 0) > 0 && lowered.fn.hash.length > 1);
  const run = fc.record({
    inputs: fc.tuple(field, field),
    advice: fc.array(fc.tuple(fc.nat(count - 1), field), { maxLength: 3 }),
  });
  fc.assert(
    fc.property(fc.array(run, { minLength: 2, maxLength: 12 }), (runs) => {
      // The second time, all results are known or have made way for others.
      for (const { inputs, advice } of [...runs, ...runs]) {
        const given = evaluationInputs(
          program,
          inputs.map((each) => value('field', each)),
        );
        const forgery = { advice: new Map(advice) };
        // A copy of the function has nothing kept.
        assert.deepEqual(evaluate(lowered, given, forgery), evaluate({ ...lowered }, given, forgery));
      }
    }),
    { numRuns: 15 },
  );
});

test('results are of their operands only', () => {
  const results = new RecentResults<string>();
  let computed = 0;
  const of = (...operands: bigint[]): string =>
    results.of(operands, () => {
      computed++;
      return operands.join();
    });
  for (let round = 0; round < 3; round++) for (let x = 0n; x < 4n; x++) assert.equal(of(x, 7n), `${x},7`);
  assert.equal(computed, 4);
  for (let x = 0n; x < 100n; x++) assert.equal(of(7n, x), `7,${x}`);
  assert.equal(of(0n, 7n), '0,7');
  assert.equal(computed, 105);
  for (const operands of [[1n, 2n, 3n], [1n, 2n], [1n], [], [1n, 2n]])
    assert.equal(of(...operands), operands.join());
});
