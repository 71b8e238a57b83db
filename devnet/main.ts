#!/usr/bin/env node
/** `npx azalea devnet` or `npm run devnet`: a rollup that stays up on this machine, from nothing, until Ctrl-C. See docs/devnet.md. */
import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { DEVNET_FILE, writeDevnet } from '../host/devnet-file.ts';
import { lazyProgress } from '../host/lazy-progress.ts';
import { softwareName } from '../host/software.ts';
import { onStopSignal } from '../host/stop-signals.ts';
import type { KeyName } from '../l1/verification-key.ts';
import { errorText } from '../program/diagnostics/error-text.ts';
import { AzaleaError } from '../protocol/errors.ts';
import { printableLines } from '../protocol/printable.ts';
import { createLog, LOG_LEVELS, type LogLevel } from '../sequencer/process/log.ts';
import { devnetBanner } from './banner.ts';
import { describeDevnet } from './describe.ts';
import { requireFreePort } from './free-port.ts';
import { type Devnet, type StartStep, startDevnet } from './start.ts';

interface Options {
  readonly l1Port: number;
  readonly port: number;
  readonly blockMs?: number;
  readonly file: string;
  readonly large: boolean;
  readonly log: LogLevel;
  readonly quiet?: boolean;
}

const STEP_TITLES: Readonly<Record<StartStep, string>> = {
  keys: 'Circuits and development keys',
  contracts: 'Contracts',
  deploy: 'L1 node and deployment',
  sequencer: 'Sequencer',
};

function integer(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };
}

const options = new Command('devnet')
  .description(
    'Runs a complete rollup on this machine: L1 node, contracts, sequencer, funded accounts. It starts afresh each time ' +
      'and keeps nothing. Ctrl-C ends it.',
  )
  .option('--l1-port <port>', 'port of the L1 node (JSON-RPC); 0 picks a free one', integer(0, 65535), 8545)
  .option('--port <port>', 'port of the sequencer; 0 picks a free one', integer(0, 65535), 8080)
  .option(
    '--block-ms <ms>',
    'milliseconds between L1 blocks; without it each transaction is mined at once',
    integer(50, 3_600_000),
  )
  .option('--file <path>', 'where to write how to reach it', DEVNET_FILE)
  .option(
    '--no-large',
    'leave out the large circuits: a faster first start, more expensive busy blocks, no functions of the large size',
  )
  .option('--log <level>', `the sequencer's log level (${LOG_LEVELS.join(', ')})`, 'warn')
  .option('--quiet', 'print nothing but errors')
  .parse()
  .opts<Options>();

const progress = options.quiet ? { say() {}, update() {}, stop() {} } : lazyProgress();
const file = resolve(options.file);
const circuits: KeyName[] = ['transition-small', 'state-update-small'];
// Calls of the large size: their proving key is made when a wallet first needs it.
const laterCircuits: KeyName[] = [];
if (options.large) {
  circuits.push('state-update-large');
  laterCircuits.push('transition-large');
}

const stop = new AbortController();
const stopped = new Promise<void>((done) => {
  stop.signal.addEventListener('abort', () => done(), { once: true });
});
onStopSignal(() => {
  progress.say('Stopping.');
  stop.abort(new AzaleaError('DEVNET_STOPPED', 'Stopped before it was up.'));
});

async function start(): Promise<Devnet> {
  // Keys take minutes: a port that is taken is said before, not after.
  await requireFreePort(options.l1Port, '--l1-port');
  await requireFreePort(options.port, '--port');
  return startDevnet({
    circuits,
    laterCircuits,
    software: softwareName(),
    l1Port: options.l1Port,
    sequencerPort: options.port,
    l1BlockMs: options.blockMs,
    log: createLog(options.quiet ? 'error' : options.log),
    signal: stop.signal,
    onStep: (step, state) => progress.say(`${state === 'start' ? '>' : '  done:'} ${STEP_TITLES[step]}`),
    onSetup: ({ circuit, stage, fraction }) =>
      progress.update(stage === 'compile' ? `compile ${circuit}` : `key of ${circuit}`, fraction),
  });
}

async function run(): Promise<void> {
  progress.say('Azalea devnet. DEVELOPMENT KEYS: insecure by construction, for this machine only.');
  progress.say('It starts afresh: whatever an earlier devnet held is gone.');
  const net = await start();
  let takeAway: (() => Promise<void>) | undefined;
  try {
    stop.signal.throwIfAborted();
    takeAway = await writeDevnet(file, describeDevnet(net));
    progress.stop();
    if (!options.quiet) process.stdout.write(`${devnetBanner(net, file).join('\n')}\n`);
    await Promise.race([stopped, net.service.finished]);
  } finally {
    await takeAway?.();
    await net.close();
  }
}

let failure: unknown;
try {
  await run();
} catch (error) {
  failure = stop.signal.aborted ? undefined : error;
}
progress.stop();
if (failure !== undefined) {
  const text =
    failure instanceof AzaleaError ? errorText(failure) : printableLines(String((failure as Error).stack));
  process.stderr.write(`${text}\n`);
}
process.exit(failure === undefined ? 0 : 1);
