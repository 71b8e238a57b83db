/**
 * Disk space that an LMDB transaction may need, checked before the native library writes. When LMDB's own write meets a full
 * disk, it formats the error into a buffer that is too short (lmdb 3.5.6, `mdb_page_flush`), and the process may abort.
 */
import { existsSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';

const PAGE_BYTES = 4096;
/** Pages on the way from a root to an entry, each copied and perhaps split. */
const PATH_PAGES = 12;
/** Longest key, 511 bytes, with the headers of an entry. */
const KEY_BYTES = 544;
/** Roots, headers and the list of free pages of a small file; also an empty file with its databases. */
const FIXED_BYTES = 128 * 1024;
/** A value above this has pages of its own. */
const LARGE_VALUE_BYTES = PAGE_BYTES / 2;

export interface DiskShortage {
  readonly neededBytes: number;
  readonly freeBytes: number;
}

/** Counts the writes of one transaction, and bounds the disk space that they need. */
export class DiskRoom {
  readonly #directory: string;
  #entries = 0;
  #valueBytes = 0;

  /** @param directory of an LMDB environment; it exists, its `data.mdb` may not yet */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Forgets the writes counted so far. */
  reset(): void {
    this.#entries = 0;
    this.#valueBytes = 0;
  }

  /** Counts one entry that is written or, without bytes, removed. */
  count(bytes = 0): void {
    this.#entries++;
    this.#valueBytes +=
      bytes > LARGE_VALUE_BYTES ? bytes + PAGE_BYTES + 2 * KEY_BYTES : 2 * (bytes + KEY_BYTES);
  }

  /**
   * Undefined while the disk has room for the counted writes. Other processes can still take it before they are written.
   * @throws what the file system throws
   */
  shortage(): DiskShortage | undefined {
    const { bsize, blocks, bavail } = statfsSync(this.#directory);
    // Some network file systems do not tell.
    if (blocks === 0) return;
    const file = join(this.#directory, 'data.mdb');
    const fileBytes = existsSync(file) ? statSync(file).size : 0;
    // A transaction copies no page of the file more than once, and splits none more than once for what was in it.
    const copiedBytes = Math.min(PATH_PAGES * PAGE_BYTES * this.#entries, 2 * fileBytes);
    const freeListBytes = Math.ceil(fileBytes / 256);
    const neededBytes = FIXED_BYTES + freeListBytes + copiedBytes + this.#valueBytes;
    const freeBytes = bsize * bavail;
    return freeBytes < neededBytes ? { neededBytes, freeBytes } : undefined;
  }
}

/** `the disk is full: 220 kB may be needed, 150 kB are free` */
export const shortageText = ({ neededBytes, freeBytes }: DiskShortage): string =>
  `the disk is full: ${Math.ceil(neededBytes / 1000)} kB may be needed, ${Math.floor(freeBytes / 1000)} kB are free`;
