pragma circom 2.2.0;

// One row of the AVM (docs/specification.md section 8). Twin: checkRow in avm/check.ts.
//
// Proves:   out is what the row's flags make of its operands, and the row's assertions hold.
// Inputs:   flags[8], boolean: one, cPos, cNeg, select, equal, advice, assert, boolean; a, b, c: operands; out: the row's
//           value, any field elements.
// Unsatisfiable: out is not the row's value (unless advice); assert and lin != 0; boolean and a not 0 or 1.
// Caller:   constrains the flags to 0 or 1. No combination of flags is excluded: `advice` wins over `equal`; cPos and cNeg
//           together make c' = 0.
//
// Uniqueness: cTerm, product, bTerm, lin, tested and aBoolean are each given by a polynomial in what stands before them.
// equal = 0: tested = 0, so isZero = equal - tested * inverse = 0 whatever `inverse` is. equal = 1, lin = 0: isZero = 1.
// equal = 1, lin != 0: isZero * tested = 0 forces isZero = 0 (and inverse = 1 / lin). So isZero is determined, and without
// advice out = lin - tested + isZero: isZero when equal, lin otherwise. `inverse` is read nowhere else.
template AvmRow() {
    signal input flags[8];
    signal input a;
    signal input b;
    signal input c;
    signal input out;

    var one = flags[0];
    var sign = flags[1] - flags[2];
    var select = flags[3];
    var equal = flags[4];
    var free = flags[5];
    var asserted = flags[6];
    var bool = flags[7];

    signal cTerm <== sign * c;
    signal product <== select * cTerm;
    signal bTerm <== (1 - one) * (b - 1) + 1;
    signal lin <== a * (bTerm - product) + cTerm;

    asserted * lin === 0;

    // Either bool = 0 and aBoolean = 0, or bool = 1 and aBoolean = a is a root of x^2 - x.
    signal aBoolean <== bool * a;
    aBoolean * (aBoolean - bool) === 0;

    signal tested <== equal * lin;
    signal inverse <-- tested != 0 ? 1 / tested : 0;
    signal isZero <== equal - tested * inverse;
    isZero * tested === 0;

    (1 - free) * (out - lin + tested - isZero) === 0;
}
