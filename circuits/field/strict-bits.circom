pragma circom 2.2.0;

include "limbs.circom";
include "loose-bits.circom";

// The one canonical binary form of a field element.
//
// Proves:   out are the bits of the integer in, 0 <= in < r. 254 bits reach up to 2^254 > r, so without the comparison
//           every value below 2^254 - r would have a second form, in + r.
// Inputs:   in: any field element.
// Outputs:  out[254]: boolean, lowest first.
// Unsatisfiable: never for an honest prover; out is unique.
// Cost:     309 constraints (circomlib's Num2Bits_strict: 516).
template StrictBits() {
    signal input in;
    signal output out[254];

    component bits = LooseBits(0);
    bits.in <== in;
    out <== bits.out;

    component limbs = BitsToLimbs();
    component canonical = AssertLess();
    limbs.in <== bits.out;
    for (var k = 0; k < LIMBS(); k++) {
        canonical.a[k] <== limbs.out[k];
        canonical.b[k] <== LIMB_OF_R(k);
    }
}
