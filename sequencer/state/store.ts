/**
 * The sequencer's LMDB environment: one named database per kind of record. `atomic` runs reads and writes as one
 * transaction: after a crash at any instant either all of them or none are there. Every method is synchronous.
 */
import { mkdirSync } from 'node:fs';
import { type Database, open, type RootDatabase } from 'lmdb';
import { checkLmdb } from '../../host/check-lmdb.ts';
import { DiskRoom, type DiskShortage, shortageText } from '../../host/disk-room.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import type {
  StoredBlock,
  StoredCandidate,
  StoredCursor,
  StoredDeposit,
  StoredIdentity,
  StoredPublication,
  StoredTransaction,
} from './records.ts';

/** ENOSPC and EDQUOT. */
const NO_SPACE = 28;
const QUOTA = 122;

export interface StoreOptions {
  /** Directory of the LMDB files; made if absent. */
  readonly path: string;
}

/** @throws AzaleaError STORE_UNUSABLE. */
export function makeDirectory(path: string): void {
  usable(path, () => mkdirSync(path, { recursive: true }));
}

function usable<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    throw new AzaleaError(
      'STORE_UNUSABLE',
      `The data directory ${path} cannot be opened; check that it is writable and not in use`,
      { path },
      { cause },
    );
  }
}

const diskFull = (shortage: DiskShortage): AzaleaError =>
  new AzaleaError(
    'STORE_UNUSABLE',
    `In the data directory ${shortageText(shortage)}. Free space and start again; nothing that was accepted is lost`,
    { ...shortage },
  );

/** The file is checked before it is mapped: a damaged one would end the process without a word. */
function assertWhole(path: string): void {
  try {
    checkLmdb(path);
  } catch (cause) {
    if (!(cause instanceof AzaleaError)) throw cause;
    throw new AzaleaError(
      'STORE_DAMAGED',
      `${cause.message}. Stop everything that uses the data directory ${path}, move it away and start again: all but transactions that have not settled is read from L1 again. Or put a back-up of the whole directory in its place.`,
      { path },
      { cause },
    );
  }
}

export class Store {
  readonly #root: RootDatabase;
  /** True after a write failed or was refused: no other is tried in this process. */
  #failed = false;
  /** True after the native library failed: it is no longer to be trusted in this process. */
  #broken = false;
  /** Counts the writes of the open transaction. */
  readonly #room: DiskRoom;
  #inTransaction = false;
  readonly #meta: Database<unknown, string>;
  readonly noteNodes: Database<Buffer, number>;
  readonly nullifierNodes: Database<Buffer, number>;
  readonly blocks: Database<StoredBlock, number>;
  readonly blockBytes: Database<Buffer, number>;
  readonly l1Hashes: Database<string, number>;
  readonly deposits: Database<StoredDeposit, number>;
  readonly transactions: Database<StoredTransaction, string>;
  readonly transactionBytes: Database<Buffer, string>;
  /** Sequence -> transaction id, for every transaction in state pool. */
  readonly pool: Database<string, number>;
  /** Nullifier -> id of the pool transaction that carries it. */
  readonly poolNullifiers: Database<string, string>;
  /** Nullifier -> L2 block that inserted it. */
  readonly spent: Database<number, string>;
  /** Note root -> L2 block after which it held. */
  readonly roots: Database<number, string>;
  readonly proofs: Database<Buffer, string>;

