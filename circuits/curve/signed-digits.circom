pragma circom 2.2.0;

include "edwards.circom";

// Signed windows of two bits, shared by every multiplication by the same scalar.
//
// With e_i = 2 b_i - 1 (each 1 or -1) and n odd, k = sum_{i<n} b_i 2^i is
//     k = 2^(n-1) + sum_{i=1}^{n-1} e_i 2^(i-1) - (1 - b_0)
// (sum e_i 2^(i-1) = sum_{i>=1} b_i 2^i - (2^(n-1) - 1)). Digit w joins i = 2w+1 and 2w+2:
//     d_w = e_{2w+1} + 2 e_{2w+2}, one of -3, -1, 1, 3, so k = 4^W + sum_w d_w 4^w - (1 - b_0), W = (n-1)/2.
// No digit is zero: a multiplication starts at the point itself and adds P or 3 P, negated or not, in every window.
//
// Proves:   negative[w] = 1 if d_w < 0; three[w] = 1 if |d_w| = 3; even = 1 - b_0.
// Inputs:   bits[n], lowest first, n odd.
// Caller:   has constrained the bits to be boolean; then all outputs are boolean and unique.
// Cost:     1 constraint per window.
template SignedDigits(n) {
    assert(n % 2 == 1);
    var windows = (n - 1) \ 2;
    signal input bits[n];
    signal output negative[windows];
    signal output three[windows];
    signal output even;

    for (var w = 0; w < windows; w++) {
        var low = bits[2 * w + 1];
        var high = bits[2 * w + 2];
        negative[w] <== 1 - high;
        // Both signs are equal: 1 - (low xor high).
        three[w] <== 1 - low - high + 2 * low * high;
    }
    even <== 1 - bits[0];
}

// Proves:   out = d P for the digit d given by (negative, three).
// Inputs:   negative, three; single = P, triple = 3 P.
// Caller:   has constrained the two flags to be boolean.
// Cost:     3 constraints.
template DigitPoint() {
    signal input negative;
    signal input three;
    signal input single[2];
    signal input triple[2];
    signal output out[2];

    signal x <== three * (triple[0] - single[0]) + single[0];
    out[0] <== (1 - 2 * negative) * x;
    out[1] <== three * (triple[1] - single[1]) + single[1];
}

// Proves:   out = -P if subtract = 1, the identity (0, 1) if 0.
// Caller:   has constrained subtract to be boolean.
// Cost:     2 constraints.
template NegatedOrIdentity() {
    signal input subtract;
    signal input p[2];
    signal output out[2];

    out[0] <== -subtract * p[0];
    out[1] <== subtract * (p[1] - 1) + 1;
}

// Proves:   out = 3 P.
// Caller:   p lies on the curve.
// Cost:     11 constraints.
template TriplePoint() {
    signal input p[2];
    signal output out[2];

    component double = DoublePoint();
    component add = AddPoints();
    double.p <== p;
    add.p <== double.out;
    add.q <== p;
    out <== add.out;
}
