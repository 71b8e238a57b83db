pragma circom 2.2.0;

include "merkle-path4.circom";
include "../generated/constants.circom";

// The note tree's root over a commitment and its path: docs/specification.md, section 9; twin of protocol/tree/path.ts.
//
// Proves:   a tree with this root holds leaf at the index given by indexBits.
// Inputs:   leaf: a commitment; indexBits[32]: the leaf's index, lowest bit first, constrained boolean here;
//           siblings[16][3]: from the leaves upwards, on each level the node's partner and then the other pair in child
//           order (protocol/tree gives them so).
// Outputs:  root.
// Unsatisfiable when an index bit is not boolean.
// Caller:   compares root with the anchor, and makes sure that leaf is a hash: the empty leaf 0 is a member too.
template NotePath() {
    signal input leaf;
    signal input indexBits[2 * TREE_DEPTH()];
    signal input siblings[TREE_DEPTH()][3];
    signal output root;

    for (var i = 0; i < 2 * TREE_DEPTH(); i++) {
        indexBits[i] * (indexBits[i] - 1) === 0;
    }
    component path = MerkleRoot4(DOMAIN_NOTE_TREE(), TREE_DEPTH());
    path.node <== leaf;
    path.siblings <== siblings;
    path.bits <== indexBits;
    root <== path.root;
}
