import { mkdirSync } from 'node:fs';
import { open } from 'lmdb';
import type { PxeBackend } from '../store/backend.ts';

/** Keeps a PXE's bytes in an LMDB environment in `directory` (made if absent, readable by its owner only). */
export function lmdbBackend(directory: string): PxeBackend {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const database = open<Uint8Array, string>({
    path: directory,
    // Else a directory with a dot in its name would be taken for a file.
    noSubdir: false,
    encoding: 'binary',
    compression: false,
  });
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
      await database.transaction(() => {
        for (const { key, value } of writes) {
          if (value === undefined) database.remove(key);
          else database.put(key, value);
        }
      });
      await database.flushed;
    },
    async close() {
      await database.close();
    },
  };
}
