pragma circom 2.2.0;

include "../generated/constants.circom";

// One half of a wide slot: a range check with the carry bit above it (docs/specification.md section 8).
//
// Proves:   x is gate * value; with exactly one width bit set, x < 2^(w+1); with none, x = 0; top is bit w of x;
//           check: top = 0, so x < 2^w.
// Inputs:   width[6]: at most one is set, in the order of WIDE_WIDTHS; check, boolean; value, top: any field elements.
// Outputs:  bits[129]: the binary digits of x.
// Unsatisfiable: the value does not fit, or top is not its bit w.
// Caller:   constrains width and check to 0 or 1. Several width bits (hostile bytecode) only narrow what fits; x, bits and
//           top are functions of the flags and the value even then.
//
// Uniqueness: 129 boolean digits name one integer below 2^129 < r, so x determines bits, and bits and width determine top.
template AvmWideHalf() {
    signal input width[6];
    signal input check;
    signal input value;
    signal input top;
    signal output bits[129];

    var gate = 0;
    for (var k = 0; k < WIDE_WIDTH_COUNT(); k++) {
        gate += width[k];
    }

    // A multi-width gate > 1 scales the value: still a function of it.
    var scale = 1;
    var sum = 0;
    var x = gate * value; // for the witness only
    for (var i = 0; i < 129; i++) {
        bits[i] <-- (x >> i) & 1;
        bits[i] * (bits[i] - 1) === 0;
        sum += scale * bits[i];
        scale *= 2;
    }
    gate * value === sum;

    // Digits w+1 .. 128 are zero: segment by segment, each sum of at most 64 digits is zero only if all are.
    var narrower = 0; // is a width below this segment's digits set
    for (var k = 0; k < 5; k++) {
        narrower += width[k];
        var segment = 0;
        for (var i = WIDE_WIDTH(k) + 1; i <= WIDE_WIDTH(k + 1); i++) {
            segment += bits[i];
        }
        narrower * segment === 0;
    }

    signal selected[5];
    var others = 0;
    for (var k = 0; k < 5; k++) {
        selected[k] <== width[k] * bits[WIDE_WIDTH(k)];
        others += selected[k];
    }
    width[5] * bits[WIDE_WIDTH(5)] === top - others;

    check * top === 0;
}

// One wide slot. Twin: checkWide in avm/check.ts.
//
// Proves:   half A decomposes a, or with compare a - b + 2^w; half B decomposes b; `and` is the bitwise AND of both halves'
//           low 128 digits; topA, topB are the halves' carry bits.
// Inputs:   flags[15], boolean: aWidth[6], bWidth[6], compare, checkA, checkB; a, b: operands; and, topA, topB: the outputs.
// Unsatisfiable: an operand does not fit its width, a checked carry is set, or an output is not the slot's.
// Caller:   constrains the flags to 0 or 1. compare means a >= b only for a, b < 2^w: the caller of `compare` checks both.
//
// Uniqueness: as AvmWideHalf; `and` is a sum of products of determined digits.
template AvmWideSlot() {
    signal input flags[15];
    signal input a;
    signal input b;
    signal input and;
    signal input topA;
    signal input topB;

    component halfA = AvmWideHalf();
    component halfB = AvmWideHalf();
    var power = 0; // 2^w of half A
    for (var k = 0; k < 6; k++) {
        halfA.width[k] <== flags[k];
        halfB.width[k] <== flags[6 + k];
        power += flags[k] * (1 << WIDE_WIDTH(k));
    }
    signal shift <== flags[12] * (power - b);
    halfA.value <== a + shift;
    halfA.check <== flags[13];
    halfA.top <== topA;
    halfB.value <== b;
    halfB.check <== flags[14];
    halfB.top <== topB;

    // The last product is folded into the sum's constraint: `and` stays one variable in the network.
    signal product[127];
    var scale = 1;
    var sum = 0;
    for (var i = 0; i < 127; i++) {
        product[i] <== halfA.bits[i] * halfB.bits[i];
        sum += scale * product[i];
        scale *= 2;
    }
    scale * halfA.bits[127] * halfB.bits[127] === and - sum;
}
