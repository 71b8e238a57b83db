pragma circom 2.2.0;

include "merkle-path4.circom";

// An aligned subtree of 4^height leaves takes the place of an empty one.
//
// Proves:   under oldRoot, all 4^height leaves from start on are the empty leaf 0; newRoot is the same tree with leaves
//           there and nothing else changed; start is a multiple of 4^height below 4^depth.
// Template: domain: the tree's hash domain; depth: its levels; height >= 1: levels of the subtree;
//           emptySubtree: root of an empty subtree of that height.
// Inputs:   oldRoot; start: index of the first leaf; leaves[4^height]: any, 0 stays empty;
//           siblings[depth - height][3]: path of the subtree's root, in the order of Children4.
// Outputs:  newRoot.
// Unsatisfiable when a leaf of the place is not empty, start is not aligned or not in the tree, or oldRoot is another.
template AppendSubtree4(domain, depth, height, emptySubtree) {
    var leafCount = 4 ** height;
    var levels = depth - height;
    signal input oldRoot;
    signal input start;
    signal input leaves[leafCount];
    signal input siblings[levels][3];
    signal output newRoot;

    // start = 4^height * index, index boolean bits: aligned and bounded, far below the field's order.
    signal bit[2 * levels];
    var index = 0;
    for (var i = 0; i < 2 * levels; i++) {
        bit[i] <-- (start >> (2 * height + i)) & 1;
        bit[i] * (bit[i] - 1) === 0;
        index += bit[i] * (1 << i);
    }
    start === leafCount * index;

    // The subtree, level by level: node 0 is its root, the children of node m are 4m + 1 .. 4m + 4, the leaves come last.
    var inner = (leafCount - 1) \ 3;
    component node[inner];
    for (var m = inner - 1; m >= 0; m--) {
        node[m] = Hash(domain, 4);
        for (var k = 0; k < 4; k++) {
            var child = 4 * m + 1 + k;
            if (child >= inner) {
                node[m].inputs[k] <== leaves[child - inner];
            } else {
                node[m].inputs[k] <== node[child].out;
            }
        }
    }

    component path = MerkleUpdate4(domain, levels);
    path.oldNode <== emptySubtree;
    path.newNode <== node[0].out;
    path.siblings <== siblings;
    path.bits <== bit;
    path.oldRoot === oldRoot;
    newRoot <== path.newRoot;
}
