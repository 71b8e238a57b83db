/**
 * `npm test` runs every suite, `npm run test:unit` the fast one; `node scripts/run-tests.ts circuits contracts` those named;
 * arguments that are no suite are files. Ends with the time of each suite and the summary of node:test, over all suites; exit
 * status 1 on any failure, or if a suite or file that was asked for has no tests.
 */
import { globSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { run } from 'node:test';
import { fileURLToPath } from 'node:url';
import { endWithParent } from '../host/end-with-parent.ts';
import { cacheDirectory } from '../prover/node/cache-directory.ts';
import { SuiteTimes, specWithTimes } from './suite-times.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SUITES = ['unit', 'cli', 'soundness', 'circuits', 'keys', 'contracts', 'e2e'] as const;
/** These take minutes. They start before others of their kind, the longest first: none runs alone at the end. */
const LONG = [
  'test/e2e/sequencer-crashes.test.ts',
  'test/circuits/avm/replay.test.ts',
  'test/e2e/large-transaction.test.ts',
  'test/e2e/programs.test.ts',
  'test/e2e/cli-wallet.test.ts',
  'test/e2e/demo.test.ts',
  'test/e2e/sequencer-l1.test.ts',
  'test/e2e/sequencer-chunks.test.ts',
  'test/circuits/avm/hostile-bytecode.test.ts',
];
/** Quick suites, whose failures are told first. */
const QUICK = /^test\/(unit|cli)\//;
const MINUTE_MS = 60_000;
/**
 * Proofs use two cores as they are, but between them a test waits for a chain, a process or a single thread: with one file more
 * than cores, another one works meanwhile.
 */
const FILES_AT_A_TIME = 3;
/** For one test, and for one file. Those that prove need minutes on a busy machine. */
const TEST_TIMEOUT_MS = 30 * MINUTE_MS;
const FILE_TIMEOUT_MS = 45 * MINUTE_MS;
/** Limit for all suites together: if anything hangs, the run ends, and fails. */
const RUN_TIMEOUT_MS = 75 * MINUTE_MS;

const selection = process.argv.length > 2 ? process.argv.slice(2) : SUITES;
const files = new Set<string>();
const rank = (file: string): number =>
  QUICK.test(file) ? 0 : LONG.includes(file) ? 1 + LONG.indexOf(file) : 1 + LONG.length;
for (const item of selection) {
  const isSuite = (SUITES as readonly string[]).includes(item);
  const found = globSync(isSuite ? `test/${item}/**/*.test.ts` : item, { cwd: ROOT }).sort();
  if (found.length === 0) {
    console.error(`no tests in ${isSuite ? `suite ${item}` : item}; suites: ${SUITES.join(', ')}`);
    process.exitCode = 1;
  }
  for (const file of found) files.add(file);
}

if (files.size > 0) {
  // What Node makes of the sources is kept for the next process: a tenth of the time of a short test.
  process.env.NODE_COMPILE_CACHE ??= join(cacheDirectory(), 'compiled');
  const stop = new AbortController();
  const watchdog = setTimeout(() => {
    console.error(`the tests have not ended after ${RUN_TIMEOUT_MS / MINUTE_MS} minutes`);
    end();
  }, RUN_TIMEOUT_MS);
  const end = (): void => {
    process.exitCode = 1;
    stop.abort();
    setTimeout(() => process.exit(1), 5_000).unref();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end);
  endWithParent();

  const times = new SuiteTimes(ROOT);
  const stream = run({
    files: [...files].sort((x, y) => rank(x) - rank(y)).map((file) => resolve(ROOT, file)),
    cwd: ROOT,
    concurrency: FILES_AT_A_TIME,
    timeout: FILE_TIMEOUT_MS,
    signal: stop.signal,
    // A file whose tests are done ends, even if a thread or a socket is still open.
    execArgv: ['--test-force-exit', `--test-timeout=${TEST_TIMEOUT_MS}`],
  });
  for await (const text of specWithTimes(stream, times)) process.stdout.write(text);
  clearTimeout(watchdog);
  if (times.passed !== true) process.exitCode = 1;
}
