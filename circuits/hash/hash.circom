pragma circom 2.2.0;

include "poseidon.circom";

// Number of 16-input blocks that absorb n inputs.
function HASH_BLOCKS(n) {
    return n <= 16 ? 1 : (n + 15) \ 16;
}

// The project's hash of a fixed number of field elements: docs/specification.md, section 2; twin of protocol/hash/hash.ts.
//
// Proves:   out = hash(domain, inputs).
// Template: domain: a tag of DOMAIN_*() in circuits/generated/constants.circom; n >= 1: number of inputs.
// Inputs:   inputs[n]: any field elements.
// Outputs:  out: a field element.
// Unsatisfiable: never; out is a function of the inputs.
// Caller:   gives every use its own domain; the number of inputs is part of the initial state, so hashes of
//           different lengths under one domain never meet.
template Hash(domain, n) {
    assert(n >= 1);
    signal input inputs[n];
    signal output out;

    var blocks = HASH_BLOCKS(n);
    var width = n <= 16 ? n : 16;
    component block[blocks];
    for (var b = 0; b < blocks; b++) {
        block[b] = Permutation(width + 1, 1);
        if (b == 0) {
            block[b].state[0] <== domain * (1 << 64) + n;
        } else {
            block[b].state[0] <== block[b - 1].out[0];
        }
        for (var k = 0; k < width; k++) {
            if (b * width + k < n) {
                block[b].state[1 + k] <== inputs[b * width + k];
            } else {
                block[b].state[1 + k] <== 0;
            }
        }
    }
    out <== block[blocks - 1].out[0];
}
