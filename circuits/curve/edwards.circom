pragma circom 2.2.0;

// Baby Jubjub, a x^2 + y^2 = 1 + d x^2 y^2 (docs/specification.md, section 1). Twin: protocol/curve/point.ts.
//
// a is a square and d is not, so the addition law of this curve is complete (Bernstein, Lange: "Faster addition and doubling
// on elliptic curves", theorem 3.3): for ANY two points on the curve, torsion and equal points included, 1 + d t and 1 - d t
// with t = x1 x2 y1 y2 are both non-zero. Every division below therefore has one solution as long as its points lie on
// the curve, and sums of points on the curve lie on the curve. Points that a prover supplies pass through OnCurve first.
function EDWARDS_A() {
    return 168700;
}
function EDWARDS_D() {
    return 168696;
}

// The generator G = Base8 of the subgroup of prime order l.
function GENERATOR() {
    return [
        5299619240641551281634865583518297030282874472190772894086521144482721001553,
        16950150798460657717958625567821834550301663161624707787222815936182638968203
    ];
}

// p + q for constants.
function edwardsAdd(p, q) {
    var t = EDWARDS_D() * p[0] * q[0] * p[1] * q[1];
    return [
        (p[0] * q[1] + p[1] * q[0]) / (1 + t),
        (p[1] * q[1] - EDWARDS_A() * p[0] * q[0]) / (1 - t)
    ];
}

// Proves:   p lies on the curve.
// Inputs:   p: any two field elements.
// Unsatisfiable when p is off the curve; in particular for (0, 0), which would absorb everything added to it.
// Cost:     3 constraints.
template OnCurve() {
    signal input p[2];

    signal xx <== p[0] * p[0];
    signal yy <== p[1] * p[1];
    EDWARDS_D() * xx * yy === EDWARDS_A() * xx + yy - 1;
}

// Proves:   out = p + q, by the complete law.
// Inputs:   p, q.
// Outputs:  out, on the curve.
// Unsatisfiable: never.
// Caller:   p and q lie on the curve; then out is unique.
// Cost:     6 constraints.
template AddPoints() {
    signal input p[2];
    signal input q[2];
    signal output out[2];

    signal xy <== p[0] * q[1];
    signal yx <== p[1] * q[0];
    // (y1 - a x1)(x2 + y2) = y1 y2 - a x1 x2 + yx - a xy: both remaining products with one multiplication.
    signal mixed <== (p[1] - EDWARDS_A() * p[0]) * (q[0] + q[1]);
    signal t <== xy * yx;

    // One inversion for both quotients: most of the time of a witness goes into them.
    var inverse = 1 / ((1 + EDWARDS_D() * t) * (1 - EDWARDS_D() * t));
    out[0] <-- (xy + yx) * (1 - EDWARDS_D() * t) * inverse;
    (1 + EDWARDS_D() * t) * out[0] === xy + yx;
    out[1] <-- (mixed - yx + EDWARDS_A() * xy) * (1 + EDWARDS_D() * t) * inverse;
    (1 - EDWARDS_D() * t) * out[1] === mixed - yx + EDWARDS_A() * xy;
}

// Proves:   out = 2 p. On the curve a x^2 + y^2 = 1 + d x^2 y^2, which is the complete law's denominator.
// Inputs:   p.
// Outputs:  out, on the curve.
// Unsatisfiable: never.
// Caller:   p lies on the curve; then out is unique.
// Cost:     5 constraints.
template DoublePoint() {
    signal input p[2];
    signal output out[2];

    signal xy <== p[0] * p[1];
    signal xx <== p[0] * p[0];
    signal yy <== p[1] * p[1];
    var sum = EDWARDS_A() * xx + yy;

    var inverse = 1 / (sum * (2 - sum));
    out[0] <-- 2 * xy * (2 - sum) * inverse;
    sum * out[0] === 2 * xy;
    out[1] <-- (yy - EDWARDS_A() * xx) * sum * inverse;
    (2 - sum) * out[1] === yy - EDWARDS_A() * xx;
}
