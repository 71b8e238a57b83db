import { constants } from 'node:os';
import { endWithParent } from './end-with-parent.ts';

export type StopSignal = 'SIGINT' | 'SIGTERM';

/** Ctrl-C reaches a program up to three times at once: from the terminal, from npm and from the launcher of an older Node. */
const REPEATS_MS = 1000;

/**
 * Calls `stop` on the first SIGINT or SIGTERM, and when npm or the launcher that started this process is gone. A signal that
 * comes more than a second later ends the process at once: it does not wait for what hangs.
 */
export function onStopSignal(stop: (signal: StopSignal) => void): void {
  let stoppedAt: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stoppedAt === undefined) {
        stoppedAt = performance.now();
        stop(signal);
      } else if (performance.now() - stoppedAt > REPEATS_MS) process.exit(128 + constants.signals[signal]);
    });
  }
  endWithParent();
}
