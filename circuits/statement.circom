pragma circom 2.2.0;

// The words of a statement against L1's: docs/specification.md, section 6; twin of protocol/statement.ts.
//
// Every circuit has three public inputs x, y, c. L1 knows the words S of the statement; the circuit has words of its own. c is
// a hash, made in the circuit, whose preimage determines each of the circuit's words. L1 computes x = keccak256(key id, S, c)
// mod r and y = sum_j S_j x^(j+1). Both lists of words are fixed before x is known, and two different lists give the same y at
// a random x with probability at most length / r. So equal y means equal words.
//
// Proves:   y = sum_j words[j] * x^(j + 1).
// Template: length: number of words.
// Inputs:   words[length]; x.
// Outputs:  y.
// Unsatisfiable: never; y is a function of the inputs.
// Caller:   makes public c a hash that determines every word; equates y with L1's.
template Statement(length) {
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
