pragma circom 2.2.0;

// Proves:   y = sum_j words[j] * x^(j + 1): docs/specification.md, section 10; twin of stateUpdateBinding's y.
// Template: length: number of words.
// Inputs:   words[length]; x.
// Outputs:  y.
// Unsatisfiable: never; y is a function of the inputs.
// Caller:   makes x depend on whatever determines the words (Schwartz-Zippel).
template EvaluatePolynomial(length) {
    signal input words[length];
    signal input x;
    signal output y;

    // Horner's rule from the last word.
    signal partial[length];
    for (var j = length - 1; j >= 0; j--) {
        if (j == length - 1) {
            partial[j] <== words[j] * x;
        } else {
            partial[j] <== (partial[j + 1] + words[j]) * x;
        }
    }
    y <== partial[0];
}
