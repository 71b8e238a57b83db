pragma circom 2.2.0;

include "../hash/poseidon.circom";

// One hash slot (docs/specification.md section 8). Twin: checkHash in avm/check.ts.
//
// Proves:   out = state[0] after the permutation of [cap, x[0..3]].
// Inputs:   cap, x[4], out: any field elements.
// Unsatisfiable: out is any other value.
// Uniqueness: the permutation is a function of cap and x.
template AvmHashSlot() {
    signal input cap;
    signal input x[4];
    signal input out;

    component permutation = Permutation(5, 1);
    permutation.state[0] <== cap;
    for (var i = 0; i < 4; i++) {
        permutation.state[1 + i] <== x[i];
    }
    permutation.out[0] === out;
}
