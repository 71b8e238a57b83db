pragma circom 2.2.0;

include "edwards.circom";

// The eight multiples 0, 8^w G, .., 7 * 8^w G of window w. A function of template parameters alone: where it stands as an argument
// of a template, it is computed at compile time only, and the witness generator holds the results.
function GENERATOR_WINDOW(w) {
    // 8^w G in projective coordinates, so that only the last step divides (Bernstein, Birkner, Joye, Lange, Peters:
    // "Twisted Edwards curves", section 6, doubling).
    var g[2] = GENERATOR();
    var x = g[0];
    var y = g[1];
    var z = 1;
    for (var i = 0; i < 3 * w; i++) {
        var ax = EDWARDS_A() * x * x;
        var yy = y * y;
        var f = ax + yy;
        var j = f - 2 * z * z;
        x = 2 * x * y * j;
        y = f * (ax - yy);
        z = f * j;
    }
    var base[2] = [x / z, y / z];
    var table[8][2];
    table[0] = [0, 1];
    for (var j = 1; j < 8; j++) {
        table[j] = edwardsAdd(table[j - 1], base);
    }
    return table;
}

// Selects entry b0 + 2 b1 + 4 b2 of eight constants, in both coordinates.
//
// Inputs:   bits[3].
// Outputs:  out = table[b0 + 2 b1 + 4 b2].
// Caller:   has constrained the bits to be boolean.
// Cost:     3 constraints.
template SelectOf8(table) {
    signal input bits[3];
    signal output out[2];

    signal both <== bits[0] * bits[1];
    for (var k = 0; k < 2; k++) {
        var low = table[0][k] + bits[0] * (table[1][k] - table[0][k]) + bits[1] * (table[2][k] - table[0][k])
            + both * (table[3][k] - table[2][k] - table[1][k] + table[0][k]);
        var high = table[4][k] + bits[0] * (table[5][k] - table[4][k]) + bits[1] * (table[6][k] - table[4][k])
            + both * (table[7][k] - table[6][k] - table[5][k] + table[4][k]);
        out[k] <== bits[2] * (high - low) + low;
    }
}

// Multiples of the generator.
//
// Proves:   out = k G, k = sum bits[i] 2^i, in windows of three bits: window w adds one of 0, 8^w G, .., 7 * 8^w G.
// Inputs:   bits[n], lowest first.
// Outputs:  out, in the subgroup.
// Unsatisfiable: never. All points are multiples of G and the addition is complete: no exceptional case.
// Caller:   has constrained the bits to be boolean. k may be l or more; it counts modulo l.
// Cost:     9 constraints per three bits.
template MulGenerator(n) {
    signal input bits[n];
    signal output out[2];

    var windows = (n + 2) \ 3;
    component select[windows];
    component sum[windows];
    for (var w = 0; w < windows; w++) {
        select[w] = SelectOf8(GENERATOR_WINDOW(w));
        for (var j = 0; j < 3; j++) {
            if (3 * w + j < n) {
                select[w].bits[j] <== bits[3 * w + j];
            } else {
                select[w].bits[j] <== 0;
            }
        }
        if (w > 0) {
            sum[w] = AddPoints();
            sum[w].p <== w == 1 ? select[0].out : sum[w - 1].out;
            sum[w].q <== select[w].out;
        }
    }
    out <== sum[windows - 1].out;
}
