#!/usr/bin/env node
/** `npx azalea-sequencer`: the sequencer alone, against any L1. As a service: docs/operations.md. */
import { join } from 'node:path';
import { Command } from 'commander';
import type { Logger } from 'pino';
import { softwareBuild } from '../host/software.ts';
import { onStopSignal } from '../host/stop-signals.ts';
import { KEY_ID } from '../protocol/constants.ts';
import { AzaleaError } from '../protocol/errors.ts';
import { printable, printableLines } from '../protocol/printable.ts';
import { compileCircuit } from '../prover/node/compile.ts';
import { readCircuitKey } from '../prover/node/dev-key-builder.ts';
import { ensureDevKeyTable } from '../prover/node/dev-keys.ts';
import { madeOnDemand } from './keys/dev-proving-key.ts';
import { ViemL1 } from './l1/viem.ts';
import { environmentName, loadConfig, SequencerConfig } from './process/config.ts';
import { createLog, type LogLevel } from './process/log.ts';
import { SEQUENCER_CIRCUITS, type ServiceOptions, startService } from './process/service.ts';

const { version } = softwareBuild();

const settings = Object.entries(SequencerConfig.properties)
  .map(([name, schema]) => {
    const text = schema.default === undefined ? 'required' : `default ${JSON.stringify(schema.default)}`;
    return `  ${environmentName(name).padEnd(32)}${schema.description} (${text})`;
  })
  .join('\n');

const program = new Command('sequencer')
  .description('Accepts transactions, builds and proves blocks, publishes them to L1 and follows it.')
  .version(version)
  .option('-c, --config <file>', 'JSON file with settings (names as below in camelCase: l1Url, rollup, ...)')
  .option('--l1-url <url>', 'JSON-RPC endpoint of L1')
  .option('--rollup <address>', 'address of the rollup contract')
  .option('--data-directory <path>', 'LMDB directory')
  .option('--port <number>', 'HTTP port')
  .addHelpText(
    'after',
    `
Environment (overrides the file; options override both):
${settings}
  ${environmentName('proposerKeyFile').padEnd(32)}file that holds the proposer's private key
  ${'AZALEA_CACHE_DIR'.padEnd(32)}cache of circuits and keys

A fresh data directory is rebuilt from L1 alone. Ctrl-C (SIGINT) or SIGTERM ends it cleanly: requests in work are
finished, the block in work is parked on disk and resumed by the next start.`,
  );

/** Circuits whose keys the rollup has; all while L1 does not answer. */
async function circuitsOf(config: SequencerConfig): Promise<string[]> {
  try {
    const { keys } = await new ViemL1({ ...config, url: config.l1Url, timeoutMs: 2000 }).rollupInfo();
    return SEQUENCER_CIRCUITS.filter((circuit) => keys.some(({ id }) => id === KEY_ID[circuit]));
  } catch (error) {
    if (error instanceof AzaleaError && error.code === 'L1_NOT_A_ROLLUP') throw error;
    return [...SEQUENCER_CIRCUITS];
  }
}

/** Development keys of circuits that only clients prove with are made when the first client asks. */
const MADE_LATER: readonly string[] = ['transition-large'];

async function loadKeys(
  config: SequencerConfig,
  log: Logger,
  signal: AbortSignal,
): Promise<Pick<ServiceOptions, 'keys' | 'laterKeys'>> {
  const circuits = await circuitsOf(config);
  if (config.keysDirectory !== '') {
    const keys = await Promise.all(
      circuits.map(async (name) => {
        const circuit = await compileCircuit(name, { signal });
        return { ...(await readCircuitKey(circuit, join(config.keysDirectory, name))), built: false };
      }),
    );
    return { keys };
  }
  let last = '';
  const { whole, later } = await ensureDevKeyTable(
    {
      whole: circuits.filter((name) => !MADE_LATER.includes(name)),
      later: circuits.filter((name) => MADE_LATER.includes(name)),
    },
    {
      signal,
      onProgress: ({ circuit, stage, fraction }) => {
        const line = `${circuit} ${stage} ${Math.floor(fraction * 10) * 10} %`;
        if (line !== last) log.info(line);
        last = line;
      },
    },
  );
  return { keys: whole, laterKeys: later.map((key) => madeOnDemand(key)) };
}

async function main(): Promise<void> {
  const options = program
    .parse()
    .opts<{ config?: string; l1Url?: string; rollup?: string; dataDirectory?: string; port?: string }>();
  const { config: file, port, ...rest } = options;
  const warnings: string[] = [];
  const config = loadConfig({
    file,
    environment: process.env,
    overrides: { ...rest, port: port === undefined ? undefined : Number(port) },
    onWarning: (text) => warnings.push(text),
  });
  // Child processes need no key.
  delete process.env[environmentName('proposerKey')];
  const log = createLog(config.logLevel as LogLevel);
  for (const text of warnings) log.warn(text);
  const stop = new AbortController();
  let service: Awaited<ReturnType<typeof startService>> | undefined;
  onStopSignal((signal) => {
    log.info({ signal }, 'stopping');
    stop.abort(new AzaleaError('SEQUENCER_STOPPING', 'Stopped before the keys were ready'));
    void service?.close();
  });
  const keys = await loadKeys(config, log, stop.signal);
  service = await startService({ config, ...keys, software: `azalea ${version}` }, { log });
  // A signal that came while it started has closed nothing.
  if (stop.signal.aborted) await service.close();
  process.send?.({ url: service.url });
  try {
    await service.finished;
  } finally {
    await service.close();
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    if (error instanceof AzaleaError && error.code === 'SEQUENCER_STOPPING') process.exit(0);
    const known = error instanceof AzaleaError;
    process.stderr.write(
      known
        ? `${error.code}: ${printable(error.message)}\n`
        : `${printableLines(String((error as Error)?.stack ?? error))}\n`,
    );
    process.exit(1);
  },
);
