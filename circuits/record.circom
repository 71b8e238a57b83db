pragma circom 2.2.0;

include "curve/clear-cofactor.circom";
include "generated/constants.circom";
include "hash/hash.circom";

// Records: docs/specification.md, section 4; twin of protocol/record.ts.

// Proves:   typeId = hash(TYPE, [programId, name]) for a used slot, 0 for an unused one.
// Inputs:   programId: the running program's; name: the record's, from the bytecode; used: boolean, from the bytecode.
// Caller:   has constrained used to be boolean. The type is the running program's whatever name the bytecode holds.
template RecordType() {
    signal input programId;
    signal input name;
    signal input used;
    signal output typeId;

    component hash = Hash(DOMAIN_TYPE(), 2);
    hash.inputs[0] <== programId;
    hash.inputs[1] <== name;
    typeId <== used * hash.out;
}

// Proves:   commitment = hash(RECORD, [typeId, hash(OWNER, [owner, blind]), rho, data]).
// Inputs:   typeId, owner (x), blind, rho, data[5]: any field elements.
template RecordCommitment() {
    signal input typeId;
    signal input owner;
    signal input blind;
    signal input rho;
    signal input data[RECORD_WORDS()];
    signal output commitment;

    component ownerHash = Hash(DOMAIN_OWNER(), 2);
    component record = Hash(DOMAIN_RECORD(), 3 + RECORD_WORDS());
    ownerHash.inputs[0] <== owner;
    ownerHash.inputs[1] <== blind;
    record.inputs[0] <== typeId;
    record.inputs[1] <== ownerHash.out;
    record.inputs[2] <== rho;
    for (var k = 0; k < RECORD_WORDS(); k++) {
        record.inputs[3 + k] <== data[k];
    }
    commitment <== record.out;
}

// Proves:   nullifier = hash(NULL, [commitment, (8 * gamma).y]).
// Inputs:   commitment; gamma: any two field elements.
// Unsatisfiable when gamma is off the curve.
// Caller:   proves gamma = sk_sig * hashToGroup(commitment) up to torsion. One commitment has one nullifier: 8 * gamma
//           drops the torsion, y drops the sign.
template Nullifier() {
    signal input commitment;
    signal input gamma[2];
    signal output nullifier;

    component curve = OnCurve();
    component clear = ClearCofactor();
    component hash = Hash(DOMAIN_NULL(), 2);
    curve.p <== gamma;
    clear.p <== gamma;
    hash.inputs[0] <== commitment;
    hash.inputs[1] <== clear.out[1];
    nullifier <== hash.out;
}

// Proves:   nullifier = hash(DUMMY, [tvk, signer, slot]), the public nullifier of an unused input slot.
template DummyNullifier(slot) {
    signal input tvk;
    signal input signer;
    signal output nullifier;

    component hash = Hash(DOMAIN_DUMMY(), 3);
    hash.inputs[0] <== tvk;
    hash.inputs[1] <== signer;
    hash.inputs[2] <== slot;
    nullifier <== hash.out;
}
