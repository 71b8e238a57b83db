import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compileProgram } from '../../program/compile/artifact.ts';
import { runFunction } from '../../program/run/run.ts';
import { G } from '../../protocol/curve/point.ts';

const file = new URL('starter.aleo', import.meta.url);
const program = compileProgram(readFileSync(file, 'utf8'));
/** The address that calls: any will do, nothing is signed here. */
const signer = G.x;
const receiver = 'azalea1zckhusteq0apeqhj6gn7xkuydvgn8n72fa2ckhltnlwdt7qamypq2yfche';

test('give makes a record of the receiver', () => {
  const { outputs } = runFunction(program, 'give', [receiver, 100n], signer);
  assert.deepEqual(outputs, [{ type: 'points.record', value: { owner: receiver, amount: '100u64' } }]);
});

test('transfer splits what is there', () => {
  const points = { owner: 'self.signer', amount: 100n };
  const { outputs } = runFunction(program, 'transfer', [points, receiver, 30n], signer);
  const amounts = outputs.map(({ value }) => (value as { amount: string }).amount);
  assert.deepEqual(amounts, ['30u64', '70u64']);
});

test('transfer halts when there are not as many', () => {
  const points = { owner: 'self.signer', amount: 10n };
  assert.throws(() => runFunction(program, 'transfer', [points, receiver, 30n], signer), {
    code: 'HALT_OVERFLOW',
  });
});
