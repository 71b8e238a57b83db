/**
 * `npm test` runs every suite, `npm run test:unit` the fast one; `node scripts/run-tests.ts circuits contracts` those named;
 * arguments that are no suite are files. Ends with the summary of node:test; exit status 1 on any failure, or if a suite
 * or file that was asked for has no tests.
 */
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SUITES = ['unit', 'soundness', 'circuits', 'contracts', 'e2e'] as const;
const MINUTE_MS = 60_000;
/** For one test. Those that prove need minutes on a busy machine. */
const TEST_TIMEOUT_MS = 15 * MINUTE_MS;
/** For all together: whatever hangs, the run ends, and fails. */
const RUN_TIMEOUT_MS = 75 * MINUTE_MS;

const selection = process.argv.length > 2 ? process.argv.slice(2) : SUITES;
const files: string[] = [];
for (const item of selection) {
  const isSuite = (SUITES as readonly string[]).includes(item);
  const found = globSync(isSuite ? `test/${item}/**/*.test.ts` : item, { cwd: ROOT }).sort();
  if (found.length === 0) {
    console.error(`no tests in ${isSuite ? `suite ${item}` : item}; suites: ${SUITES.join(', ')}`);
    process.exitCode = 1;
  }
  files.push(...found);
}

if (files.length > 0) {
  const child = spawn(
    process.execPath,
    [
      '--test',
      // Two files at a time: proofs and circuit compilation use all cores as they are.
      '--test-concurrency=2',
      `--test-timeout=${TEST_TIMEOUT_MS}`,
      // A file whose tests are done ends, even if a thread or a socket is still open.
      '--test-force-exit',
      '--test-reporter=spec',
      ...files,
    ],
    { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const watchdog = setTimeout(() => {
    console.error(`the tests have not ended after ${RUN_TIMEOUT_MS / MINUTE_MS} minutes`);
    process.exitCode = 1;
    child.kill('SIGKILL');
  }, RUN_TIMEOUT_MS);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  child.on('close', (code) => {
    clearTimeout(watchdog);
    process.exitCode ||= code ?? 1;
  });
}
