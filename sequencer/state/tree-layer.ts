/** Tree nodes in LMDB, and a layer of changes above them that is either written out or forgotten. */
import type { Database } from 'lmdb';
import type { TreeStore } from '../../protocol/tree/tree-store.ts';

const toBytes = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
const fromBytes = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex')}`);

/** The nodes on disk with changes kept in memory until `write` or `discard`. */
export class TreeLayer implements TreeStore {
  readonly #nodes: Database<Buffer, number>;
  readonly #changes = new Map<number, bigint | undefined>();

  constructor(nodes: Database<Buffer, number>) {
    this.#nodes = nodes;
  }

  get(key: number): bigint | undefined {
    if (this.#changes.has(key)) return this.#changes.get(key);
    const bytes = this.#nodes.get(key);
    return bytes === undefined ? undefined : fromBytes(bytes);
  }

  set(key: number, value: bigint): void {
    this.#changes.set(key, value);
  }

  delete(key: number): void {
    this.#changes.set(key, undefined);
  }

  /** Writes the changes to disk. Call inside `Store.atomic`. */
  write(): void {
    for (const [key, value] of this.#changes) {
      if (value === undefined) this.#nodes.removeSync(key);
      else this.#nodes.putSync(key, toBytes(value));
    }
    this.#changes.clear();
  }

  discard(): void {
    this.#changes.clear();
  }
}
