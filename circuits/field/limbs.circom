pragma circom 2.2.0;

// A field element's 254 bits are compared in 8 limbs of 32 bits (the highest has 30): the cheapest split, 55 constraints
// a comparison.
function LIMB_BITS() {
    return 32;
}
function LIMBS() {
    return 8;
}

// Limb k of the integer r, the field's order. In circom's arithmetic r itself is 0, so it is r - 1 plus one in the
// lowest limb; r - 1 ends in 28 zero bits, so nothing carries.
function LIMB_OF_R(k) {
    var limb = (-1 >> (32 * k)) & 0xffffffff;
    return k == 0 ? limb + 1 : limb;
}

// Groups 254 bits into limbs. Adds no constraint.
//
// Inputs:   in[254]: bits, lowest first; the caller has constrained them to be boolean.
// Outputs:  out[8]: limbs, lowest first; each below 2^32 because the bits are boolean.
template BitsToLimbs() {
    signal input in[254];
    signal output out[LIMBS()];

    for (var k = 0; k < LIMBS(); k++) {
        var sum = 0;
        for (var i = 0; i < LIMB_BITS(); i++) {
            if (k * LIMB_BITS() + i < 254) {
                sum += in[k * LIMB_BITS() + i] * (1 << i);
            }
        }
        out[k] <== sum;
    }
}

// Proves a < b for two integers given in limbs (integers, not field elements: both may be at or above r).
//
// The prover names the highest limb in which they differ: all limbs above it are equal and there b is larger. Only one
// limb meets that if a < b, and none otherwise: if b's named limb is larger and all above are equal, a < b.
//
// Inputs:   a[8], b[8]: limbs, lowest first.
// Unsatisfiable when a >= b.
// Caller:   has constrained every limb to lie in [0, 2^32] (2^32 itself only arises for constants), so that a difference
//           of limbs cannot wrap around the field.
template AssertLess() {
    signal input a[LIMBS()];
    signal input b[LIMBS()];

    // differs[k] = 1 at the named limb, one-hot: each is boolean and they sum to 1.
    signal differs[LIMBS()];
    var found = 0;
    for (var k = LIMBS() - 1; k > 0; k--) {
        var here = found == 0 && a[k] != b[k] ? 1 : 0;
        differs[k] <-- here;
        found = found == 1 || here == 1 ? 1 : 0;
    }
    var above = 0;
    for (var k = LIMBS() - 1; k > 0; k--) {
        differs[k] * (differs[k] - 1) === 0;
        above += differs[k];
        // While the named limb lies below k (above = 0), the limbs k are equal.
        (1 - above) * (a[k] - b[k]) === 0;
    }
    differs[0] <== 1 - above;
    differs[0] * (differs[0] - 1) === 0;

    signal difference[LIMBS()];
    var sum = 0;
    for (var k = 0; k < LIMBS(); k++) {
        difference[k] <== differs[k] * (b[k] - a[k]);
        sum += difference[k];
    }

    // The named limb of b is larger: b_k - a_k - 1 in [0, 2^32).
    signal bit[LIMB_BITS()];
    var packed = 0;
    for (var i = 0; i < LIMB_BITS(); i++) {
        bit[i] <-- ((sum - 1) >> i) & 1;
        bit[i] * (bit[i] - 1) === 0;
        packed += bit[i] * (1 << i);
    }
    packed === sum - 1;
}
