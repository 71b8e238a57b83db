/** The circuit that a function needs: the cheapest that holds it; and the excess of a function that fits none. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkAvm } from '../../../avm/check.ts';
import { simulate } from '../../../program/run/simulate.ts';
import { AVM_SIZE } from '../../../protocol/constants.ts';
import {
  avmArguments,
  CARRIER,
  CONTEXT,
  compile,
  evaluationInputs,
  value,
} from '../../support/program/programs.ts';

/** `count` products, each of the one before. */
const chain = (count: number): string =>
  `input r0 as field.private;\n${Array.from({ length: count }, (_, i) => `mul r${i} r0 into r${i + 1};\n`).join('')}cast self.signer r${count} into r${count + 1} as out.record;\noutput r${count + 1} as out.record;`;

test('a function takes the small size as long as it fits', () => {
  const small = compile(chain(63), CARRIER(1)).functions.get('f')!;
  assert.equal(small.bytecode.sizeClass, 'small');
  assert.deepEqual(small.capacity.rows, { used: 63, capacity: 64 });
  const large = compile(chain(65), CARRIER(1)).functions.get('f')!;
  assert.equal(large.bytecode.sizeClass, 'large');
  assert.deepEqual(large.capacity.rows, { used: 65, capacity: AVM_SIZE.large.rows });
});

test('the size class is part of the function id, and the bytecode of the large size runs', () => {
  const program = compile(chain(100), CARRIER(1));
  const inputs = [value('field', 3n)];
  const { trace, recordOutputs } = simulate(program, 'f', inputs, CONTEXT);
  assert.equal(recordOutputs[0].data[0], 3n ** 101n);
  const given = evaluationInputs(program, inputs);
  const args = avmArguments(given);
  const { bytecode } = program.functions.get('f')!;
  assert.equal(bytecode.constants.length, AVM_SIZE.large.constants);
  assert.ok(checkAvm(bytecode, args, trace).ok);
  const forged = { ...trace, rows: trace.rows.map((row, i) => (i === 40 ? row + 1n : row)) };
  assert.ok(!checkAvm(bytecode, args, forged).ok);
});

test('three records in, or seventeen inputs, need the large size', () => {
  const record = 'record r:\n    owner as address.private;\n    n as u64.private;\n';
  const records = compile('input r0 as r.record;\ninput r1 as r.record;\ninput r2 as r.record;\n', record);
  assert.equal(records.functions.get('f')!.bytecode.sizeClass, 'large');
  const inputs = compile('input r0 as [u8; 17u32].private;\n');
  assert.equal(inputs.functions.get('f')!.bytecode.sizeClass, 'large');
});

test('what fits no size says what it exceeds and by how much', () => {
  assert.throws(() => compile(chain(300), CARRIER(1)), {
    code: 'PROGRAM_CAPACITY',
    message: /function f does not fit the large circuit: it uses 300 rows of 256 \(44 too many\)/,
  });
});
