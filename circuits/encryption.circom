pragma circom 2.2.0;

include "curve/fixed-base-mul.circom";
include "curve/hash-to-scalar.circom";
include "curve/variable-base-mul.circom";
include "hash/poseidon.circom";

// Record encryption: docs/specification.md, section 4; twin of protocol/encryption.ts.

// Windows of the encryption scalar's signed digits: its 250 bits and one zero above them.
function ENCRYPTION_WINDOWS() {
    return HASH_TO_SCALAR_BITS() \ 2;
}

// Proves:   r_out = hashToScalar(R_OUT, [tvk]); R = r_out * G.
// Inputs:   tvk: any field element, bound by the signature.
// Outputs:  R's x; r_out in signed digits, one decomposition for all its multiplications.
template EncryptionScalar() {
    signal input tvk;
    signal output rX;
    signal output negative[ENCRYPTION_WINDOWS()];
    signal output three[ENCRYPTION_WINDOWS()];
    signal output even;

    component scalar = HashToScalar(DOMAIN_R_OUT(), 1);
    component point = MulGenerator(HASH_TO_SCALAR_BITS());
    component digits = SignedDigits(HASH_TO_SCALAR_BITS() + 1);
    scalar.inputs[0] <== tvk;
    point.bits <== scalar.bits;
    rX <== point.out[0];
    for (var i = 0; i < HASH_TO_SCALAR_BITS(); i++) {
        digits.bits[i] <== scalar.bits[i];
    }
    digits.bits[HASH_TO_SCALAR_BITS()] <== 0;
    negative <== digits.negative;
    three <== digits.three;
    even <== digits.even;
}

// Proves:   out = words + k, k_j = state[1 + j] of the permutation of width 9 on [iv, secret, output, firstNullifier, 0..].
// Template: output: the output's number.
// Inputs:   secret: S_i; firstNullifier; words[6].
// Outputs:  out[6].
template KeyStream(output_) {
    signal input secret;
    signal input firstNullifier;
    signal input words[CIPHERTEXT_WORDS()];
    signal output out[CIPHERTEXT_WORDS()];

    component permutation = Permutation(9, 1 + CIPHERTEXT_WORDS());
    permutation.state[0] <== DOMAIN_KEYSTREAM() * (1 << DOMAIN_SHIFT()) + 3;
    permutation.state[1] <== secret;
    permutation.state[2] <== output_;
    permutation.state[3] <== firstNullifier;
    for (var k = 4; k < 9; k++) {
        permutation.state[k] <== 0;
    }
    for (var k = 0; k < CIPHERTEXT_WORDS(); k++) {
        out[k] <== words[k] + permutation.out[1 + k];
    }
}
