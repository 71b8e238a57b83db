pragma circom 2.2.0;

include "../hash/hash.circom";

// Puts a node among its three siblings.
//
// Inputs:   node; siblings[3]: the node's partner (the other child of its pair, pairs being children 0,1 and 2,3), then
//           the other pair in child order; bit[2]: the node's child index, lowest bit first.
// Outputs:  children[4] in child order; children[index] = node.
// Caller:   has constrained bit[] to be boolean.
// Cost:     3 constraints.
template Children4() {
    signal input node;
    signal input siblings[3];
    signal input bit[2];
    signal output children[4];

    signal swap <== bit[0] * (siblings[0] - node);
    var left = node + swap;
    var right = siblings[0] - swap;
    signal low0 <== bit[1] * (siblings[1] - left);
    signal low1 <== bit[1] * (siblings[2] - right);
    children[0] <== left + low0;
    children[1] <== right + low1;
    children[2] <== siblings[1] - low0;
    children[3] <== siblings[2] - low1;
}

// Root of a quad-ary tree over one node and its path: docs/specification.md, section 9; twin of protocol/tree/path.ts.
//
// Template: domain: the tree's hash domain; levels: number of levels from the node up to the root.
// Inputs:   node; siblings[levels][3] and bits[2 * levels], both from the node's level upwards: bits is the node's index
//           on its level, lowest bit first; siblings in the order of Children4.
// Outputs:  root.
// Unsatisfiable: never; the caller compares root.
// Caller:   has constrained bits[] to be boolean.
template MerkleRoot4(domain, levels) {
    signal input node;
    signal input siblings[levels][3];
    signal input bits[2 * levels];
    signal output root;

    component children[levels];
    component parent[levels];
    for (var k = 0; k < levels; k++) {
        children[k] = Children4();
        children[k].node <== k == 0 ? node : parent[k - 1].out;
        children[k].siblings <== siblings[k];
        children[k].bit[0] <== bits[2 * k];
        children[k].bit[1] <== bits[2 * k + 1];
        parent[k] = Hash(domain, 4);
        parent[k].inputs <== children[k].children;
    }
    root <== parent[levels - 1].out;
}

// Membership of a node, and the root after it is replaced: one path, two nodes.
//
// Template: as MerkleRoot4.
// Inputs:   oldNode, newNode; siblings, bits as in MerkleRoot4.
// Outputs:  oldRoot: the root that holds oldNode at that place; newRoot: the same tree with newNode there and nothing
//           else changed.
// Unsatisfiable: never; the caller compares oldRoot.
// Caller:   has constrained bits[] to be boolean.
template MerkleUpdate4(domain, levels) {
    signal input oldNode;
    signal input newNode;
    signal input siblings[levels][3];
    signal input bits[2 * levels];
    signal output oldRoot;
    signal output newRoot;

    component before = MerkleRoot4(domain, levels);
    component after = MerkleRoot4(domain, levels);
    before.node <== oldNode;
    before.siblings <== siblings;
    before.bits <== bits;
    after.node <== newNode;
    after.siblings <== siblings;
    after.bits <== bits;
    oldRoot <== before.root;
    newRoot <== after.root;
}
