/**
 * Content-addressed directories. Several processes may build one at the same time, and a crash never leaves one half
 * written. A directory is built beside its place under a lock, described by a manifest of file hashes, and moved in by one
 * rename.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AzaleaError } from '../../protocol/errors.ts';

const MANIFEST = 'manifest.json';
/** A lock whose file has not been touched for this long belongs to a dead process, wherever that ran. */
const STALE_LOCK_MS = 120_000;
const HEARTBEAT_MS = 3_000;

export interface CachedDirectoryOptions {
  readonly directory: string;
  /** Fills an empty temporary directory. */
  build(temporary: string): Promise<void>;
  /** Called while another process builds the same directory. */
  onWait?(): void;
  readonly signal?: AbortSignal;
}

/**
 * Makes sure that `directory` holds what `build` writes and that no file in it was damaged since.
 * @returns whether it was built now
 */
export async function ensureCachedDirectory(options: CachedDirectoryOptions): Promise<{ built: boolean }> {
  const { directory } = options;
  if (await isIntact(directory)) return { built: false };
  return withFileLock(`${directory}.lock`, options, async () => {
    if (await isIntact(directory)) return { built: false };
    await removeAbandoned(directory);
    const temporary = `${directory}.building-${process.pid}-${randomBytes(4).toString('hex')}`;
    await mkdir(temporary, { recursive: true });
    try {
      await options.build(temporary);
      await writeManifest(temporary);
      await rm(directory, { recursive: true, force: true });
      await rename(temporary, directory);
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
    return { built: true };
  });
}

/** Returns whether the directory has a manifest and every file still has the size and SHA-256 it lists. */
export async function isIntact(directory: string): Promise<boolean> {
  try {
    const manifest = JSON.parse(await readFile(join(directory, MANIFEST), 'utf8')) as Record<
      string,
      FileEntry
    >;
    for (const [name, entry] of Object.entries(manifest)) {
      if ((await stat(join(directory, name))).size !== entry.bytes) return false;
    }
    for (const [name, entry] of Object.entries(manifest)) {
      if ((await hashFile(join(directory, name))) !== entry.sha256) return false;
    }
    return true;
  } catch {
    return false;
  }
}

interface FileEntry {
  readonly bytes: number;
  readonly sha256: string;
}

async function writeManifest(directory: string): Promise<void> {
  const manifest: Record<string, FileEntry> = {};
  for (const name of (await readdir(directory)).sort()) {
    const file = join(directory, name);
    manifest[name] = { bytes: (await stat(file)).size, sha256: await hashFile(file) };
  }
  await writeFile(join(directory, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
}

async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Deletes what builds that crashed left beside the directory. The caller holds the lock. */
async function removeAbandoned(directory: string): Promise<void> {
  const parent = dirname(directory);
  const prefix = `${directory.slice(parent.length + 1)}.building-`;
  for (const name of await readdir(parent)) {
    if (name.startsWith(prefix)) await rm(join(parent, name), { recursive: true, force: true });
  }
}

/**
 * Runs `work` while holding the lock file. The holder writes its process id and touches the file. A dead holder is
 * recognised by its id on this machine, by the file's age elsewhere.
 * @throws CACHE_UNWRITABLE when the lock cannot be created
 */
export async function withFileLock<T>(
  file: string,
  options: { onWait?(): void; readonly signal?: AbortSignal },
  work: () => Promise<T>,
): Promise<T> {
  await mkdir(dirname(file), { recursive: true }).catch((cause: unknown) => {
    throw unwritable(dirname(file), cause);
  });
  let waited = false;
  for (;;) {
    options.signal?.throwIfAborted();
    try {
      const handle = await open(file, 'wx');
      await handle.writeFile(JSON.stringify({ pid: process.pid, host: hostname() }));
      await handle.close();
      break;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw unwritable(file, cause);
    }
    if (await isAbandoned(file)) {
      // Only one of several waiters wins the rename; the others find a fresh lock or none.
      const stale = `${file}.stale-${randomBytes(4).toString('hex')}`;
      await rename(file, stale).then(
        () => rm(stale, { force: true }),
        () => undefined,
      );
      continue;
    }
    if (!waited) options.onWait?.();
    waited = true;
    await sleep(150);
  }
  const heartbeat = setInterval(
    () => void utimes(file, new Date(), new Date()).catch(() => undefined),
    HEARTBEAT_MS,
  );
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    await rm(file, { force: true });
  }
}

async function isAbandoned(file: string): Promise<boolean> {
  try {
    if (Date.now() - (await stat(file)).mtimeMs > STALE_LOCK_MS) return true;
    const { pid, host } = JSON.parse(await readFile(file, 'utf8')) as { pid: number; host: string };
    if (host !== hostname()) return false;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    // ESRCH: no such process. Anything else: released meanwhile, or not yet written.
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function unwritable(path: string, cause: unknown): AzaleaError {
  return new AzaleaError(
    'CACHE_UNWRITABLE',
    `cannot write ${path}; set AZALEA_CACHE_DIR to a writable directory`,
    { path },
    { cause },
  );
}
