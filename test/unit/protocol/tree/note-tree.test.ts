import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { DOMAIN, FIELD_MODULUS, TREE_DEPTH } from '../../../../protocol/constants.ts';
import { hash } from '../../../../protocol/hash/hash.ts';
import { chunkStarts } from '../../../../protocol/state/chunk-starts.ts';
import { NoteTree } from '../../../../protocol/tree/note-tree.ts';
import { OverlayTreeStore } from '../../../../protocol/tree/overlay-tree-store.ts';
import { childrenOf, indexBits, rootOfPath, siblingsOf, verifyPath } from '../../../../protocol/tree/path.ts';
import { TREE_CAPACITY } from '../../../../protocol/tree/sparse-tree4.ts';
import { MemoryTreeStore } from '../../../../protocol/tree/tree-store.ts';
import { zeroSubtrees } from '../../../../protocol/tree/zero-subtrees.ts';

const field = fc.bigInt({ min: 1n, max: FIELD_MODULUS - 1n });
const subtree = fc.oneof(
  fc.array(field, { minLength: 4, maxLength: 4 }),
  fc.array(field, { minLength: 16, maxLength: 16 }),
);

/** Root by definition: hash all nodes over the leaves, then climb with empty siblings. */
function rootByDefinition(leaves: readonly bigint[]): bigint {
  let level = [...leaves];
  let zero = 0n;
  for (let k = 0; k < TREE_DEPTH; k++) {
    const parents: bigint[] = [];
    for (let i = 0; i < Math.max(level.length, 1); i += 4) {
      parents.push(
        hash(
          DOMAIN.NOTE_TREE,
          [0, 1, 2, 3].map((j) => level[i + j] ?? zero),
        ),
      );
    }
    level = parents;
    zero = hash(DOMAIN.NOTE_TREE, [zero, zero, zero, zero]);
  }
  return level[0];
}

const appendAll = (tree: NoteTree, subtrees: readonly (readonly bigint[])[]): void => {
  for (const leaves of subtrees) {
    tree.appendSubtree(Math.ceil(tree.size / leaves.length) * leaves.length, leaves);
  }
};

