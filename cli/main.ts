#!/usr/bin/env node
/**
 * `npx azalea`: the wallet (docs/wallet.md) and the tools for programs (docs/programs.md). An error is one line on standard
 * error, `CODE: message`; one at a place of a program is a compiler's message. Exit status: cli/terminal/exit-status.ts.
 */
import { constants } from 'node:os';
import { type Command, CommanderError } from 'commander';
import { endWithParent } from '../host/end-with-parent.ts';
import { errorText } from '../program/diagnostics/error-text.ts';
import { HaltError } from '../program/diagnostics/errors.ts';
import { AzaleaError } from '../protocol/errors.ts';
import { printable } from '../protocol/printable.ts';
import { createProgram } from './command-line.ts';
import { createContext } from './context.ts';
import { ExitStatus, HALTED } from './terminal/exit-status.ts';
import { paintFor } from './terminal/paint.ts';

const stop = new AbortController();
let status = 0;

function fail(text: string): void {
  process.stderr.write(`${printable(text)}\n`);
  status = 1;
}

function report(error: unknown): void {
  if (error instanceof CommanderError) status = error.exitCode === 0 ? 0 : 1;
  else if (error instanceof ExitStatus) status = error.status;
  else if (error instanceof AzaleaError) {
    process.stderr.write(`${errorText(error, paintFor(process.stderr))}\n`);
    status = error instanceof HaltError ? HALTED : 1;
  } else if ((error as Error).name === 'ExitPromptError') status = 128 + constants.signals.SIGINT;
  else if (process.env.AZALEA_DEBUG !== undefined) fail(String((error as Error).stack));
  else fail(`INTERNAL: ${(error as Error).message} (a defect, please report it; AZALEA_DEBUG=1 shows more)`);
}

/** Everywhere, with the commands' commands: errors are thrown and written as one line. */
function configure(command: Command): void {
  command
    .exitOverride()
    .configureOutput({ outputError: (text) => fail(`USAGE: ${text.trim().replace(/^error: /, '')}`) });
  command.commands.forEach(configure);
}

/**
 * Handles signals for the wallet's commands, which have something to close. The system ends the others: they block their
 * thread while they read and compile, and would notice a signal only after they are done.
 */
function endOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // Ctrl-C reaches this process twice when an older Node's has started it: from the terminal and from that one.
      if (stop.signal.aborted) return;
      status = 128 + constants.signals[signal];
      stop.abort(new AzaleaError('INTERRUPTED', 'Interrupted.'));
      // Everything proven and sent is in the store; nothing else is lost by ending at once.
      setTimeout(() => process.exit(status), 1000).unref();
    });
  }
}

/** A negative literal is no option: `-5i8`. A space before it keeps commander from taking it for one. */
function protectLiteral(argument: string): string {
  return /^-\d[\d_]*[a-z][a-z0-9]*$/.test(argument) ? ` ${argument}` : argument;
}

async function main(): Promise<void> {
  endWithParent();
  const args = process.argv.slice(2).map(protectLiteral);
  if (args.some((argument) => /az(seed|view|compute)1/i.test(argument))) {
    throw new AzaleaError(
      'SECRET_IN_ARGUMENTS',
      'A seed or key on the command line stays in the shell history and is visible to every program: use "azalea account import", which asks for it.',
    );
  }
  const program = createProgram(async (options, work, place) => {
    if (place === 'wallet') endOnSignals();
    const context = createContext(options, stop.signal);
    try {
      await work(context);
    } finally {
      context.progress.stop();
    }
  });
  configure(program);
  await program.parseAsync(args, { from: 'user' });
}

process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  // A reader that has seen enough, such as `head`, is no error.
  if (code !== 'EPIPE') fail(`OUTPUT_UNWRITABLE: standard output cannot be written (${code}).`);
});
process.stderr.on('error', () => {});
await main().catch((error: unknown) => {
  if (!stop.signal.aborted) report(error);
});
// All output so far is written, or has failed.
await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
process.exit(status);
