#!/usr/bin/env node
/** `npm run demo`: the whole rollup on one machine, every proof real and checked on L1. */
import { Command } from 'commander';
import { layoutWidth, wrap } from '../../host/fit.ts';
import { softwareName } from '../../host/software.ts';
import { onStopSignal } from '../../host/stop-signals.ts';
import { errorText } from '../../program/diagnostics/error-text.ts';
import type { KEY_ID } from '../../protocol/constants.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import { printable, printableLines } from '../../protocol/printable.ts';
import { createLog } from '../../sequencer/process/log.ts';
import { startDevnet } from '../start.ts';
import { createBoard } from './board.ts';
import { detailLines, figuresOf, NO_FIGURES, resultLine } from './details.ts';
import { readBlockCosts } from './report.ts';
import { SetupSteps } from './setup-steps.ts';
import { Steps } from './steps.ts';
import { Story } from './story.ts';
import { costLines, observerLines, verdict } from './verdict.ts';

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
  .option('--details', 'also print every public byte of each transaction, and what each proof took')
  .option('--log <level>', "the sequencer's log level (fatal, error, warn, info, debug)", 'error')
  .parse()
  .opts<{ json?: boolean; details?: boolean; log: string }>();

/** Text for people; with --json the last line of standard output is the result. */
const out = options.json ? process.stderr : process.stdout;
const say = (lines: readonly string[]): unknown => out.write(`${lines.map(printable).join('\n')}\n`);
say(
  wrap(
    'Azalea demo. DEVELOPMENT KEYS: insecure, for this machine only.',
    layoutWidth(process.stdout.columns),
  ),
);
const board = createBoard(process.stderr);
const steps = new Steps(board);
const stop = new AbortController();
onStopSignal(() => stop.abort(new AzaleaError('DEMO_STOPPED', 'Stopped before the end.')));

const startedAt = performance.now();
let firstRun = false;
const setup = new SetupSteps(steps, board, CIRCUITS.length);

async function run(): Promise<void> {
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
    onStep: (step, state) => setup.onStep(step, state),
    onSetup: (event) => {
      setup.onSetup(event);
      if (event.stage === 'key' && event.fraction === 1 && !event.cached) firstRun = true;
    },
  });
  try {
    const story = new Story(net, steps, board);
    await story.run();
    const costs = await readBlockCosts(net);
    board.stop();
    report(story, costs);
  } finally {
    await net.close();
  }
}

let stateUpdateSeconds = 0;
let figures = NO_FIGURES;

function report(story: Story, costs: Awaited<ReturnType<typeof readBlockCosts>>): void {
  figures = figuresOf(costs, story.sent, stateUpdateSeconds);
  const { columns } = process.stdout;
  if (options.details) say(detailLines(costs, story, columns));
  say(['', ...observerLines(costs, columns), '']);
  say(
    costLines({ proofSeconds: figures.proofs.transitionSeconds, gas: figures.gas.perTransaction }, columns),
  );
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
board.stop();
const ok = failure === undefined && steps.results().every((step) => step.ok);
say([
  '',
  ...verdict(
    steps.results().map((step) => ({ ...step, ended: steps.ended(step.name) })),
    process.stdout.columns,
  ),
  `total ${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
]);
if (failure !== undefined) {
  const text =
    failure instanceof AzaleaError ? errorText(failure) : printableLines(String((failure as Error).stack));
  process.stderr.write(`${text}\n`);
}
if (options.json) {
  process.stdout.write(`${resultLine({ ok, firstRun, steps: steps.results(), ...figures })}\n`);
}
process.exit(ok ? 0 : 1);
