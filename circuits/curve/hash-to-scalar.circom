pragma circom 2.2.0;

include "../field/strict-bits.circom";
include "../generated/constants.circom";
include "../hash/hash.circom";

// Proves:   bits are the low HASH_TO_SCALAR_BITS bits of the canonical integer of hash(domain, inputs)
//           (docs/specification.md, section 2; twin: hashToScalar in protocol/hash/hash.ts).
// Inputs:   inputs[n]: any field elements.
// Outputs:  bits[250]: boolean, lowest first; the scalar is below 2^250 < l.
// Unsatisfiable: never; the decomposition is strict, so the bits are unique.
template HashToScalar(domain, n) {
    signal input inputs[n];
    signal output bits[HASH_TO_SCALAR_BITS()];

    component hash = Hash(domain, n);
    component strict = StrictBits();
    hash.inputs <== inputs;
    strict.in <== hash.out;
    for (var i = 0; i < HASH_TO_SCALAR_BITS(); i++) {
        bits[i] <== strict.out[i];
    }
}
