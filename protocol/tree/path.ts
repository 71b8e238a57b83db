import { TREE_DEPTH } from '../constants.ts';
import { AzaleaError } from '../errors.ts';
import { hash } from '../hash/hash.ts';
import { type TreeKind, treeDomain } from './zero-subtrees.ts';

/** The partner of the node and the other pair in child order; pairs are children 0,1 and 2,3. */
export type Siblings = readonly [bigint, bigint, bigint];

/** Way from a node up to the root. Twin of `Children4` and `MerkleRoot4` in circuits/tree/merkle-path4.circom. */
export interface TreePath {
  /** Level of the node: 0 for a leaf. */
  readonly level: number;
  /** Index of the node on its level, below 4^(TREE_DEPTH - level). */
  readonly index: number;
  /** Per level from the node upwards: its three siblings. */
  readonly siblings: readonly Siblings[];
  /** Per level from the node upwards: its place (0..3) among its parent's children. */
  readonly childIndexes: readonly number[];
}

/** The other three children of a parent, in the order of `Siblings`. */
export function siblingsOf(children: readonly bigint[], childIndex: number): Siblings {
  const other = childIndex < 2 ? 2 : 0;
  return [children[childIndex ^ 1], children[other], children[other + 1]];
}

/** A parent's four children from one child and its siblings. */
export function childrenOf(node: bigint, siblings: Siblings, childIndex: number): bigint[] {
  const [partner, third, fourth] = siblings;
  const pair = (childIndex & 1) === 0 ? [node, partner] : [partner, node];
  return childIndex < 2 ? [...pair, third, fourth] : [third, fourth, ...pair];
}

/**
 * Root of the tree that holds `node` at the path's place.
 * @throws AzaleaError TREE_PATH_INVALID when the path has a wrong length or its child indexes do not spell its index.
 */
export function rootOfPath(kind: TreeKind, node: bigint, path: TreePath): bigint {
  const levels = TREE_DEPTH - path.level;
  const index = path.childIndexes.reduce((sum, child, k) => sum + child * 4 ** k, 0);
  if (
    path.siblings.length !== levels ||
    path.childIndexes.length !== levels ||
    path.childIndexes.some((child) => !(child === 0 || child === 1 || child === 2 || child === 3)) ||
    index !== path.index
  ) {
    throw new AzaleaError(
      'TREE_PATH_INVALID',
      `a path from level ${path.level} needs ${levels} levels whose child indexes give the index ${path.index}`,
      { level: path.level, index: path.index },
    );
  }
  return path.siblings.reduce(
    (child, siblings, k) => hash(treeDomain(kind), childrenOf(child, siblings, path.childIndexes[k])),
    node,
  );
}

/** Returns whether the tree with `root` holds `node` at the path's place. False for a malformed path too. */
export function verifyPath(kind: TreeKind, node: bigint, path: TreePath, root: bigint): boolean {
  try {
    return rootOfPath(kind, node, path) === root;
  } catch {
    return false;
  }
}

/** The index's bits, lowest first, two a level: `indexBits` of the circuits. */
export function indexBits(path: TreePath): bigint[] {
  return path.childIndexes.flatMap((child) => [BigInt(child & 1), BigInt(child >> 1)]);
}