describe('note tree', () => {
  it('has the root of its definition, alignment gaps being empty leaves', () => {
    fc.assert(
      fc.property(fc.array(subtree, { maxLength: 4 }), (subtrees) => {
        const tree = new NoteTree();
        appendAll(tree, subtrees);
        const leaves = Array.from({ length: tree.size }, (_, i) => tree.leaf(i));
        assert.equal(tree.root(), rootByDefinition(leaves));
      }),
      { numRuns: 20 },
    );
  });

  it('starts as the empty tree', () => {
    assert.equal(new NoteTree().root(), zeroSubtrees('note')[TREE_DEPTH]);
    assert.equal(new NoteTree().root(), rootByDefinition([]));
  });

  it('gives paths that verify for their leaf, index and root only', () => {
    fc.assert(
      fc.property(
        fc.array(subtree, { minLength: 1, maxLength: 3 }),
        fc.nat(),
        field,
        (subtrees, at, other) => {
          const tree = new NoteTree();
          appendAll(tree, subtrees);
          const index = at % tree.size;
          const path = tree.path(index);
          const leaf = tree.leaf(index);
          assert.equal(path.siblings.length, TREE_DEPTH);
          assert.equal(path.childIndexes.length, TREE_DEPTH);
          assert.ok(verifyPath('note', leaf, path, tree.root()));
          assert.equal(verifyPath('note', other, path, tree.root()), other === leaf);
          assert.ok(!verifyPath('nullifier', leaf, path, tree.root()));
          assert.ok(!verifyPath('note', leaf, { ...path, index: index ^ 1 }, tree.root()));
          assert.ok(!verifyPath('note', leaf, { ...path, siblings: path.siblings.slice(1) }, tree.root()));
          assert.equal(
            indexBits(path).reduce((sum, bit, k) => sum + Number(bit) * 2 ** k, 0),
            index,
          );
        },
      ),
      { numRuns: 20 },
    );
  });

  it('appendSubtree returns the path of the place, before and after', () => {
    const tree = new NoteTree();
    appendAll(tree, [[1n, 2n, 3n, 4n]]);
    const before = tree.root();
    const leaves = Array.from({ length: 16 }, (_, i) => BigInt(100 + i));
    const path = tree.appendSubtree(16, leaves);
    assert.equal(path.level, 2);
    assert.equal(rootOfPath('note', zeroSubtrees('note')[2], path), before);
    const parents = [0, 4, 8, 12].map((k) => hash(DOMAIN.NOTE_TREE, leaves.slice(k, k + 4)));
    assert.equal(rootOfPath('note', hash(DOMAIN.NOTE_TREE, parents), path), tree.root());
  });

  it('rolls back to any earlier size, and grows the same way again', () => {
    fc.assert(
      fc.property(fc.array(subtree, { minLength: 1, maxLength: 5 }), fc.nat(), (subtrees, cut) => {
        const store = new MemoryTreeStore();
        const tree = new NoteTree(store);
        const history: { size: number; root: bigint; entries: [number, bigint][] }[] = [];
        const snapshot = (): void => {
          history.push({ size: tree.size, root: tree.root(), entries: sorted(store) });
        };
        snapshot();
        for (const leaves of subtrees) {
          appendAll(tree, [leaves]);
          snapshot();
        }
        const end = history[history.length - 1];
        const at = cut % history.length;
        tree.rollback(history[at].size);
        assert.equal(tree.size, history[at].size);
        assert.equal(tree.root(), history[at].root);
        // Nothing is left behind in the store either (the empty tree may know its size).
        assert.deepEqual(
          sorted(store).filter(([, value]) => value !== 0n),
          history[at].entries,
        );
        appendAll(tree, subtrees.slice(at));
        assert.equal(tree.root(), end.root);
      }),
      { numRuns: 20 },
    );
  });

  it('refuses what is not an aligned append', () => {
    const tree = new NoteTree();
    appendAll(tree, [[1n, 2n, 3n, 4n]]);
    const root = tree.root();
    const four = [5n, 6n, 7n, 8n];
    assert.throws(() => tree.appendSubtree(6, four), { code: 'TREE_APPEND_MISALIGNED' });
    assert.throws(() => tree.appendSubtree(4.5, four), { code: 'TREE_APPEND_MISALIGNED' });
    assert.throws(() => tree.appendSubtree(8, [1n, 2n, 3n]), { code: 'TREE_APPEND_MISALIGNED' });
    assert.throws(() => tree.appendSubtree(8, []), { code: 'TREE_APPEND_MISALIGNED' });
    assert.throws(() => tree.appendSubtree(0, four), { code: 'TREE_APPEND_OCCUPIED' });
    assert.throws(() => tree.appendSubtree(TREE_CAPACITY, four), { code: 'TREE_FULL' });
    assert.throws(() => tree.path(TREE_CAPACITY), { code: 'TREE_INDEX_OUT_OF_RANGE' });
    assert.throws(() => tree.path(-1), { code: 'TREE_INDEX_OUT_OF_RANGE' });
    assert.throws(() => tree.rollback(8), { code: 'TREE_ROLLBACK_FORWARD' });
    assert.equal(tree.root(), root);
  });

  it('fills its last place', () => {
    const tree = new NoteTree();
    tree.appendSubtree(TREE_CAPACITY - 4, [1n, 2n, 3n, 4n]);
    assert.ok(verifyPath('note', 4n, tree.path(TREE_CAPACITY - 1), tree.root()));
    assert.throws(() => tree.appendSubtree(TREE_CAPACITY, [1n, 2n, 3n, 4n]), { code: 'TREE_FULL' });
  });

  it('reopens from its store, and an overlay changes nothing until committed', () => {
    const store = new MemoryTreeStore();
    const tree = new NoteTree(store);
    appendAll(tree, [[1n, 2n, 3n, 4n]]);
    const overlay = new OverlayTreeStore(store);
    const trial = new NoteTree(overlay);
    appendAll(trial, [[5n, 6n, 7n, 8n]]);
    trial.rollback(2);
    appendAll(trial, [[5n, 6n, 7n, 8n]]);
    assert.equal(new NoteTree(store).root(), tree.root());
    assert.notEqual(trial.root(), tree.root());
    const root = trial.root();
    overlay.commit();
    assert.equal(new NoteTree(store).root(), root);
    assert.equal(new NoteTree(store).size, 8);
  });
});

describe('tree paths', () => {
  it('order siblings as partner, then the other pair', () => {
    const children = [10n, 11n, 12n, 13n];
    assert.deepEqual(siblingsOf(children, 0), [11n, 12n, 13n]);
    assert.deepEqual(siblingsOf(children, 1), [10n, 12n, 13n]);
    assert.deepEqual(siblingsOf(children, 2), [13n, 10n, 11n]);
    assert.deepEqual(siblingsOf(children, 3), [12n, 10n, 11n]);
    for (const k of [0, 1, 2, 3])
      assert.deepEqual(childrenOf(children[k], siblingsOf(children, k), k), children);
  });
});

describe('chunk starts', () => {
  it('are the next free indexes rounded up, deposits behind the commitments', () => {
    assert.deepEqual(chunkStarts(0, 1, 4), {
      noteStart: 0,
      depositStart: 4,
      nullifierStart: 4,
      nextNote: 8,
      nextNullifier: 8,
    });
    assert.deepEqual(chunkStarts(8, 8, 16), {
      noteStart: 16,
      depositStart: 32,
      nullifierStart: 16,
      nextNote: 36,
      nextNullifier: 32,
    });
    assert.deepEqual(chunkStarts(36, 32, 4).noteStart, 36);
    assert.throws(() => chunkStarts(TREE_CAPACITY - 4, 1, 4), { code: 'TREE_FULL' });
    assert.throws(() => chunkStarts(0, TREE_CAPACITY - 3, 4), { code: 'TREE_FULL' });
  });
});

function sorted(store: MemoryTreeStore): [number, bigint][] {
  return [...store.entries()].sort((a, b) => a[0] - b[0]);
}
