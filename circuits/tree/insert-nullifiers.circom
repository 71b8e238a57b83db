pragma circom 2.2.0;

include "../field/is-zero.circom";
include "../generated/tree-constants.circom";
include "append-subtree4.circom";
include "insert-nullifier.circom";

// Inserts a chunk's nullifiers into the nullifier tree, in order: docs/specification.md, section 10.
//
// Proves:   each non-zero nullifier was absent before it, its predecessors in the chunk included; the list holds it
//           afterwards; leaf start + i is hash(NULLIFIER_LEAF, [nullifier i, its next value after the whole chunk]), or 0
//           for a nullifier of 0; the leaves from start on were empty before; start is aligned and in the tree.
// Template: slots: 4^height; height: 1 or 2; depth: the tree's levels.
// Inputs:   oldRoot, start; nullifiers[slots]; per slot the advice of InsertNullifier, lowPending flattened: slot i's
//           choices 0..i-1 begin at i(i-1)/2; siblings[depth - height][3]: path of the appended subtree, in the tree after
//           every low leaf was updated.
// Outputs:  newRoot.
// Unsatisfiable when a nullifier is in the tree already or twice in the chunk, or the place is not empty or not aligned.
template InsertNullifiers(slots, height, depth) {
    assert(slots == 4 ** height);
    signal input oldRoot;
    signal input start;
    signal input nullifiers[slots];
    signal input lowValue[slots];
    signal input lowNext[slots];
    signal input lowPending[slots * (slots - 1) / 2];
    signal input lowIndexBits[slots][2 * depth];
    signal input lowSiblings[slots][depth][3];
    signal input siblings[depth - height][3];
    signal output newRoot;

    component skipped[slots];
    component insert[slots];
    for (var i = 0; i < slots; i++) {
        skipped[i] = IsZeroField();
        skipped[i].in <== nullifiers[i];

        insert[i] = InsertNullifier(i, depth);
        if (i == 0) {
            insert[i].root <== oldRoot;
            insert[i].pendingValue[0] <== 0;
            insert[i].pendingNext[0] <== 0;
            insert[i].pendingSkipped[0] <== 0;
            insert[i].lowPending[0] <== 0;
        } else {
            insert[i].root <== insert[i - 1].newRoot;
        }
        insert[i].nullifier <== nullifiers[i];
        insert[i].skipped <== skipped[i].out;
        for (var j = 0; j < i; j++) {
            insert[i].pendingValue[j] <== nullifiers[j];
            insert[i].pendingNext[j] <== insert[i - 1].next[j];
            insert[i].pendingSkipped[j] <== skipped[j].out;
            insert[i].lowPending[j] <== lowPending[i * (i - 1) / 2 + j];
        }
        insert[i].lowValue <== lowValue[i];
        insert[i].lowNext <== lowNext[i];
        insert[i].lowIndexBits <== lowIndexBits[i];
        insert[i].lowSiblings <== lowSiblings[i];
    }

    component leaf[slots];
    component append = AppendSubtree4(DOMAIN_NULLIFIER_TREE(), depth, height, NULLIFIER_ZERO(height));
    for (var i = 0; i < slots; i++) {
        leaf[i] = Hash(DOMAIN_NULLIFIER_LEAF(), 2);
        leaf[i].inputs[0] <== nullifiers[i];
        leaf[i].inputs[1] <== insert[slots - 1].next[i];
        append.leaves[i] <== (1 - skipped[i].out) * leaf[i].out;
    }
    append.oldRoot <== insert[slots - 1].newRoot;
    append.start <== start;
    append.siblings <== siblings;
    newRoot <== append.newRoot;
}
