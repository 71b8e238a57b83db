/** One write of an atomic batch; `value: undefined` deletes. */
export interface BackendWrite {
  readonly key: string;
  readonly value: Uint8Array | undefined;
}

/**
 * The storage of a PXE: a sorted key-value store with atomic batches. It sees ciphertext and public data only.
 * Adapters: memory (here), LMDB (`pxe/node/lmdb-backend.ts`).
 */
export interface PxeBackend {
  get(key: string): Promise<Uint8Array | undefined>;
  /** All entries whose key starts with `prefix`, in key order. */
  list(prefix: string): Promise<readonly { readonly key: string; readonly value: Uint8Array }[]>;
  /** All writes or none; durable when the promise resolves. */
  write(writes: readonly BackendWrite[]): Promise<void>;
  close(): Promise<void>;
}

/** A backend that forgets everything at the end of the process: tests and throw-away wallets. */
export function memoryBackend(): PxeBackend {
  const entries = new Map<string, Uint8Array>();
  return {
    async get(key) {
      return entries.get(key);
    },
    async list(prefix) {
      return [...entries]
        .filter(([key]) => key.startsWith(prefix))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => ({ key, value }));
    },
    async write(writes) {
      for (const { key, value } of writes) {
        if (value === undefined) entries.delete(key);
        else entries.set(key, value);
      }
    },
    async close() {},
  };
}
