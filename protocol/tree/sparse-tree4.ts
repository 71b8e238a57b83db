import { TREE_DEPTH } from '../constants.ts';
import { AzaleaError } from '../errors.ts';
import { hash } from '../hash/hash.ts';
import { type Siblings, siblingsOf, type TreePath } from './path.ts';
import { nodeKey, type TreeStore } from './tree-store.ts';
import { type TreeKind, treeDomain, zeroSubtrees } from './zero-subtrees.ts';

/** Leaves of a tree: 4^TREE_DEPTH. */
export const TREE_CAPACITY = 4 ** TREE_DEPTH;

/** A quad-ary Merkle tree of fixed depth; empty subtrees take no space. Knows nothing of what its leaves mean. */
export class SparseTree4 {
  readonly kind: TreeKind;
  readonly #store: TreeStore;
  readonly #zeros: readonly bigint[];

  constructor(kind: TreeKind, store: TreeStore) {
    this.kind = kind;
    this.#store = store;
    this.#zeros = zeroSubtrees(kind);
  }

  root(): bigint {
    return this.node(TREE_DEPTH, 0);
  }

  /** Node at `index` on `level` (0: leaves). */
  node(level: number, index: number): bigint {
    return this.#store.get(nodeKey(level, index)) ?? this.#zeros[level];
  }

  /** Path of the node at `index` on `level`. */
  path(index: number, level = 0): TreePath {
    this.#assertPlace(index, level);
    const siblings: Siblings[] = [];
    const childIndexes: number[] = [];
    let at = index;
    for (let k = level; k < TREE_DEPTH; k++) {
      const childIndex = at % 4;
      const first = at - childIndex;
      siblings.push(siblingsOf(this.#children(k, first), childIndex));
      childIndexes.push(childIndex);
      at = first / 4;
    }
    return { level, index, siblings, childIndexes };
  }

  /** Writes consecutive leaves from `start` on and every node above them. */
  setLeaves(start: number, leaves: readonly bigint[]): void {
    if (leaves.length === 0) return;
    this.#assertPlace(start, 0);
    this.#assertPlace(start + leaves.length - 1, 0);
    leaves.forEach((leaf, k) => {
      this.#set(0, start + k, leaf);
    });
    this.#rehash(start, start + leaves.length - 1);
  }

  /** Empties all leaves from `start` up to, not including, `end`. */
  clear(start: number, end: number): void {
    if (start >= end) return;
    for (let at = start; at < end; at++) this.#set(0, at, 0n);
    this.#rehash(start, end - 1);
  }

  #rehash(firstLeaf: number, lastLeaf: number): void {
    let first = firstLeaf;
    let last = lastLeaf;
    for (let level = 1; level <= TREE_DEPTH; level++) {
      first = Math.floor(first / 4);
      last = Math.floor(last / 4);
      for (let at = first; at <= last; at++) {
        const children = this.#children(level - 1, at * 4);
        const empty = children.every((child) => child === this.#zeros[level - 1]);
        this.#set(level, at, empty ? this.#zeros[level] : hash(treeDomain(this.kind), children));
      }
    }
  }

  #children(level: number, first: number): bigint[] {
    return [0, 1, 2, 3].map((k) => this.node(level, first + k));
  }

  #set(level: number, index: number, value: bigint): void {
    if (value === this.#zeros[level]) this.#store.delete(nodeKey(level, index));
    else this.#store.set(nodeKey(level, index), value);
  }

  #assertPlace(index: number, level: number): void {
    const places = 4 ** (TREE_DEPTH - level);
    if (!Number.isInteger(index) || index < 0 || index >= places) {
      throw new AzaleaError(
        'TREE_INDEX_OUT_OF_RANGE',
        `index ${index} is not in the tree: level ${level} has ${places} places, use 0 to ${places - 1}`,
        { index, level },
      );
    }
  }
}
