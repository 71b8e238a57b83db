pragma circom 2.2.0;

include "../../node_modules/circomlib/circuits/pointbits.circom";
include "../field/limbs.circom";
include "../field/loose-bits.circom";
include "../generated/constants.circom";
include "../hash/hash.circom";
include "clear-cofactor.circom";

// The Montgomery form's coefficient J and the non-residue Z of Elligator 2.
function MONTGOMERY_J() {
    return 168698;
}
function ELLIGATOR_Z() {
    return 5;
}

// Proves:   in <= (r - 1) / 2 as a canonical integer.
// Inputs:   in: any field element.
// Unsatisfiable when in > (r - 1) / 2. The 254 bits name in or in + r; the latter is above the bound, so the bits are
// canonical without a further test.
// Cost:     309 constraints.
template AssertLowerHalf() {
    signal input in;

    component bits = LooseBits(0);
    component limbs = BitsToLimbs();
    component bounded = AssertLess();
    bits.in <== in;
    limbs.in <== bits.out;
    var bound = (-1) / 2 + 1; // (r - 1) / 2 + 1
    for (var k = 0; k < LIMBS(); k++) {
        bounded.a[k] <== limbs.out[k];
        bounded.b[k] <== (bound >> (LIMB_BITS() * k)) & ((1 << LIMB_BITS()) - 1);
    }
}

// Elligator 2 onto Baby Jubjub (docs/specification.md, section 2; RFC 9380, 6.7.1). Twin: elligator2 in
// protocol/curve/hash-to-group.ts.
//
// Proves:   out is the one point that u maps to.
// Inputs:   u: any field element.
// Outputs:  out, on the curve (not yet in the subgroup).
// Unsatisfiable when u = 0.
//
// Why out is unique, and no divisor is zero (J = 168698, Z = 5, g(s) = s^3 + J s^2 + s):
// - 1 + Z u^2 = 0 would make -1/Z a square; -1 is a square (r = 1 mod 4) and Z is none. So s1 is determined, and s1 != 0.
// - s^2 + J s + 1 has no root: its discriminant (J - 2)(J + 2) = d a is no square. So g(s1) != 0.
// - s2 = -J - s1 = Z u^2 s1, and g(s2) = Z u^2 g(s1). As u != 0, exactly one of g(s1), g(s2) is a square: `square` is
//   determined, because v^2 = g(s) has no solution for the other choice. (With u = 0 g(s2) = 0 would be a second choice.)
// - v is one of two roots, never 0; exactly one of v, -v is in the lower half.
// - s = -1 would give g(s) = J - 2 = d, no square: s + 1 != 0.
// - (s / v, (s - 1) / (s + 1)) is the birational map to a = J + 2, d = J - 2: out lies on the curve.
template Elligator2() {
    signal input u;
    signal output out[2];

    signal inverse <-- u != 0 ? 1 / u : 0;
    u * inverse === 1;

    signal zuu <== ELLIGATOR_Z() * u * u;
    signal s1 <-- -MONTGOMERY_J() / (1 + zuu);
    s1 * (1 + zuu) === -MONTGOMERY_J();
    signal s1s1 <== s1 * s1;
    signal g1 <== s1 * (s1s1 + MONTGOMERY_J() * s1 + 1);
    signal g2 <== zuu * g1;

    signal square <-- g1 ** ((-1) / 2) == 1 ? 1 : 0;
    square * (square - 1) === 0;
    signal s <== square * (2 * s1 + MONTGOMERY_J()) - MONTGOMERY_J() - s1;
    signal g <== square * (g1 - g2) + g2;
    // circomlib's sqrt returns the root in the lower half.
    signal v <-- sqrt(g);
    v * v === g;
    component lower = AssertLowerHalf();
    lower.in <== v;

    out[0] <-- s / v;
    out[0] * v === s;
    out[1] <-- (s - 1) / (s + 1);
    out[1] * (s + 1) === s - 1;
}

// Proves:   out = hashToGroup(in) = 8 * elligator2(hash(HASH_TO_GROUP, [in])).
// Inputs:   in: a commitment.
// Outputs:  out, in the subgroup.
// Unsatisfiable when the hash is 0 (nobody can find such a commitment).
template HashToGroup() {
    signal input in;
    signal output out[2];

    component hash = Hash(DOMAIN_HASH_TO_GROUP(), 1);
    component map = Elligator2();
    component clear = ClearCofactor();
    hash.inputs[0] <== in;
    map.u <== hash.out;
    clear.p <== map.out;
    out <== clear.out;
}
