pragma circom 2.2.0;

include "curve/hash-to-group.circom";
include "record.circom";
include "tree/note-path.circom";

// One record input slot of a transition: docs/specification.md, section 4; twin of inputs in protocol/call/request.ts.
//
// Proves:   used slot: a record of the running program's type `name`, owned by the signer, is in the note tree of
//           anchorRoot, and nullifier is its nullifier by gamma. Unused slot: type, rho, blind are 0 (data: AvmCore), the
//           owner is the signer, and nullifier is the slot's dummy.
//           Every hash and group equation holds for an unused slot too; only membership and the nullifier's choice differ.
// Template: slot: its number.
// Inputs:   used, name: from the bytecode; programId, signer, tvk, anchorRoot; rho, blind, data, gamma, indexBits,
//           siblings: any field elements.
// Outputs:  hashed = hashToGroup(commitment), in the subgroup; nullifier.
// Unsatisfiable when a used record is not in the tree; gamma is off the curve; an unused slot has rho or blind.
// Caller:   has constrained used to be boolean and data to 0 when unused; proves gamma = sk_sig * hashed up to torsion.
//           The leaf is a Poseidon hash: the empty leaf 0 is out of reach.
template InputRecord(slot) {
    signal input used;
    signal input name;
    signal input programId;
    signal input signer;
    signal input tvk;
    signal input anchorRoot;
    signal input rho;
    signal input blind;
    signal input data[RECORD_WORDS()];
    signal input gamma[2];
    signal input indexBits[2 * TREE_DEPTH()];
    signal input siblings[TREE_DEPTH()][3];
    signal output hashed[2];
    signal output nullifier;

    (1 - used) * rho === 0;
    (1 - used) * blind === 0;

    component type = RecordType();
    type.programId <== programId;
    type.name <== name;
    type.used <== used;

    component record = RecordCommitment();
    record.typeId <== type.typeId;
    record.owner <== signer;
    record.blind <== blind;
    record.rho <== rho;
    record.data <== data;

    component path = NotePath();
    path.leaf <== record.commitment;
    path.indexBits <== indexBits;
    path.siblings <== siblings;
    used * (path.root - anchorRoot) === 0;

    component group = HashToGroup();
    group.in <== record.commitment;
    hashed <== group.out;

    component real = Nullifier();
    component dummy = DummyNullifier(slot);
    real.commitment <== record.commitment;
    real.gamma <== gamma;
    dummy.tvk <== tvk;
    dummy.signer <== signer;
    nullifier <== used * (real.nullifier - dummy.nullifier) + dummy.nullifier;
}
