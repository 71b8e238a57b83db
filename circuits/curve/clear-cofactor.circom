pragma circom 2.2.0;

include "edwards.circom";

// Proves:   out = 8 p.
// Inputs:   p.
// Outputs:  out, in the subgroup of prime order l: the curve has 8 l points.
// Unsatisfiable: never.
// Caller:   p lies on the curve.
// Cost:     15 constraints.
template ClearCofactor() {
    signal input p[2];
    signal output out[2];

    component double[3];
    for (var i = 0; i < 3; i++) {
        double[i] = DoublePoint();
        double[i].p <== i == 0 ? p : double[i - 1].out;
    }
    out <== double[2].out;
}

// A subgroup point by a preimage under multiplication by 8: the cheapest proof of membership.
//
// Proves:   out = 8 p for a p on the curve, so out lies in the subgroup.
// Inputs:   p: any two field elements (for a wanted point P: (8^-1 mod l) * P).
// Outputs:  out. The identity is possible; a caller that must exclude it tests out[0].
// Unsatisfiable when p is off the curve.
// Cost:     18 constraints.
template SubgroupPoint() {
    signal input p[2];
    signal output out[2];

    component curve = OnCurve();
    component clear = ClearCofactor();
    curve.p <== p;
    clear.p <== p;
    out <== clear.out;
}
