pragma circom 2.2.0;

include "../../node_modules/circomlib/circuits/poseidon_constants.circom";

// The Poseidon permutation with circomlib's constants, 2 <= t <= 17; twin of protocol/hash/poseidon.ts. It computes what
// circomlib's PoseidonEx computes with as many constraints, but far fewer non-zero entries: docs/decisions/poseidon.md.

// Partial rounds for width t, from circomlib's poseidon.circom.
function PARTIAL_ROUNDS(t) {
    var rounds[16] = [56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68];
    return rounds[t - 2];
}

// Inverse of the leading n x n block of a matrix, by Gauss-Jordan elimination; n <= 17. Every such block of the matrices
// used here is invertible; a singular one ends the compilation with a division by zero.
function invertMatrix(n, matrix) {
    var left[17][17];
    var right[17][17];
    for (var i = 0; i < n; i++) {
        for (var j = 0; j < n; j++) {
            left[i][j] = matrix[i][j];
            right[i][j] = i == j ? 1 : 0;
        }
    }
    for (var pivot = 0; pivot < n; pivot++) {
        var other = pivot;
        while (other < n - 1 && left[other][pivot] == 0) {
            other++;
        }
        for (var j = 0; j < n; j++) {
            var swap = left[pivot][j];
            left[pivot][j] = left[other][j];
            left[other][j] = swap;
            swap = right[pivot][j];
            right[pivot][j] = right[other][j];
            right[other][j] = swap;
        }
        var scale = 1 / left[pivot][pivot];
        for (var j = 0; j < n; j++) {
            left[pivot][j] *= scale;
            right[pivot][j] *= scale;
        }
        for (var i = 0; i < n; i++) {
            if (i != pivot) {
                var factor = left[i][pivot];
                for (var j = 0; j < n; j++) {
                    left[i][j] -= factor * left[pivot][j];
                    right[i][j] -= factor * right[pivot][j];
                }
            }
        }
    }
    return right;
}

// Partial round k maps (first, lanes) to (row[0] * first + row . lanes, lanes + first * column). For each k, the inverse
// of row[0] - row . column: what undoes it when the lanes after the round are known.
function invertPartialRounds(t, sparse) {
    var inverse[70];
    for (var round = 0; round < PARTIAL_ROUNDS(t); round++) {
        var base = (2 * t - 1) * round;
        var determinant = sparse[base];
        for (var i = 1; i < t; i++) {
            determinant -= sparse[base + i] * sparse[base + t + i - 1];
        }
        inverse[round] = 1 / determinant;
    }
    return inverse;
}

// Proves:   out = the first nOuts elements of the state after the permutation of `state`.
// Template: t: width, 2 <= t <= 17; 1 <= nOuts <= t.
// Inputs:   state[t]: any field elements.
// Outputs:  out[nOuts]; every one is a wire of its own.
// Unsatisfiable: never; every signal is a function of the inputs.
// Cost:     3 constraints for each of the 8 t + PARTIAL_ROUNDS(t) S-boxes; 3 less for each input that is constant.
template Permutation(t, nOuts) {
    signal input state[t];
    signal output out[nOuts];

    // As parameters the constants are computed at compile time only.
    component rounds = PermutationRounds(t, nOuts, POSEIDON_C(t), POSEIDON_S(t), POSEIDON_M(t), POSEIDON_P(t),
        invertMatrix(t, POSEIDON_M(t)), invertMatrix(t, POSEIDON_P(t)), invertMatrix(nOuts, POSEIDON_M(t)),
        invertPartialRounds(t, POSEIDON_S(t)));
    rounds.state <== state;
    out <== rounds.out;
}

