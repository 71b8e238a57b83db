#!/usr/bin/env node
/** `npm run demo`: the whole rollup on one machine, every proof real and checked on L1. */
import { Command } from 'commander';
import { createProgress } from '../../host/progress.ts';
import { softwareName } from '../../host/software.ts';
import { onStopSignal } from '../../host/stop-signals.ts';
import { errorText } from '../../program/diagnostics/error-text.ts';
import type { KEY_ID } from '../../protocol/constants.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import { createLog } from '../../sequencer/process/log.ts';
import { type StartStep, startDevnet } from '../start.ts';
import { blockTable, meanGas, readBlockCosts, revealTable } from './report.ts';
import { type StepName, Steps } from './steps.ts';
import { Story } from './story.ts';

/** The circuits a small rollup needs; the large state update is for busy ones. */
const CIRCUITS = [
  'transition-small',
  'state-update-small',
] as const satisfies readonly (keyof typeof KEY_ID)[];

const options = new Command('demo')
  .description(
    'Deploys the rollup to an in-process chain and runs deposits, private transfers, withdrawals and attacks.',
  )
  .option('--json', 'print the result as JSON on the last line of standard output')
  .option('--log <level>', "the sequencer's log level (fatal, error, warn, info, debug)", 'error')
  .parse()
  .opts<{ json?: boolean; log: string }>();

const progress = createProgress();
const steps = new Steps(progress);
const stop = new AbortController();
onStopSignal(() => stop.abort(new AzaleaError('DEMO_STOPPED', 'Stopped before the end.')));

const startedAt = performance.now();
const times = new Map<string, number>();
let firstRun = false;

/** Start-up steps report through callbacks: circuits and keys overlap, so each has its own clock. */
function onStep(step: StartStep, state: 'start' | 'done'): void {
  const name: StepName | undefined = step === 'contracts' || step === 'deploy' ? step : undefined;
  if (state === 'start') times.set(step, performance.now());
  else if (name !== undefined) steps.record(name, true, (performance.now() - times.get(step)!) / 1000);
}

async function run(): Promise<void> {
  progress.say('Azalea demo. DEVELOPMENT KEYS: insecure by construction, for this machine only.');
  let circuitsDone = 0;
  let lastCircuit = startedAt;
  const net = await startDevnet({
    circuits: CIRCUITS,
    software: softwareName(),
    log: createLog(options.log as never),
    signal: stop.signal,
    // Independent transactions that arrive together share a block.
    sequencer: { blockDelayMs: 1500 },
    onStateUpdate: (input, seconds) => {
      // Blocks of deposits alone have no nullifier.
      if ((input.nullifiers as readonly bigint[]).some((nullifier) => nullifier !== 0n))
        stateUpdateSeconds += seconds;
    },
    onStep: (step, state) => {
      if (step === 'keys' && state === 'done') {
        steps.record('keys', true, (performance.now() - lastCircuit) / 1000);
      }
      onStep(step, state);
    },
    onSetup: ({ circuit, stage, fraction, cached }) => {
      progress.update(stage === 'compile' ? `compile ${circuit}` : `key of ${circuit}`, fraction);
      if (stage === 'key' && fraction === 1 && !cached) firstRun = true;
      if (stage === 'compile' && fraction === 1 && ++circuitsDone === CIRCUITS.length) {
        lastCircuit = performance.now();
        steps.record('circuits', true, (lastCircuit - startedAt) / 1000);
      }
    },
  });
  try {
    const story = new Story(net, steps, progress);
    await story.run();
    const costs = await readBlockCosts(net);
    progress.stop();
    report(story, costs);
  } finally {
    await net.close();
  }
}

let stateUpdateSeconds = 0;
let proofs = { transitionSeconds: 0, stateUpdateSecondsPerTransaction: 0 };
let gas = { perBlock: 0, perTransaction: 0 };

function report(story: Story, costs: Awaited<ReturnType<typeof readBlockCosts>>): void {
  gas = meanGas(costs);
  const seconds = story.sent.map(({ witnessSeconds, proofSeconds }) => witnessSeconds + proofSeconds);
  proofs = {
    transitionSeconds: round(seconds.reduce((sum, each) => sum + each, 0) / seconds.length),
    stateUpdateSecondsPerTransaction: round(stateUpdateSeconds / story.sent.length),
  };
  const out = options.json ? process.stderr : process.stdout;
  const say = (lines: readonly string[]): unknown => out.write(`${lines.join('\n')}\n`);
  say(['', 'Every transaction as the world sees it:', ...revealTable(costs, story.sent), '']);
  say(['Transition proofs:']);
  for (const { step, witnessSeconds, proofSeconds } of story.sent) {
    say([`  ${step.padEnd(18)} witness ${witnessSeconds.toFixed(2)} s, proof ${proofSeconds.toFixed(2)} s`]);
  }
  say([
    '',
    ...blockTable(costs),
    '',
    `mean gas ${gas.perBlock} per block, ${gas.perTransaction} per transaction`,
    '',
  ]);
}

function stepTable(): void {
  const out = options.json ? process.stderr : process.stdout;
  for (const { name, ok, seconds } of steps.results()) {
    const time = `${seconds.toFixed(1).padStart(7)} s`;
    out.write(
      steps.ended(name)
        ? `${ok ? 'ok  ' : 'FAIL'}  ${name.padEnd(20)} ${time}\n`
        : `-     ${name.padEnd(20)} not reached\n`,
    );
  }
  out.write(`total ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`);
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

let failure: unknown;
const stopped = new Promise<never>((_, reject) => {
  stop.signal.addEventListener('abort', () => reject(stop.signal.reason), { once: true });
});
try {
  await Promise.race([run(), stopped]);
} catch (error) {
  failure = error;
}
progress.stop();
stepTable();
const ok = failure === undefined && steps.results().every((step) => step.ok);
if (failure !== undefined) {
  const text = failure instanceof AzaleaError ? errorText(failure) : String((failure as Error).stack);
  process.stderr.write(`${text}\n`);
}
if (options.json) {
  process.stdout.write(`${JSON.stringify({ ok, firstRun, steps: steps.results(), proofs, gas })}\n`);
}
process.exit(ok ? 0 : 1);
