/** Files that clients fetch by the SHA-256 of their content: proving keys and witness generators. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
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
  readonly #byHash: ReadonlyMap<string, ArtifactInfo & { readonly path: string }>;

  private constructor(entries: readonly (ArtifactInfo & { readonly path: string })[]) {
    this.#byHash = new Map(entries.map((entry) => [entry.sha256, entry]));
  }

  /** Hashes every file once. */
  static async open(files: readonly ArtifactFile[]): Promise<Artifacts> {
    const entries = [];
    for (const file of files) {
      const digest = createHash('sha256');
      await pipeline(createReadStream(file.path), digest);
      const { size } = await stat(file.path);
      entries.push({ ...file, sha256: `0x${digest.digest('hex')}`, bytes: size });
    }
    return new Artifacts(entries);
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
