pragma circom 2.2.0;

include "../../node_modules/circomlib/circuits/poseidon.circom";

// One hash slot (docs/specification.md section 8). Twin: checkHash in program/bytecode/check.ts.
//
// Proves:   out = PoseidonEx(4, 1) with initial state `cap` and inputs x[0..3].
// Inputs:   cap, x[4], out: any field elements.
// Unsatisfiable: out is any other value.
// Uniqueness: the permutation is a function of cap and x.
template AvmHashSlot() {
    signal input cap;
    signal input x[4];
    signal input out;

    component permutation = PoseidonEx(4, 1);
    permutation.initialState <== cap;
    for (var i = 0; i < 4; i++) {
        permutation.inputs[i] <== x[i];
    }
    permutation.out[0] === out;
}
