import { lazyProgress } from '../host/lazy-progress.ts';
import type { Progress } from '../host/progress.ts';
import type { GlobalOptions } from './settings.ts';
import { createOutput, type Output } from './terminal/output.ts';
import { createPrompts, type Prompts } from './terminal/prompts.ts';

/** The context of every command. */
export interface CliContext {
  readonly options: GlobalOptions;
  readonly output: Output;
  readonly prompts: Prompts;
  readonly progress: Progress;
  readonly environment: NodeJS.ProcessEnv;
  /** Aborts when the user interrupts. */
  readonly signal: AbortSignal;
}

/** A context on this process's own streams. */
export function createContext(options: GlobalOptions, signal: AbortSignal): CliContext {
  return {
    options,
    output: createOutput(options.json ?? false, { out: process.stdout, err: process.stderr }),
    prompts: createPrompts({ environment: process.env, input: process.stdin }),
    progress: lazyProgress(),
    environment: process.env,
    signal,
  };
}

/** Runs a command's work with the options that were given. */
export type Run = (work: (context: CliContext) => Promise<void>) => Promise<void>;
