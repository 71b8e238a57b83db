/**
 * Child process that runs circom2 with absolute paths. Arguments: those of circom.
 * circom2's own command line rewrites paths relative to the working directory, and then does not find includes outside it.
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

const require = createRequire(import.meta.url);
const { CircomRunner, bindings } = require('circom2') as {
  CircomRunner: new (options: object) => { execute(wasm: Uint8Array): Promise<unknown> };
  bindings: object;
};

// The compiler blocks this thread for as long as it works; another one notices when the parent is gone and the result is useless.
const watch = `setInterval(() => process.ppid === ${process.ppid} || process.kill(process.pid, 'SIGKILL'), 500)`;
new Worker(watch, { eval: true }).unref();

const circom = new CircomRunner({
  args: process.argv.slice(2),
  env: {},
  preopens: { '/': '/' },
  bindings: { ...bindings, fs, exit: (code: number) => process.exit(code), kill: () => process.exit(1) },
});
await circom.execute(fs.readFileSync(require.resolve('circom2/circom.wasm')));
