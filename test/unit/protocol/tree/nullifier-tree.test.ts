import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FIELD_MODULUS } from '../../../../protocol/constants.ts';
import { NoteTree } from '../../../../protocol/tree/note-tree.ts';
import {
  genesisNullifierRoot,
  NullifierTree,
  nullifierLeafHash,
} from '../../../../protocol/tree/nullifier-tree.ts';
import { rootOfPath, verifyPath } from '../../../../protocol/tree/path.ts';
import { SparseTree4 } from '../../../../protocol/tree/sparse-tree4.ts';
import { MemoryTreeStore } from '../../../../protocol/tree/tree-store.ts';
import { zeroSubtrees } from '../../../../protocol/tree/zero-subtrees.ts';

const field = fc.oneof(
  fc.bigInt({ min: 1n, max: FIELD_MODULUS - 1n }),
  fc.bigInt({ min: 1n, max: 30n }),
  fc.bigInt({ min: FIELD_MODULUS - 5n, max: FIELD_MODULUS - 1n }),
);
const chunks = fc
  .uniqueArray(field, { minLength: 1, maxLength: 30 })
  .chain((values) =>
    fc.tuple(
      fc.constant(values),
      fc.array(fc.tuple(fc.constantFrom(4, 16), fc.nat(65535)), { minLength: 3, maxLength: 12 }),
    ),
  )
  .map(([values, plan]) => {
    const queue = [...values];
    // Bit k of the mask: slot k is used.
    return plan.map(([slots, mask]) =>
      Array.from({ length: slots }, (_, k) => ((mask >> k) & 1 ? (queue.pop() ?? 0n) : 0n)),
    );
  });

const insert = (tree: NullifierTree, nullifiers: readonly bigint[]) =>
  tree.insertChunk(Math.ceil(tree.size / nullifiers.length) * nullifiers.length, nullifiers);

/** The tree by definition: leaf i holds the i-th value and the next larger one. */
function rootByDefinition(placed: readonly { index: number; value: bigint }[]): bigint {
  const all = [{ index: 0, value: 0n }, ...placed];
  const tree = new SparseTree4('nullifier', new MemoryTreeStore());
  for (const { index, value } of all) {
    const larger = all.map((leaf) => leaf.value).filter((other) => other > value);
    const next = larger.reduce((least, other) => (least === 0n || other < least ? other : least), 0n);
    tree.setLeaves(index, [nullifierLeafHash({ value, next })]);
  }
  return tree.root();
}

