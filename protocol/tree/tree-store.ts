/**
 * The storage of a tree's nodes. Keys are safe integers, values field elements or sizes; one store per tree.
 * Reads and writes are synchronous, so LMDB and a map both fit. A persistent store makes a batch of writes atomic itself.
 */
export interface TreeStore {
  get(key: number): bigint | undefined;
  set(key: number, value: bigint): void;
  delete(key: number): void;
}

/** A store in memory. */
export class MemoryTreeStore implements TreeStore {
  readonly #entries: Map<number, bigint>;

  constructor(entries: Iterable<readonly [number, bigint]> = []) {
    this.#entries = new Map(entries);
  }

  get(key: number): bigint | undefined {
    return this.#entries.get(key);
  }

  set(key: number, value: bigint): void {
    this.#entries.set(key, value);
  }

  delete(key: number): void {
    this.#entries.delete(key);
  }

  /** All entries, for a copy or a snapshot. */
  entries(): IterableIterator<[number, bigint]> {
    return this.#entries.entries();
  }
}

/** Key spaces within one tree's store: 40 bits each. */
const SPACE = 2 ** 40;
const LEVEL = 2 ** 32;

/** Key of the node at `index` on `level` (0: leaves). */
export const nodeKey = (level: number, index: number): number => level * LEVEL + index;
/** Key of the value in the nullifier tree's leaf `index`. */
export const leafValueKey = (index: number): number => SPACE + index;
/** Key of the next value in the nullifier tree's leaf `index`. */
export const leafNextKey = (index: number): number => 2 * SPACE + index;
/** Key of the tree's next free index. */
export const SIZE_KEY = 3 * SPACE;