  /** @throws AzaleaError STORE_UNUSABLE, STORE_DAMAGED */
  constructor(options: StoreOptions) {
    makeDirectory(options.path);
    assertWhole(options.path);
    this.#room = new DiskRoom(options.path);
    const shortage = this.#room.shortage();
    if (shortage !== undefined) throw diskFull(shortage);
    this.#root = usable(options.path, () => open({ path: options.path, maxDbs: 24, noSubdir: false }));
    const json = (name: string) =>
      this.#counted(this.#root.openDB<any, any>({ name, encoding: 'json' }), (value) =>
        Buffer.byteLength(JSON.stringify(value)),
      );
    const binary = (name: string) =>
      this.#counted(this.#root.openDB<any, any>({ name, encoding: 'binary' }), (value) => value.length);
    this.#meta = json('meta');
    this.noteNodes = binary('note-nodes');
    this.nullifierNodes = binary('nullifier-nodes');
    this.blocks = json('blocks');
    this.blockBytes = binary('block-bytes');
    this.l1Hashes = json('l1-hashes');
    this.deposits = json('deposits');
    this.transactions = json('transactions');
    this.transactionBytes = binary('transaction-bytes');
    this.pool = json('pool');
    this.poolNullifiers = json('pool-nullifiers');
    this.spent = json('spent');
    this.roots = json('roots');
    this.proofs = binary('proofs');
  }

  /** Makes every write of a database count as a need of room. */
  #counted(database: Database<any, any>, bytesOf: (value: any) => number): Database<any, any> {
    const put = database.putSync.bind(database) as (key: unknown, value: unknown) => void;
    const remove = database.removeSync.bind(database) as (key: unknown) => boolean;
    database.putSync = (key: unknown, value: unknown): void => {
      this.#room.count(bytesOf(value));
      put(key, value);
    };
    database.removeSync = (key: unknown): boolean => {
      this.#room.count();
      return remove(key);
    };
    return database;
  }

  /**
   * Runs `action` as one transaction. Throwing takes everything back. Must not be asynchronous.
   * @throws AzaleaError STORE_UNUSABLE when the disk is full or fails, and what `action` throws
   */
  atomic<T>(action: () => T): T {
    if (this.#failed)
      throw new AzaleaError('STORE_UNUSABLE', 'A write to the data directory failed before; start again');
    if (this.#inTransaction) return this.#root.transactionSync(action);
    this.#inTransaction = true;
    this.#room.reset();
    try {
      return this.#root.transactionSync(() => {
        const result = action();
        this.#assertRoom();
        return result;
      });
    } catch (error) {
      throw this.#diskFailure(error);
    } finally {
      this.#inTransaction = false;
    }
  }

  /** One write: a transaction of its own, or part of the open one. */
  #write<T>(action: () => T): T {
    return this.#inTransaction ? action() : this.atomic(action);
  }

  /** Before anything of the transaction is written: LMDB must not meet a full disk. */
  #assertRoom(): void {
    const shortage = this.#room.shortage();
    if (shortage === undefined) return;
    this.#failed = true;
    throw diskFull(shortage);
  }

  /** LMDB's and the system's errors have a number as code. */
  #diskFailure(error: unknown): unknown {
    const code = (error as { code?: unknown } | null)?.code;
    if (typeof code !== 'number') return error;
    this.#failed = true;
    this.#broken = true;
    return new AzaleaError(
      'STORE_UNUSABLE',
      code === NO_SPACE || code === QUOTA
        ? 'The disk of the data directory is full; free space and start again, nothing that was accepted is lost'
        : `The data directory cannot be written (${String((error as Error).message).split(':')[0]}); check its disk and start again`,
      {},
      { cause: error },
    );
  }

  get identity(): StoredIdentity | undefined {
    return this.#meta.get('identity') as StoredIdentity | undefined;
  }
  set identity(value: StoredIdentity) {
    this.#write(() => this.#meta.putSync('identity', value));
  }

  get cursor(): StoredCursor | undefined {
    return this.#meta.get('cursor') as StoredCursor | undefined;
  }
  set cursor(value: StoredCursor) {
    this.#write(() => this.#meta.putSync('cursor', value));
  }

  get candidate(): StoredCandidate | undefined {
    return this.#meta.get('candidate') as StoredCandidate | undefined;
  }
  set candidate(value: StoredCandidate | undefined) {
    if (value === undefined) this.#write(() => this.#meta.removeSync('candidate'));
    else this.#write(() => this.#meta.putSync('candidate', value));
  }

  get publication(): StoredPublication | undefined {
    return this.#meta.get('publication') as StoredPublication | undefined;
  }
  set publication(value: StoredPublication | undefined) {
    if (value === undefined) this.#write(() => this.#meta.removeSync('publication'));
    else this.#write(() => this.#meta.putSync('publication', value));
  }

  /** Most transactions that the next block may take; lowered while one that L1 refuses is being singled out. */
  get quarantineLimit(): number | undefined {
    return this.#meta.get('quarantine') as number | undefined;
  }
  set quarantineLimit(value: number | undefined) {
    if (value === undefined) this.#write(() => this.#meta.removeSync('quarantine'));
    else this.#write(() => this.#meta.putSync('quarantine', value));
  }

  /** Returns a fresh number, also after restarts. Call inside `atomic`. */
  nextSequence(): number {
    const sequence = ((this.#meta.get('sequence') as number | undefined) ?? 0) + 1;
    this.#write(() => this.#meta.putSync('sequence', sequence));
    return sequence;
  }

  /** The newest L2 block on L1; genesis is always there once the store has an identity. */
  get head(): StoredBlock {
    for (const { value } of this.blocks.getRange({ reverse: true, limit: 1 })) return value;
    throw new AzaleaError(
      'STORE_UNUSABLE',
      'The data directory holds no genesis block; delete it and start again',
    );
  }

  /** Waits until everything written so far is on the disk. */
  async flush(): Promise<void> {
    try {
      await this.#root.flushed;
    } catch (error) {
      throw this.#diskFailure(error);
    }
  }

  /** After LMDB failed to write, it leaves the files to the end of the process: LMDB would free memory twice. They are whole. */
  async close(): Promise<void> {
    if (!this.#broken) await this.#root.close();
  }
}
