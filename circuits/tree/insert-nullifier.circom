pragma circom 2.2.0;

include "../field/assert-between.circom";
include "../generated/constants.circom";
include "merkle-path4.circom";

// Links nullifier i of a chunk into the indexed nullifier tree's list: docs/specification.md, sections 9 and 10.
//
// The list is made of the tree's leaves (under root) and of the pending leaves, the chunk's nullifiers 0..i-1, whose own
// leaves are appended after the whole chunk. The low leaf, the one whose gap holds the nullifier, is either a leaf of the
// tree, which is updated there, or one pending leaf, whose next value is updated here.
//
// Proves:   unless skipped: the low leaf is in the list as the predecessors left it, low value < nullifier < its next
//           value (or it has none), and the low leaf's next value becomes the nullifier. If skipped: nothing changes.
// Template: i: number of pending leaves before this one; depth: the tree's levels.
// Inputs:   root: tree as the predecessors left it; nullifier; skipped: boolean, 1 iff nullifier = 0;
//           pendingValue[i], pendingNext[i], pendingSkipped[i] (boolean): the pending leaves as the predecessors left
//           them; advice: lowValue, lowNext: the low leaf; lowPending[i]: 1 at the pending leaf that it is, all 0 when it
//           is in the tree; lowIndexBits[2 * depth], lowSiblings[depth][3]: its path in the tree (any when pending or skipped).
// Outputs:  newRoot; next[i + 1]: next values of the pending leaves, this one's own last (any when skipped).
// Unsatisfiable when the nullifier is in the list, or the low leaf is not, or is a skipped slot, or more than one leaf is
//           named, or an index bit is not boolean.
// Caller:   gives a skipped slot the leaf 0.
template InsertNullifier(i, depth) {
    // The compiler knows no empty arrays: for i = 0 their one element is unused.
    var length = i == 0 ? 1 : i;
    signal input root;
    signal input nullifier;
    signal input skipped;
    signal input pendingValue[length];
    signal input pendingNext[length];
    signal input pendingSkipped[length];
    signal input lowValue;
    signal input lowNext;
    signal input lowPending[length];
    signal input lowIndexBits[2 * depth];
    signal input lowSiblings[depth][3];
    signal output newRoot;
    signal output next[i + 1];

    // Exactly one low leaf unless skipped, none if skipped: lowPending and lowInTree are boolean and sum to 1 - skipped.
    // A skipped slot is no leaf: as (0, 0) it would be a low leaf without upper bound.
    var named = 0;
    for (var j = 0; j < i; j++) {
        lowPending[j] * (lowPending[j] - (1 - pendingSkipped[j])) === 0;
        named += lowPending[j];
    }
    signal lowInTree <== 1 - skipped - named;
    lowInTree * (lowInTree - 1) === 0;

    // A skipped slot tests 1 against a gap that the prover chooses; nothing follows from it.
    component gap = AssertBetween();
    gap.low <== lowValue;
    gap.value <== nullifier + skipped;
    gap.next <== lowNext;

    // The low leaf is pending.
    for (var j = 0; j < i; j++) {
        lowPending[j] * (lowValue - pendingValue[j]) === 0;
        lowPending[j] * (lowNext - pendingNext[j]) === 0;
        next[j] <== pendingNext[j] + lowPending[j] * (nullifier - pendingNext[j]);
    }
    next[i] <== lowNext;

    // The low leaf is in the tree.
    for (var k = 0; k < 2 * depth; k++) {
        lowIndexBits[k] * (lowIndexBits[k] - 1) === 0;
    }
    component oldLeaf = Hash(DOMAIN_NULLIFIER_LEAF(), 2);
    component newLeaf = Hash(DOMAIN_NULLIFIER_LEAF(), 2);
    oldLeaf.inputs[0] <== lowValue;
    oldLeaf.inputs[1] <== lowNext;
    newLeaf.inputs[0] <== lowValue;
    newLeaf.inputs[1] <== nullifier;
    component path = MerkleUpdate4(DOMAIN_NULLIFIER_TREE(), depth);
    path.oldNode <== oldLeaf.out;
    path.newNode <== newLeaf.out;
    path.siblings <== lowSiblings;
    path.bits <== lowIndexBits;
    lowInTree * (path.oldRoot - root) === 0;
    newRoot <== root + lowInTree * (path.newRoot - root);
}
