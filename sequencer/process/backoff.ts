/** Pause after the n-th failure in a row (n from 1): doubles from `firstMs` up to `maxMs`, with up to 20 % jitter. */
export function backoffMs(
  failures: number,
  firstMs = 250,
  maxMs = 15_000,
  random: () => number = Math.random,
): number {
  const base = Math.min(firstMs * 2 ** Math.min(failures - 1, 30), maxMs);
  return Math.round(base * (1 + 0.2 * random()));
}
