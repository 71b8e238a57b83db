import type { TreeStore } from './tree-store.ts';

/** A view over another store whose writes stay in memory: for trying an update without keeping it. */
export class OverlayTreeStore implements TreeStore {
  readonly #base: TreeStore;
  readonly #changes = new Map<number, bigint | undefined>();

  constructor(base: TreeStore) {
    this.#base = base;
  }

  get(key: number): bigint | undefined {
    return this.#changes.has(key) ? this.#changes.get(key) : this.#base.get(key);
  }

  set(key: number, value: bigint): void {
    this.#changes.set(key, value);
  }

  delete(key: number): void {
    this.#changes.set(key, undefined);
  }

  /** Writes every change to the store beneath. */
  commit(): void {
    for (const [key, value] of this.#changes) {
      if (value === undefined) this.#base.delete(key);
      else this.#base.set(key, value);
    }
    this.#changes.clear();
  }
}
