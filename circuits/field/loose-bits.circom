pragma circom 2.2.0;

// 254 bits that sum to a field element. NOT canonical: below 2^254 - r the integer may be in + r.
//
// Proves:   out is boolean and its integer is congruent to in modulo r.
// Inputs:   in: any field element.
// Outputs:  out[254]: boolean, lowest first.
// Unsatisfiable: never.
// Caller:   compares the integer with a bound (AssertLess) wherever the choice between in and in + r matters.
//           zeroAsOrder = 1 only tells the witness generator to write 0 as r; it adds no constraint.
template LooseBits(zeroAsOrder) {
    signal input in;
    signal output out[254];

    var sum = 0;
    for (var i = 0; i < 254; i++) {
        // The integer r: r - 1 with its lowest bit, which is 0, set.
        var bitOfOrder = i == 0 ? 1 : (-1 >> i) & 1;
        out[i] <-- zeroAsOrder == 1 && in == 0 ? bitOfOrder : (in >> i) & 1;
        out[i] * (out[i] - 1) === 0;
        sum += out[i] * (1 << i);
    }
    sum === in;
}