describe('nullifier tree', () => {
  it('starts with the leaf (0, 0) at index 0', () => {
    const tree = new NullifierTree();
    assert.equal(tree.size, 1);
    assert.equal(tree.root(), rootByDefinition([]));
    assert.equal(tree.root(), genesisNullifierRoot());
    assert.deepEqual(tree.leaf(0), { value: 0n, next: 0n });
  });

  it('has the root of its definition after any chunks, skipped slots being empty leaves', () => {
    fc.assert(
      fc.property(chunks, (list) => {
        const tree = new NullifierTree();
        const placed: { index: number; value: bigint }[] = [];
        for (const nullifiers of list) {
          const start = Math.ceil(tree.size / nullifiers.length) * nullifiers.length;
          tree.insertChunk(start, nullifiers);
          nullifiers.forEach((value, k) => {
            if (value !== 0n) placed.push({ index: start + k, value });
          });
        }
        assert.equal(tree.root(), rootByDefinition(placed));
        for (const { value } of placed) assert.ok(tree.has(value));
      }),
      { numRuns: 30 },
    );
  });

  it('gives witnesses that lead from the old root to the new one step by step', () => {
    fc.assert(
      fc.property(chunks, (list) => {
        const tree = new NullifierTree();
        for (const nullifiers of list) {
          let root = tree.root();
          const height = nullifiers.length === 4 ? 1 : 2;
          const { insertions, path } = insert(tree, nullifiers);
          const pending: { value: bigint; next: bigint }[] = [];
          insertions.forEach((insertion, slot) => {
            const value = nullifiers[slot];
            if (insertion === undefined) {
              assert.equal(value, 0n);
              return;
            }
            const { low, place } = insertion;
            assert.ok(low.value < value && (low.next === 0n || value < low.next));
            const changed = { value: low.value, next: value };
            if (place.kind === 'tree') {
              assert.ok(verifyPath('nullifier', nullifierLeafHash(low), place.path, root));
              root = rootOfPath('nullifier', nullifierLeafHash(changed), place.path);
            } else {
              assert.ok(place.slot < slot);
              assert.deepEqual(pending[place.slot], low);
              pending[place.slot] = changed;
            }
            pending[slot] = { value, next: low.next };
          });
          assert.equal(rootOfPath('nullifier', zeroSubtrees('nullifier')[height], path), root);
          assert.equal(path.level, height);
          const after = tree.path(path.index * nullifiers.length);
          assert.deepEqual(after.siblings.slice(height), path.siblings);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('refuses a nullifier twice, in the tree and in one chunk, and changes nothing', () => {
    const tree = new NullifierTree();
    insert(tree, [5n, 9n, 0n, 0n]);
    const root = tree.root();
    assert.throws(() => insert(tree, [7n, 5n, 0n, 0n]), { code: 'NULLIFIER_PRESENT' });
    assert.throws(() => insert(tree, [7n, 8n, 7n, 0n]), { code: 'NULLIFIER_PRESENT' });
    assert.throws(() => insert(tree, [FIELD_MODULUS, 0n, 0n, 0n]), { code: 'NULLIFIER_INVALID' });
    assert.throws(() => insert(tree, [-1n, 0n, 0n, 0n]), { code: 'NULLIFIER_INVALID' });
    assert.throws(() => tree.insertChunk(4, [7n, 0n, 0n, 0n]), { code: 'TREE_APPEND_OCCUPIED' });
    assert.throws(() => tree.insertChunk(9, [7n, 0n, 0n, 0n]), { code: 'TREE_APPEND_MISALIGNED' });
    assert.throws(() => tree.lowLeaf(5n), { code: 'NULLIFIER_PRESENT' });
    assert.throws(() => tree.lowLeaf(0n), { code: 'NULLIFIER_PRESENT' });
    assert.equal(tree.root(), root);
    assert.ok(!tree.has(7n));
    assert.deepEqual(tree.lowLeaf(7n), { leaf: { value: 5n, next: 9n }, index: 4 });
  });

  it('rolls back to any earlier size, list included, and leaves nothing behind', () => {
    fc.assert(
      fc.property(chunks, fc.nat(), (list, cut) => {
        const store = new MemoryTreeStore();
        const tree = new NullifierTree(store);
        const history = [{ size: 1, root: tree.root(), entries: sorted(store) }];
        for (const nullifiers of list) {
          insert(tree, nullifiers);
          history.push({ size: tree.size, root: tree.root(), entries: sorted(store) });
        }
        const end = history[history.length - 1].root;
        const at = cut % history.length;
        tree.rollback(history[at].size);
        assert.equal(tree.root(), history[at].root);
        assert.deepEqual(sorted(store), history[at].entries);
        for (const nullifiers of list.slice(at)) insert(tree, nullifiers);
        assert.equal(tree.root(), end);
      }),
      { numRuns: 30 },
    );
    const tree = new NullifierTree();
    assert.throws(() => tree.rollback(0), { code: 'TREE_ROLLBACK_FORWARD' });
    assert.throws(() => tree.rollback(2), { code: 'TREE_ROLLBACK_FORWARD' });
  });

  it('reopens from its store', () => {
    const store = new MemoryTreeStore();
    const tree = new NullifierTree(store);
    insert(tree, [50n, 9n, 0n, 70n]);
    const again = new NullifierTree(store);
    assert.equal(again.root(), tree.root());
    insert(tree, [60n, 1n, 0n, 0n]);
    const copy = new NullifierTree(new MemoryTreeStore(store.entries()));
    assert.equal(copy.root(), tree.root());
    assert.deepEqual(copy.lowLeaf(65n), { leaf: { value: 60n, next: 70n }, index: 8 });
  });

  it('never meets the note tree: other domain', () => {
    assert.notEqual(new NoteTree().root(), zeroSubtrees('nullifier')[16]);
  });
});

function sorted(store: MemoryTreeStore): [number, bigint][] {
  return [...store.entries()].sort((a, b) => a[0] - b[0]);
}
