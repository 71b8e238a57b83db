pragma circom 2.2.0;

include "encryption.circom";
include "record.circom";

// One record output slot of a transition: docs/specification.md, section 4; twin of outputs in protocol/call/request.ts.
//
// Proves:   commitment is that of a record of the running program's type `name` (typeId 0 when unused), owned by `owner`,
//           with rho and blind derived; ciphertext is its encryption to that owner; outgoing hides the owner under tvk.
//           So a recipient can always decrypt what they are given.
// Template: slot: its number.
// Inputs:   used, name: from the bytecode; programId; owner (x), data: from AvmCore; ownerPreimage: P' with owner = 8 P';
//           tvk, firstNullifier; r_out's digits from EncryptionScalar.
// Outputs:  commitment, ciphertext[6], outgoing.
// Unsatisfiable when owner is not the x of a subgroup point, or is 0 (the identity: nobody's).
// Caller:   has constrained used to be boolean; AvmCore gives owner = signer and data = 0 when unused.
template OutputRecord(slot) {
    signal input used;
    signal input name;
    signal input programId;
    signal input owner;
    signal input ownerPreimage[2];
    signal input data[RECORD_WORDS()];
    signal input tvk;
    signal input firstNullifier;
    signal input negative[ENCRYPTION_WINDOWS()];
    signal input three[ENCRYPTION_WINDOWS()];
    signal input even;
    signal output commitment;
    signal output ciphertext[CIPHERTEXT_WORDS()];
    signal output outgoing;

    component ownerPoint = SubgroupPoint();
    ownerPoint.p <== ownerPreimage;
    ownerPoint.out[0] === owner;
    signal inverse <-- owner != 0 ? 1 / owner : 0;
    owner * inverse === 1;

    component shared = MulPoint(ENCRYPTION_WINDOWS());
    shared.negative <== negative;
    shared.three <== three;
    shared.even <== even;
    shared.p <== ownerPoint.out;

    component type = RecordType();
    type.programId <== programId;
    type.name <== name;
    type.used <== used;

    component rho = Hash(DOMAIN_RHO(), 2);
    component blind = Hash(DOMAIN_BLIND(), 2);
    rho.inputs[0] <== firstNullifier;
    rho.inputs[1] <== slot;
    blind.inputs[0] <== shared.out[0];
    blind.inputs[1] <== slot;

    component record = RecordCommitment();
    record.typeId <== type.typeId;
    record.owner <== owner;
    record.blind <== blind.out;
    record.rho <== rho.out;
    record.data <== data;
    commitment <== record.commitment;

    component stream = KeyStream(slot);
    stream.secret <== shared.out[0];
    stream.firstNullifier <== firstNullifier;
    stream.words[0] <== type.typeId;
    for (var k = 0; k < RECORD_WORDS(); k++) {
        stream.words[1 + k] <== data[k];
    }
    ciphertext <== stream.out;

    component mask = Hash(DOMAIN_OUT(), 2);
    mask.inputs[0] <== tvk;
    mask.inputs[1] <== slot;
    outgoing <== owner + mask.out;
}
