import { DOMAIN, TREE_DEPTH } from '../constants.ts';
import { hash } from '../hash/hash.ts';

export type TreeKind = 'note' | 'nullifier';

/** Hash domain of a tree's inner nodes (docs/specification.md, section 9). */
export const treeDomain = (kind: TreeKind): bigint =>
  kind === 'note' ? DOMAIN.NOTE_TREE : DOMAIN.NULLIFIER_TREE;

const computed = new Map<TreeKind, readonly bigint[]>();

/** Roots of empty subtrees: element h is the root over 4^h empty leaves, h = 0..TREE_DEPTH. */
export function zeroSubtrees(kind: TreeKind): readonly bigint[] {
  const known = computed.get(kind);
  if (known !== undefined) return known;
  const roots = [0n];
  for (let h = 1; h <= TREE_DEPTH; h++) {
    const child = roots[h - 1];
    roots.push(hash(treeDomain(kind), [child, child, child, child]));
  }
  computed.set(kind, roots);
  return roots;
}
