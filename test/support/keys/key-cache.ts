/** Directories of keys that a test makes and breaks, and processes that it watches. */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A cache directory of its own with a circuit in it as a file: by default one whose key takes about a second. */
export function keyCache(constraints = 10_000): { readonly cache: string; readonly source: string } {
  const cache = mkdtempSync(join(tmpdir(), 'azalea-key-process-'));
  const source = join(cache, 'chain.circom');
  writeFileSync(
    source,
    `pragma circom 2.2.0;
template Chain(n) {
  signal input x; signal output y;
  signal p[n];
  p[0] <== x;
  for (var i = 1; i < n; i++) { p[i] <== p[i - 1] * (p[i - 1] + i); }
  y <== p[n - 1];
}
component main = Chain(${constraints});`,
  );
  return { cache, source };
}

/** Names of what lies among the keys (or circuits): made ones, locks, half made ones. */
export function keyEntries(cache: string, folder: 'keys' | 'circuits' = 'keys'): string[] {
  try {
    return readdirSync(join(cache, folder)).sort();
  } catch {
    return [];
  }
}

/** The process that makes a key in this cache: the one that holds the lock. */
export function builderOf(cache: string, folder: 'keys' | 'circuits' = 'keys'): number {
  const lock = keyEntries(cache, folder).find((name) => name.endsWith('.lock'))!;
  return (JSON.parse(readFileSync(join(cache, folder, lock), 'utf8')) as { pid: number }).pid;
}

/** Processes that this one has started. */
export function childrenOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return children === '' ? [] : children.split(' ').map(Number);
}

/** Returns whether the process runs; one that has ended and was not yet waited for does not. */
export function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Resolves when the process has ended. @throws after ten seconds */
export async function endOf(pid: number): Promise<void> {
  for (const started = performance.now(); isRunning(pid); ) {
    if (performance.now() - started > 10_000) throw new Error(`process ${pid} still runs`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
