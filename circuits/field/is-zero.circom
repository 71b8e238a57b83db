pragma circom 2.2.0;

// Proves:   out = 1 if in = 0, else 0.
// Inputs:   in: any field element.
// Outputs:  out: boolean.
// Unsatisfiable: never. in * out = 0 forces out = 0 for in != 0; for in = 0 the first constraint forces out = 1.
template IsZeroField() {
    signal input in;
    signal output out;

    signal inverse <-- in != 0 ? 1 / in : 0;
    out <== 1 - in * inverse;
    in * out === 0;
}
