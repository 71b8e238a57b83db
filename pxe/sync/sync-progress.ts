/** How far a wallet has come. */
export interface SyncProgress {
  /** The L2 block that was searched last. */
  readonly block: number;
  /** The newest one there is. */
  readonly head: number;
  /** Estimated; undefined in the first two seconds, which most runs do not exceed. */
  readonly secondsLeft: number | undefined;
}

const QUIET_MS = 2000;

/** Reports blocks with an estimate from the time that those before took. */
export function trackProgress(
  report: ((progress: SyncProgress) => void) | undefined,
  now: () => number = () => performance.now(),
): (block: number, head: number) => void {
  const started = now();
  let first: number | undefined;
  return (block, head) => {
    first ??= block - 1;
    const elapsed = now() - started;
    const left = ((elapsed / (block - first)) * (head - block)) / 1000;
    report?.({ block, head, secondsLeft: elapsed < QUIET_MS ? undefined : left });
  };
}
