import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STEP_NAMES } from '../../../devnet/demo/step-names.ts';
import { Steps } from '../../../devnet/demo/steps.ts';

test('a step that was not reached has not succeeded, and is not said to have failed', async () => {
  const said: string[] = [];
  const steps = new Steps({
    start: (step) => void said.push(`> ${step}`),
    progress: () => {},
    end: (step, ok) => void said.push(`${ok ? 'done' : 'FAILED'} ${step}`),
    stop: () => {},
  });
  assert.equal(await steps.run('mint', async () => 5), 5);
  const fault = new Error('no');
  await assert.rejects(
    steps.run('transfer', () => Promise.reject(fault)),
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
  assert.deepEqual(said, ['> mint', 'done mint', '> transfer', 'FAILED transfer']);
});
