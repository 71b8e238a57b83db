/** The command lines that README and docs show, and a checkout in which they can be run as a reader runs them. */
import { spawn } from 'node:child_process';
import { globSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory } from '../../../prover/node/cache-directory.ts';
import { ROOT, readText } from '../source-files.ts';
import type { CliResult } from './cli.ts';

export interface ShownCommand {
  readonly file: string;
  readonly line: string;
}

/** Documents in the order in which a newcomer meets them. */
const FIRST = ['README.md', 'docs/wallet.md', 'docs/programs.md'];

/** Every command of an indented block, in the order of the documents, without its comment. */
export function shownCommands(): ShownCommand[] {
  const others = globSync('docs/*.md', { cwd: ROOT }).filter((file) => !FIRST.includes(file));
  return [...FIRST, ...others.sort()].flatMap((file) =>
    [...readText(file).matchAll(/^ {4}((?:[A-Z_\d]+=\S+ )*(?:npx|npm|node) .+?)(?:\s+#.*)?$/gm)].map(
      ([, line]) => ({ file, line }),
    ),
  );
}

/** Commands that are no step of a walkthrough, and why not. */
export const NOT_RUN: readonly (readonly [command: RegExp, why: string])[] = [
  [/^npm ci$/, 'CI begins with it'],
  [/^npm run demo$/, 'test/e2e/demo.test.ts runs its script'],
  [/^npm run (devnet|example)$/, 'test/e2e/devnet.test.ts runs their scripts'],
  [/^npm run bench\b/, 'it takes minutes'],
  [/\bnpx azalea-sequencer\b/, 'a service: test/cli/services.test.ts starts it'],
  [
    /^npx azalea rollup /,
    'it needs the keys of a ceremony: test/contracts/deployment.test.ts deploys with others',
  ],
];

/** The commands of the walkthroughs, each once: a later document may begin with steps that an earlier one has shown. */
export function walkthrough(): ShownCommand[] {
  const seen = new Set<string>();
  return shownCommands().filter(({ line }) => {
    if (seen.has(line) || NOT_RUN.some(([command]) => command.test(line))) return false;
    seen.add(line);
    return true;
  });
}

/** A directory that looks like the checkout: files are linked, folders that the walkthroughs write to are its own. */
export function linkCheckout(directory: string): void {
  const own = ['programs', 'examples', 'examples/bindings'];
  const left = ['.git', '.azalea', 'build', 'devnet.json'];
  for (const folder of ['', ...own]) {
    mkdirSync(join(directory, folder), { recursive: true });
    for (const name of readdirSync(join(ROOT, folder))) {
      const path = join(folder, name);
      if (!own.includes(path) && !left.includes(path)) symlinkSync(join(ROOT, path), join(directory, path));
    }
  }
}

/** Runs a command line in a shell there, with a home of its own. Standard input is closed: nothing can be asked. */
export function runShown(line: string, directory: string, home: string): Promise<CliResult> {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const child = spawn('sh', ['-c', line], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH,
      HOME: home,
      AZALEA_CACHE_DIR: cacheDirectory(),
      AZALEA_PASSPHRASE: 'the passphrase of a reader',
      npm_config_update_notifier: 'false',
      ...(NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }),
    },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, stdout, stderr }));
  });
}
