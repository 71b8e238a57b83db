import { DOMAIN, FIELD_MODULUS } from '../constants.ts';
import { AzaleaError } from '../errors.ts';
import { hash } from '../hash/hash.ts';
import { assertAlignedPlace, heightOf } from './aligned.ts';
import type { TreePath } from './path.ts';
import { SortedValues } from './sorted-values.ts';
import { SparseTree4 } from './sparse-tree4.ts';
import { leafNextKey, leafValueKey, MemoryTreeStore, SIZE_KEY, type TreeStore } from './tree-store.ts';

/** A leaf of the sorted linked list. `next` 0: the largest value. */
export interface NullifierLeaf {
  readonly value: bigint;
  readonly next: bigint;
}

/** The change that one inserted nullifier of a chunk makes to the list, as the circuit's `InsertNullifier` sees it. */
export interface NullifierInsertion {
  /** The low leaf before the insertion. */
  readonly low: NullifierLeaf;
  /** The low leaf's place: its path in the tree, or its slot in the same chunk. */
  readonly place:
    | { readonly kind: 'tree'; readonly path: TreePath }
    | { readonly kind: 'pending'; readonly slot: number };
}

/** Everything that proves a chunk's insertion. */
export interface NullifierChunk {
  /** Per slot; undefined for a skipped one (nullifier 0). */
  readonly insertions: readonly (NullifierInsertion | undefined)[];
  /** Path of the appended subtree's root. */
  readonly path: TreePath;
}

/** Leaf hash (docs/specification.md, section 9). */
export const nullifierLeafHash = (leaf: NullifierLeaf): bigint =>
  hash(DOMAIN.NULLIFIER_LEAF, [leaf.value, leaf.next]);

/** Root of the tree whose only leaf is (0, 0). */
export function genesisNullifierRoot(): bigint {
  return new NullifierTree().root();
}

/** The indexed nullifier tree: docs/specification.md, sections 9 and 10. */
export class NullifierTree {
  readonly #store: TreeStore;
  readonly #tree: SparseTree4;
  readonly #sorted: SortedValues;

  /** Opens the tree that `store` holds, reading its list once; an empty store becomes the genesis tree. */
  constructor(store: TreeStore = new MemoryTreeStore()) {
    this.#store = store;
    this.#tree = new SparseTree4('nullifier', store);
    if (store.get(SIZE_KEY) === undefined) {
      this.#setLeaf(0, { value: 0n, next: 0n });
      store.set(SIZE_KEY, 1n);
    }
    const entries = [];
    for (let index = 0; index < this.size; index++) {
      const value = store.get(leafValueKey(index));
      if (value !== undefined) entries.push({ value, index });
    }
    this.#sorted = new SortedValues(entries);
  }

