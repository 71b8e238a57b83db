#!/usr/bin/env node
/** `npm run bench`: measures this version on this machine. Meaning of the figures: docs/benchmarks.md. */
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { endWithParent } from '../host/end-with-parent.ts';
import { createProgress } from '../host/progress.ts';
import { buildContracts } from '../l1/artifacts.ts';
import { printableLines } from '../protocol/printable.ts';
import type { SetupEvent } from '../prover/node/dev-key-builder.ts';
import { ensureDevKeys } from '../prover/node/dev-keys.ts';
import { measureSnarkjs } from './against-snarkjs.ts';
import { cachedProver } from './cached-prover.ts';
import { measureGas } from './gas.ts';
import { busyWarning, describeMachine } from './machine.ts';
import { countMultiplications, measureMultiplication } from './multiplications.ts';
import { measurePrograms } from './programs.ts';
import { type Figures, reportLines } from './report.ts';
import { measureScan } from './scan.ts';
import { measureSetup } from './setup.ts';
import { measureStateUpdate } from './state-update.ts';
import { tokenCalls } from './token-calls.ts';
import { measureTransition, type TransitionFigures } from './transition.ts';
import { measureVerification } from './verification.ts';
import { measureWitnessRatio } from './witness.ts';

/** Those that a first run builds. */
const CIRCUITS = ['transition-small', 'state-update-small', 'state-update-large'] as const;

const options = new Command('bench')
  .description('Measures proofs, gas, scanning and sizes. Run it on a quiet machine.')
  .option('--json <file>', 'also write the figures to a file')
  .option(
    '--quick',
    'fewer runs; leaves out the set-up from nothing and blocks of 16 and 32 (null in the file)',
  )
  .parse()
  .opts<{ json?: string; quick?: boolean }>();
const quick = options.quick ?? false;

endWithParent();
// Errors may carry texts of a node or of a file.
process.on('uncaughtException', (error) => {
  process.stderr.write(`${printableLines(error.stack ?? String(error))}\n`);
  process.exit(1);
});
const progress = createProgress();
const onSetup = ({ circuit, stage, fraction }: SetupEvent): void =>
  progress.update(stage === 'compile' ? `compile ${circuit}` : `key of ${circuit}`, fraction);

const busy = busyWarning();
progress.say(`Measuring on ${describeMachine()}`);
if (busy !== undefined) progress.say(busy);
progress.say('circuits, keys and contracts (from the cache where they are there)');
const keys = await ensureDevKeys(CIRCUITS, { onProgress: onSetup });
await buildContracts();
const [transitionKey, , largeKey] = keys;
const calls = await tokenCalls();

progress.say('programs');
const programs = await measurePrograms(quick ? 3 : 9);
progress.say('scanning');
const scan = await measureScan(calls, quick ? 2 : 5);
progress.say('verification');
const verification = await measureVerification(quick ? 2 : 5);
progress.say('transition proofs');
const transition = await measureTransition('small', transitionKey, calls, quick ? 2 : 5);
const [largeTransitionKey] = await ensureDevKeys(['transition-large'], { onProgress: onSetup });
const largeTransition = await measureTransition('large', largeTransitionKey, calls, quick ? 2 : 5);
const largeWitnessRatio = await measureWitnessRatio('large', largeTransitionKey, calls, quick ? 2 : 5);
progress.say('field multiplications');
const multiplication = await measureMultiplication();
const multiplications = await countMultiplications(transitionKey, calls);
progress.say("the same by snarkjs's own prover");
const snarkjsProofSeconds = await measureSnarkjs(transitionKey, calls, quick ? 1 : 3);
progress.say('state updates, large and full');
const stateUpdate = await measureStateUpdate(largeKey, quick ? 1 : 3);
progress.say('gas of real blocks');
const prover = cachedProver(keys);
const gas = await measureGas({
  ...prover,
  calls,
  counts: quick ? [1, 4] : [1, 4, 16, 32],
  onProgress: (fraction) => progress.update('proofs for the blocks', fraction),
});
await prover.close();
if (!quick) progress.say('circuits and keys from nothing');
const setupSeconds = quick ? null : await measureSetup(CIRCUITS, onSetup);
progress.stop();

const rounded = (value: number, digits = 0): number => Number(value.toFixed(digits));
const gasAt = (count: number): number | null => {
  const each = gas.get(count);
  return each === undefined ? null : rounded(each);
};
function shown(measured: TransitionFigures): Figures['transition']['small'] {
  return {
    constraints: measured.constraints,
    witnessSeconds: rounded(measured.witnessSeconds, 3),
    proofSeconds: rounded(measured.proofSeconds, 3),
    peakMemoryMiB: measured.peakMemoryMiB === null ? null : rounded(measured.peakMemoryMiB),
  };
}
const figures: Figures = {
  setupSeconds: setupSeconds === null ? null : rounded(setupSeconds, 1),
  transition: { small: shown(transition), large: shown(largeTransition) },
  stateUpdate: { secondsPerTransaction: rounded(stateUpdate.secondsPerTransaction, 3) },
  gas: { 1: gasAt(1), 4: gasAt(4), 16: gasAt(16), 32: gasAt(32) },
  scan: { recordsPerSecond: rounded(scan.recordsPerSecond) },
  verification: { proofsPerSecond: rounded(verification.proofsPerSecond) },
  bytes: transition.bytes,
  programs: {
    compileMs: Object.fromEntries(
      Object.entries(programs.compileMs).map(([name, milliseconds]) => [name, rounded(milliseconds, 1)]),
    ),
    interpretMs: rounded(programs.interpretMs, 2),
    fitSmall: programs.fitSmall,
  },
};
const notes = {
  machine: busy === undefined ? describeMachine() : `${describeMachine()}\n${busy}`,
  firstProofSeconds: transition.firstSeconds,
  stateUpdatePeakMiB: stateUpdate.peakMemoryMiB,
  snarkjsProofSeconds,
  multiplication,
  boundSeconds: (multiplications * multiplication.own) / 1e9 / Math.min(8, availableParallelism()),
  largeWitnessRatio,
  scanRatio: scan.ratio,
  verificationRatio: verification.ratio,
};
process.stdout.write(`${reportLines(figures, notes).join('\n')}\n`);
if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(figures, null, 2)}\n`);
// snarkjs keeps its threads.
process.exit(0);
