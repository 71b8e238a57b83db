/**
 * Child process that makes one development key and ends. Evaluating a circuit's polynomials blocks a thread for seconds, and
 * the memory for it is never given back: neither belongs into a server's process. It ends when it is told to, when its parent
 * is gone, and on signals; each time it removes half-written files.
 */
import { AzaleaError } from '../../protocol/errors.ts';
import type { CircuitKey, SetupEvent } from './dev-key-builder.ts';
import { ensureDevKeys } from './dev-keys.ts';

export interface KeyRequest {
  /** As `compileCircuit` takes it. */
  readonly circuit: string;
  readonly cache?: string;
  readonly threads?: number;
}

export type KeyReply =
  | { readonly kind: 'progress'; readonly event: SetupEvent }
  | { readonly kind: 'key'; readonly key: CircuitKey }
  /** Without a code: not an error of this software; `detail` is for the log. */
  | { readonly kind: 'error'; readonly code?: string; readonly message: string; readonly detail: string };

const stop = new AbortController();
const end = (): void => stop.abort(new Error('stopped'));
// The parent closes the channel to stop this process; when it dies, the channel closes, too.
process.on('disconnect', end);
// Ctrl-C reaches every process of the terminal.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);

/** Resolves when the parent has it, or is gone. */
const send = (reply: KeyReply): Promise<void> =>
  new Promise((resolve) => {
    if (!process.connected) return resolve();
    process.send!(reply, undefined, {}, () => resolve());
  });

async function make({ circuit, cache, threads }: KeyRequest): Promise<KeyReply> {
  try {
    const [key] = await ensureDevKeys([circuit], {
      cache,
      threads,
      signal: stop.signal,
      onProgress: (event) => void send({ kind: 'progress', event }),
    });
    return { kind: 'key', key };
  } catch (error) {
    const { message, code, stack } = error as NodeJS.ErrnoException;
    const detail = String(stack ?? error);
    if (error instanceof AzaleaError) return { kind: 'error', code: error.code, message, detail };
    // A refusal of the system (ENOSPC, ENOMEM) is named; any other text stays in the log.
    return { kind: 'error', message: code ?? (error as Error)?.name ?? 'unknown', detail };
  }
}

process.once('message', async (request: KeyRequest) => {
  await send(await make(request));
  process.exit(0);
});