  /** Next free index. */
  get size(): number {
    return Number(this.#store.get(SIZE_KEY) ?? 0n);
  }

  root(): bigint {
    return this.#tree.root();
  }

  /** Returns whether the nullifier is spent. 0 counts as present: it is the list's head. */
  has(nullifier: bigint): boolean {
    return this.#sorted.has(nullifier);
  }

  /** Leaf at `index`, undefined when empty. */
  leaf(index: number): NullifierLeaf | undefined {
    const value = this.#store.get(leafValueKey(index));
    const next = this.#store.get(leafNextKey(index));
    return value === undefined || next === undefined ? undefined : { value, next };
  }

  /** Path of the leaf at `index`, for the current root. */
  path(index: number): TreePath {
    return this.#tree.path(index);
  }

  /** The leaf whose gap holds an absent nullifier, and its index. */
  lowLeaf(nullifier: bigint): { leaf: NullifierLeaf; index: number } {
    const predecessor = this.#sorted.predecessor(nullifier);
    const leaf = predecessor === undefined ? undefined : this.leaf(predecessor.index);
    if (predecessor === undefined || leaf === undefined || this.has(nullifier)) throw present(nullifier);
    return { leaf, index: predecessor.index };
  }

  /**
   * Inserts a chunk's nullifiers in order as the leaves from `start` on, 0 leaving an empty leaf. All or nothing.
   * @param start a multiple of the number of nullifiers, not below `size`
   * @param nullifiers 4^h field elements
   * @throws AzaleaError NULLIFIER_PRESENT for one that is in the tree or twice in the chunk, NULLIFIER_INVALID for one
   *   outside the field, TREE_APPEND_MISALIGNED, TREE_APPEND_OCCUPIED, TREE_FULL.
   */
  insertChunk(start: number, nullifiers: readonly bigint[]): NullifierChunk {
    assertAlignedPlace(start, nullifiers.length, this.size);
    this.#assertInsertable(nullifiers);
    const pending = new Map<number, NullifierLeaf>();
    const insertions = nullifiers.map((nullifier, slot): NullifierInsertion | undefined => {
      if (nullifier === 0n) return undefined;
      const predecessor = this.#sorted.predecessor(nullifier);
      if (predecessor === undefined) throw present(nullifier);
      const lowSlot = predecessor.index - start;
      const waiting = pending.get(lowSlot);
      const low = waiting ?? this.#leafAt(predecessor.index);
      const changed = { value: low.value, next: nullifier };
      const place: NullifierInsertion['place'] =
        waiting === undefined
          ? { kind: 'tree', path: this.#tree.path(predecessor.index) }
          : { kind: 'pending', slot: lowSlot };
      if (waiting === undefined) this.#setLeaf(predecessor.index, changed);
      else pending.set(lowSlot, changed);
      pending.set(slot, { value: nullifier, next: low.next });
      this.#sorted.add({ value: nullifier, index: start + slot });
      return { low, place };
    });
    const path = this.#tree.path(start / nullifiers.length, heightOf(nullifiers.length));
    for (const [slot, leaf] of pending) this.#storeLeaf(start + slot, leaf);
    this.#tree.setLeaves(
      start,
      nullifiers.map((_, slot) => {
        const leaf = pending.get(slot);
        return leaf === undefined ? 0n : nullifierLeafHash(leaf);
      }),
    );
    this.#store.set(SIZE_KEY, BigInt(start + nullifiers.length));
    return { insertions, path };
  }

  /**
   * Takes back every leaf at or after `size`, an earlier value of `this.size`, newest first: the tree is as it was then.
   * @throws AzaleaError TREE_ROLLBACK_FORWARD when `size` lies ahead or takes the genesis leaf.
   */
  rollback(size: number): void {
    if (!Number.isInteger(size) || size < 1 || size > this.size) {
      throw new AzaleaError(
        'TREE_ROLLBACK_FORWARD',
        `cannot roll back to ${size}: use an earlier size, 1 to ${this.size}`,
        { size, current: this.size },
      );
    }
    const changed = new Set<number>();
    for (let index = this.size - 1; index >= size; index--) {
      const leaf = this.leaf(index);
      if (leaf === undefined) continue;
      this.#sorted.delete(leaf.value);
      const low = this.#sorted.predecessor(leaf.value)!;
      this.#storeLeaf(low.index, { value: low.value, next: leaf.next });
      changed.add(low.index);
      this.#store.delete(leafValueKey(index));
      this.#store.delete(leafNextKey(index));
    }
    this.#tree.clear(size, this.size);
    for (const index of changed) {
      if (index < size) this.#tree.setLeaves(index, [nullifierLeafHash(this.#leafAt(index))]);
    }
    this.#store.set(SIZE_KEY, BigInt(size));
  }

  #assertInsertable(nullifiers: readonly bigint[]): void {
    const seen = new Set<bigint>();
    for (const nullifier of nullifiers) {
      if (nullifier < 0n || nullifier >= FIELD_MODULUS) {
        throw new AzaleaError(
          'NULLIFIER_INVALID',
          `nullifier ${nullifier} is not a field element: use 0 to r - 1`,
          {
            nullifier: nullifier.toString(),
          },
        );
      }
      if (nullifier === 0n) continue;
      if (seen.has(nullifier) || this.has(nullifier)) throw present(nullifier);
      seen.add(nullifier);
    }
  }

  #leafAt(index: number): NullifierLeaf {
    const leaf = this.leaf(index);
    if (leaf === undefined) {
      throw new AzaleaError(
        'TREE_STORE_CORRUPT',
        `nullifier leaf ${index} is missing: rebuild the tree from L1`,
        {
          index,
        },
      );
    }
    return leaf;
  }

  #storeLeaf(index: number, leaf: NullifierLeaf): void {
    this.#store.set(leafValueKey(index), leaf.value);
    this.#store.set(leafNextKey(index), leaf.next);
  }

  #setLeaf(index: number, leaf: NullifierLeaf): void {
    this.#storeLeaf(index, leaf);
    this.#tree.setLeaves(index, [nullifierLeafHash(leaf)]);
  }
}

function present(nullifier: bigint): AzaleaError {
  return new AzaleaError(
    'NULLIFIER_PRESENT',
    `nullifier ${nullifier} is already spent: leave its transaction out`,
    {
      nullifier: nullifier.toString(),
    },
  );
}
