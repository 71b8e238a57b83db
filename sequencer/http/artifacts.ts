/** Files that clients fetch by the SHA-256 of their content: proving keys and witness generators. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AzaleaError } from '../../protocol/errors.ts';
import type { ArtifactInfo } from '../../rpc/schema/info.ts';

/** A file to serve. Only files listed here are reachable; nothing is ever looked up by path. */
export interface ArtifactFile {
  readonly name: string;
  readonly circuit: string;
  readonly kind: ArtifactInfo['kind'];
  readonly path: string;
}

export interface ByteRange {
  readonly start: number;
  /** Last byte, included. */
  readonly end: number;
}

export class Artifacts {
  readonly #byHash = new Map<string, ArtifactInfo & { readonly path: string }>();
  readonly #hashFile: string | undefined;

  private constructor(hashFile: string | undefined) {
    this.#hashFile = hashFile;
  }

  /**
   * Hashes every file; with `hashFile`, only those that changed since (by size, time and inode). Clients check the hash of
   * what they receive, so a stale entry can only make a download fail.
   */
  static async open(files: readonly ArtifactFile[], hashFile?: string): Promise<Artifacts> {
    const artifacts = new Artifacts(hashFile);
    await artifacts.add(files);
    return artifacts;
  }

  /** Serves more files; those it serves already stay. */
  async add(files: readonly ArtifactFile[]): Promise<void> {
    const known = this.#hashFile === undefined ? {} : await readHashes(this.#hashFile);
    const seen: Record<string, string> = {};
    for (const file of files) {
      const { size, mtimeMs, ino } = await stat(file.path);
      const version = `${file.path} ${size} ${mtimeMs} ${ino}`;
      seen[version] = known[version] ?? (await sha256Of(file.path));
      this.#byHash.set(seen[version], { ...file, sha256: seen[version], bytes: size });
    }
    if (this.#hashFile !== undefined) {
      // The file is a cache: without it the next start takes longer. The store reports a damaged directory.
      await writeFile(this.#hashFile, JSON.stringify({ ...known, ...seen }, null, 2)).catch(() => undefined);
    }
  }

  list(): ArtifactInfo[] {
    return [...this.#byHash.values()].map(({ path: _, ...info }) => info);
  }

  /** @throws AzaleaError ARTIFACT_UNKNOWN. */
  find(hash: string): ArtifactInfo {
    return this.#entry(hash);
  }

  stream(hash: string, range?: ByteRange): Readable {
    return createReadStream(this.#entry(hash).path, range);
  }

  #entry(hash: string): ArtifactInfo & { readonly path: string } {
    const entry = this.#byHash.get(hash);
    if (entry === undefined) {
      throw new AzaleaError('ARTIFACT_UNKNOWN', `No artifact has the hash ${hash}; /info lists them`, {
        hash,
      });
    }
    return entry;
  }
}

async function sha256Of(path: string): Promise<string> {
  const digest = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), digest);
  return `0x${digest.digest('hex')}`;
}

async function readHashes(path: string): Promise<Record<string, string>> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    const entries = Object.entries(value as Record<string, unknown>);
    return Object.fromEntries(
      entries.filter((entry): entry is [string, string] => /^0x[0-9a-f]{64}$/.test(String(entry[1]))),
    );
  } catch {
    return {};
  }
}

/**
 * The one range that a Range header asks for, cut to the file.
 * @throws AzaleaError RANGE_INVALID for another unit, several ranges or one outside the file.
 */
export function parseRange(header: string, bytes: number): ByteRange {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header.trim());
  const [first, last] = [match?.[1] ?? '', match?.[2] ?? ''];
  const start = first === '' ? Math.max(0, bytes - Number(last)) : Number(first);
  const end = first === '' || last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1);
  const empty = first === '' && (last === '' || Number(last) === 0);
  if (match === null || empty || start > end || start >= bytes) {
    throw new AzaleaError('RANGE_INVALID', `The range ${header} does not lie in the ${bytes} bytes`, {
      range: header,
      bytes,
    });
  }
  return { start, end };
}
