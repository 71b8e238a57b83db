import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesToHex } from '@noble/hashes/utils.js';
import { open } from 'lmdb';
import { checkLmdb } from '../../host/check-lmdb.ts';
import { DiskRoom, shortageText } from '../../host/disk-room.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import type { BackendWrite, PxeBackend } from '../store/backend.ts';
import { STORE_CHECK_KEY, STORE_HEADER_KEY } from '../store/encrypted-store.ts';

/** Beside the store: a copy of its header and of its keyed check. It shows that a store was made here, and which one. */
const MARKER = 'store-marker';
const MARKED = [STORE_HEADER_KEY, STORE_CHECK_KEY];

/**
 * Keeps a PXE's bytes in an LMDB environment in `directory` (made if absent, readable by its owner only). The file is checked
 * before it is mapped, and a store that was made here once is never taken for a new one. Throws PXE_STORE_DAMAGED; PXE_STORE_WRITE_FAILED on a full disk.
 */
export function lmdbBackend(directory: string): PxeBackend {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  try {
    checkLmdb(directory);
  } catch (cause) {
    throw damaged(directory, cause instanceof AzaleaError ? cause.message : String(cause), cause);
  }
  assertRoom(directory, []);
  const database = open<Uint8Array, string>({
    path: directory,
    // Else a directory with a dot in its name would be taken for a file.
    noSubdir: false,
    encoding: 'binary',
    compression: false,
  });
  const marker = join(directory, MARKER);
  const marked = (): Buffer | undefined => {
    const values = MARKED.map((key) => database.get(key));
    return values.includes(undefined)
      ? undefined
      : Buffer.from(JSON.stringify(values.map((v) => bytesToHex(v!))));
  };
  const mark = (content: Buffer): void => {
    writeFileSync(`${marker}.part`, content, { mode: 0o600 });
    renameSync(`${marker}.part`, marker);
  };
  const content = marked();
  if (existsSync(marker)) {
    if (content === undefined || !content.equals(readFileSync(marker))) {
      void database.close();
      throw damaged(directory, `${join(directory, 'data.mdb')} is not the store that was made here`);
    }
  } else if (content !== undefined) {
    mark(content);
  }
  return {
    async get(key) {
      return database.get(key);
    },
    async list(prefix) {
      const found: { key: string; value: Uint8Array }[] = [];
      for (const { key, value } of database.getRange({ start: prefix, end: `${prefix}\uffff` })) {
        found.push({ key, value });
      }
      return found;
    },
    async write(writes) {
      assertRoom(directory, writes);
      await database.transaction(() => {
        for (const { key, value } of writes) {
          if (value === undefined) database.remove(key);
          else database.put(key, value);
        }
      });
      await database.flushed;
      if (writes.some(({ key }) => MARKED.includes(key))) mark(marked()!);
    },
    async close() {
      await database.close();
    },
  };
}

/** LMDB must not meet a full disk: its process may abort. */
function assertRoom(directory: string, writes: readonly BackendWrite[]): void {
  const room = new DiskRoom(directory);
  for (const { value } of writes) room.count(value?.length);
  const shortage = room.shortage();
  if (shortage === undefined) return;
  throw new AzaleaError(
    'PXE_STORE_WRITE_FAILED',
    `The store in ${directory} cannot be written, it is as it was before: ${shortageText(shortage)}. Free space, then open it again.`,
    { directory, ...shortage },
  );
}

function damaged(directory: string, what: string, cause?: unknown): AzaleaError {
  return new AzaleaError(
    'PXE_STORE_DAMAGED',
    `The store is damaged: ${what}. Put a back-up of the whole directory ${directory} in its place, or restore the accounts from their seeds into a new directory (--store).`,
    { directory },
    { cause },
  );
}
