/** `npm run demo` as a user runs it: every step succeeds, and the last line is what `--json` promises. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { STEP_NAMES } from '../../devnet/demo/step-names.ts';

const MAIN = fileURLToPath(new URL('../../devnet/demo/main.ts', import.meta.url));

function run(args: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

test('the demo runs every step, attacks included, and says so in JSON', async () => {
  const { code, stdout, stderr } = await run(['--json']);
  assert.equal(code, 0, stderr.slice(-4000));
  const result = JSON.parse(stdout.trimEnd().split('\n').at(-1)!);
  assert.equal(result.ok, true);
  assert.equal(typeof result.firstRun, 'boolean');
  assert.deepEqual(
    result.steps.map((step: { name: string }) => step.name),
    [...STEP_NAMES],
  );
  for (const step of result.steps) {
    assert.equal(step.ok, true, step.name);
    assert.ok(step.seconds >= 0, step.name);
  }
  assert.ok(result.proofs.transitionSeconds > 0);
  assert.ok(result.proofs.stateUpdateSecondsPerTransaction > 0);
  assert.ok(result.gas.perBlock >= result.gas.perTransaction);
  assert.ok(result.gas.perTransaction > 100_000);
  assert.match(stderr, /withdrawn to 0x/, 'the public part of the withdrawal is shown');
});
