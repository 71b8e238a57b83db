/** Runs the real wallet as a child process, as a user's shell does. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../../cli/bin.mjs', import.meta.url));

export interface CliResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly passphrase?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Standard input; closed at once without it. */
  readonly input?: string;
  readonly cwd: string;
  /** The Node that runs bin.mjs; default: this one. */
  readonly node?: string;
  /** Sends this signal once standard error holds the text. */
  readonly interrupt?: { readonly when: string; readonly signal: NodeJS.Signals };
}

export function runCli(args: readonly string[], options: CliOptions): Promise<CliResult> {
  const { PATH, HOME, AZALEA_CACHE_DIR, XDG_CACHE_HOME, NODE_COMPILE_CACHE } = process.env;
  const child = spawn(options.node ?? process.execPath, [BIN, ...args], {
    cwd: options.cwd,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      PATH,
      HOME,
      ...(AZALEA_CACHE_DIR === undefined ? {} : { AZALEA_CACHE_DIR }),
      ...(XDG_CACHE_HOME === undefined ? {} : { XDG_CACHE_HOME }),
      ...(NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }),
      ...(options.passphrase === undefined ? {} : { AZALEA_PASSPHRASE: options.passphrase }),
      ...options.environment,
    },
  });
  let stdout = '';
  let stderr = '';
  let interrupted = false;
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  child.stderr.on('data', (data) => {
    stderr += data;
    if (options.interrupt !== undefined && !interrupted && stderr.includes(options.interrupt.when)) {
      interrupted = true;
      child.kill(options.interrupt.signal);
    }
  });
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, stdout, stderr }));
  });
}
