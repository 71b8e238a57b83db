import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STEP_NAMES, Steps } from '../../../devnet/demo/steps.ts';

test('a step that was not reached has not succeeded, and is not said to have failed', async () => {
  const said: string[] = [];
  const progress = { say: (line: string) => void said.push(line), update: () => {}, stop: () => {} };
  const steps = new Steps(progress);
  assert.equal(await steps.run('mint', 'Mints', async () => 5), 5);
  const fault = new Error('no');
  await assert.rejects(
    steps.run('transfer', 'Transfers', () => Promise.reject(fault)),
    fault,
  );
  assert.deepEqual(
    STEP_NAMES.filter((name) => steps.ended(name)),
    ['mint', 'transfer'],
  );
  assert.deepEqual(
    steps.results().filter(({ ok }) => ok),
    [{ name: 'mint', ok: true, seconds: steps.results().find(({ name }) => name === 'mint')!.seconds }],
  );
  assert.deepEqual(
    steps.results().map(({ name }) => name),
    STEP_NAMES,
  );
  assert.deepEqual(steps.errors, [fault]);
  assert.match(said.join('\n'), /> Mints\n {2}done: mint .*\n> Transfers\n {2}FAILED: transfer /);
});
