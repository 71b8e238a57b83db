import { AzaleaError } from '../errors.ts';
import { assertAlignedPlace, heightOf } from './aligned.ts';
import type { TreePath } from './path.ts';
import { SparseTree4 } from './sparse-tree4.ts';
import { MemoryTreeStore, SIZE_KEY, type TreeStore } from './tree-store.ts';

/**
 * The note tree: append-only, quad-ary, leaves are commitments (docs/specification.md, section 9). It grows by aligned
 * subtrees; places that alignment skips, and slots without a commitment, stay the empty leaf 0.
 */
export class NoteTree {
  readonly #store: TreeStore;
  readonly #tree: SparseTree4;

  /** Opens the tree that `store` holds; an empty store is the empty tree. */
  constructor(store: TreeStore = new MemoryTreeStore()) {
    this.#store = store;
    this.#tree = new SparseTree4('note', store);
  }

  /** Next free index. */
  get size(): number {
    return Number(this.#store.get(SIZE_KEY) ?? 0n);
  }

  root(): bigint {
    return this.#tree.root();
  }

  /** Leaf at `index`; 0 when empty. */
  leaf(index: number): bigint {
    return this.#tree.node(0, index);
  }

  /** Path of the leaf at `index`, for the current root. */
  path(index: number): TreePath {
    return this.#tree.path(index);
  }

  /**
   * Appends an aligned subtree and returns the path of its root, which is the same before and after.
   * @param start first index: a multiple of the number of leaves, not below `size`
   * @param leaves 4^h leaves, 0 for none
   * @throws AzaleaError TREE_APPEND_MISALIGNED, TREE_APPEND_OCCUPIED, TREE_FULL.
   */
  appendSubtree(start: number, leaves: readonly bigint[]): TreePath {
    assertAlignedPlace(start, leaves.length, this.size);
    const height = heightOf(leaves.length);
    const path = this.#tree.path(start / leaves.length, height);
    this.#tree.setLeaves(start, leaves);
    this.#store.set(SIZE_KEY, BigInt(start + leaves.length));
    return path;
  }

  /**
   * Takes back everything at or after `size`, an earlier value of `this.size`: the tree is as it was then.
   * @throws AzaleaError TREE_ROLLBACK_FORWARD when `size` lies ahead.
   */
  rollback(size: number): void {
    if (!Number.isInteger(size) || size < 0 || size > this.size) {
      throw new AzaleaError(
        'TREE_ROLLBACK_FORWARD',
        `cannot roll back to ${size}: use an earlier size, 0 to ${this.size}`,
        { size, current: this.size },
      );
    }
    this.#tree.clear(size, this.size);
    this.#store.set(SIZE_KEY, BigInt(size));
  }
}
