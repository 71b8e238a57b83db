/**
 * `npm test` runs every suite, `npm run test:unit` the fast one; `node scripts/run-tests.ts circuits contracts` those named;
 * further arguments that are files run just these. Ends with the summary of node:test; exit status 1 on any failure, or
 * if a suite that was asked for has no tests.
 */
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SUITES = ['unit', 'circuits', 'contracts', 'e2e'] as const;

const wanted = process.argv.slice(2);
const selection = wanted.length > 0 ? wanted : SUITES;
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

// A test that hangs is a failure, not a reason to wait for ever. Proof-making tests need minutes on a busy machine.
const TIMEOUT_MS = 20 * 60 * 1000;
// Two files at a time: proofs and circuit compilation use all cores as they are.
const args = [
  '--test',
  '--test-concurrency=2',
  `--test-timeout=${TIMEOUT_MS}`,
  '--test-reporter=spec',
  ...files,
];
const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
child.on('close', (code) => {
  process.exitCode ||= code ?? 1;
});
