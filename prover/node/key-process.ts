/** Makes a development key in a process of its own, for programs that have requests to answer meanwhile. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { AzaleaError } from '../../protocol/errors.ts';
import type { CircuitKey, SetupOptions } from './dev-key-builder.ts';
import type { KeyReply, KeyRequest } from './key-child.ts';

const CHILD = fileURLToPath(new URL('key-child.ts', import.meta.url));

/** Milliseconds that a stopped process gets to remove its half-written files. */
const STOP_PATIENCE_MS = 5_000;

/**
 * Runs `ensureDevKeys` for one circuit in a child process. It settles when the child has ended; a cancelled child ends at
 * once. Several callers, here or in other programs, may ask for the same key: one builds, the others wait for it.
 * @throws KEY_BUILD_FAILED when the child dies or the system refuses it something, any error of `ensureDevKeys`, or the
 *   signal's reason
 */
export async function ensureDevKeyInChild(circuit: string, options: SetupOptions = {}): Promise<CircuitKey> {
  const { signal, onProgress, cache, threads } = options;
  signal?.throwIfAborted();
  // Only what the child needs: no inherited flags such as --test or --inspect.
  const child = fork(CHILD, {
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  let outcome: Exclude<KeyReply, { readonly kind: 'progress' }> | undefined;
  child.on('message', (reply: KeyReply) => {
    if (reply.kind === 'progress') onProgress?.(reply.event);
    else outcome = reply;
  });
  const ended = endOf(child);
  let patience: NodeJS.Timeout | undefined;
  const abort = (): void => {
    if (child.connected) child.disconnect();
    patience = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE_MS);
  };
  signal?.addEventListener('abort', abort, { once: true });
  // A child that is gone already is noticed by its end.
  child.send({ circuit, cache, threads } satisfies KeyRequest, () => undefined);
  const how = await ended;
  clearTimeout(patience);
  signal?.removeEventListener('abort', abort);
  signal?.throwIfAborted();
  if (outcome?.kind === 'key') return outcome.key;
  if (outcome?.code !== undefined) throw new AzaleaError(outcome.code, outcome.message, { circuit });
  throw new AzaleaError(
    'KEY_BUILD_FAILED',
    outcome === undefined
      ? `the process that made the key of ${circuit} ended (${how}); out of memory? Ask for it again`
      : `the key of ${circuit} could not be made (${outcome.message}); check memory and disk`,
    { circuit },
    outcome && { cause: new Error(outcome.detail) },
  );
}

/** Describes in words how the process ended, after all its messages have arrived. */
function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      // Without a process id it never started; every other one ends.
      if (child.pid === undefined) resolve((error as NodeJS.ErrnoException).code ?? 'it did not start');
    });
    child.once('exit', (code, signal) => {
      const how = signal ?? `status ${code}`;
      // A message may still be on its way when the process is gone: the channel closes after it.
      if (child.connected) child.once('disconnect', () => resolve(how));
      else resolve(how);
    });
  });
}
