pragma circom 2.2.0;

include "../field/is-zero.circom";
include "../generated/constants.circom";
include "../hash/hash.circom";

// The note tree's leaf of one deposit slot: docs/specification.md, sections 4 and 10.
//
// Proves:   leaf = hash(RECORD, [typeId, ownerHash, hash(RHO_DEPOSIT, [queue index]), d_0..d_4]), or, for typeId = 0,
//           leaf = 0 and all eight words are 0, so that no word of a skipped slot is free.
// Inputs:   words[8]: typeId, ownerHash, queue index, d_0..d_4.
// Outputs:  leaf.
// Unsatisfiable when typeId = 0 and another word is not 0.
template DepositLeaf() {
    signal input words[DEPOSIT_WORDS()];
    signal output leaf;

    component skipped = IsZeroField();
    skipped.in <== words[0];
    for (var k = 1; k < DEPOSIT_WORDS(); k++) {
        skipped.out * words[k] === 0;
    }

    component rho = Hash(DOMAIN_RHO_DEPOSIT(), 1);
    rho.inputs[0] <== words[2];
    component commitment = Hash(DOMAIN_RECORD(), 8);
    commitment.inputs[0] <== words[0];
    commitment.inputs[1] <== words[1];
    commitment.inputs[2] <== rho.out;
    for (var k = 0; k < RECORD_WORDS(); k++) {
        commitment.inputs[3 + k] <== words[3 + k];
    }
    leaf <== (1 - skipped.out) * commitment.out;
}