// S-box x^5: three constraints. The wires are the S-boxes' inputs: an output y is written as a linear combination of
// later inputs, which stands in C alone. (With the outputs as wires, an input is a combination of all outputs before it
// and stands in A once and in B twice.) Each linear layer is invertible, so outputs and later inputs determine each
// other: the wires of a round follow from those of the round before, as in the forward reading.
template PermutationRounds(t, nOuts, C, S, M, P, inverseM, inverseP, inverseOut, inverseRound) {
    var nPartial = PARTIAL_ROUNDS(t);
    // Where the constants of the second half's linear layers start.
    var second = 5 * t + nPartial;

    signal input state[t];
    signal output out[nOuts];

    // Full rounds: S-box inputs, their powers, and outputs. Outputs are advice for the linear layers; only of the last
    // round some are wires.
    signal x[8][t];
    signal x2[8][t];
    signal x4[8][t];
    signal y[8][t];
    // The same for lane 0 of the partial rounds; u[nPartial] is lane 0 after them.
    signal u[nPartial + 1];
    signal u2[nPartial];
    signal u4[nPartial];
    signal v[nPartial];

    // Forwards: values.
    var lanes[t];
    for (var j = 0; j < t; j++) {
        x[0][j] <== state[j] + C[j];
    }
    for (var r = 0; r < 8; r++) {
        for (var j = 0; j < t; j++) {
            x2[r][j] <== x[r][j] * x[r][j];
            x4[r][j] <== x2[r][j] * x2[r][j];
            y[r][j] <-- x4[r][j] * x[r][j];
        }
        for (var i = 0; i < (r == 7 ? nOuts : t); i++) {
            var sum = 0;
            for (var j = 0; j < t; j++) {
                if (r < 3) {
                    sum += M[j][i] * (y[r][j] + C[(r + 1) * t + j]);
                } else if (r == 3) {
                    sum += P[j][i] * (y[r][j] + C[(r + 1) * t + j]);
                } else if (r < 7) {
                    sum += M[j][i] * (y[r][j] + C[second + (r - 4) * t + j]);
                } else {
                    sum += M[j][i] * y[r][j];
                }
            }
            if (r == 7) {
                out[i] <-- sum;
            } else if (r != 3) {
                x[r + 1][i] <-- sum;
            } else if (i == 0) {
                u[0] <-- sum;
            } else {
                lanes[i] = sum;
            }
        }
        if (r == 3) {
            for (var k = 0; k < nPartial; k++) {
                var base = (2 * t - 1) * k;
                u2[k] <== u[k] * u[k];
                u4[k] <== u2[k] * u2[k];
                v[k] <-- u4[k] * u[k];
                var sum = S[base] * (v[k] + C[5 * t + k]);
                for (var i = 1; i < t; i++) {
                    sum += S[base + i] * lanes[i];
                    lanes[i] += S[base + t + i - 1] * (v[k] + C[5 * t + k]);
                }
                u[k + 1] <-- sum;
            }
            x[4][0] <== u[nPartial];
            for (var i = 1; i < t; i++) {
                x[4][i] <-- lanes[i];
            }
        }
    }

    // Backwards: the last constraint of every S-box, fourth power times input = output.
    for (var j = 0; j < t; j++) {
        if (j >= nOuts) {
            x4[7][j] * x[7][j] === y[7][j];
        } else {
            // Solves out = y M for the first nOuts of y; the others are wires.
            var sum = 0;
            for (var i = 0; i < nOuts; i++) {
                var rest = out[i];
                for (var k = nOuts; k < t; k++) {
                    rest -= M[k][i] * y[7][k];
                }
                sum += inverseOut[i][j] * rest;
            }
            x4[7][j] * x[7][j] === sum;
        }
    }
    for (var r = 6; r >= 0; r--) {
        if (r != 3) {
            for (var j = 0; j < t; j++) {
                var sum = -(r < 3 ? C[(r + 1) * t + j] : C[second + (r - 4) * t + j]);
                for (var i = 0; i < t; i++) {
                    sum += inverseM[i][j] * x[r + 1][i];
                }
                x4[r][j] * x[r][j] === sum;
            }
        }
    }
    var after[t];
    for (var i = 1; i < t; i++) {
        after[i] = x[4][i];
    }
    for (var k = nPartial - 1; k >= 0; k--) {
        var base = (2 * t - 1) * k;
        var first = u[k + 1];
        for (var i = 1; i < t; i++) {
            first -= S[base + i] * after[i];
        }
        first *= inverseRound[k];
        u4[k] * u[k] === first - C[5 * t + k];
        for (var i = 1; i < t; i++) {
            after[i] -= S[base + t + i - 1] * first;
        }
    }
    after[0] = u[0];
    for (var j = 0; j < t; j++) {
        var sum = -C[4 * t + j];
        for (var i = 0; i < t; i++) {
            sum += inverseP[i][j] * after[i];
        }
        x4[3][j] * x[3][j] === sum;
    }
}
