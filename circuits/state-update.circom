pragma circom 2.2.0;

include "hash/hash.circom";
include "statement.circom";
include "tree/deposit-leaf.circom";
include "tree/insert-nullifiers.circom";

// One chunk of a block's state update: docs/specification.md, section 10.
//
// Proves:   inserting the chunk's nullifiers (each absent before) takes oldNullifierRoot to newNullifierRoot; appending
//           its commitments and then its deposits' commitments takes oldNoteRoot to newNoteRoot; the places were empty and
//           begin at nullifierStart, noteStart and depositStart. The statement's words are the roots, the starts and
//           D = nullifiers, commitments, deposits.
// Template: slots: nullifiers and commitments of a chunk, 4^height.
// Inputs:   public: x, y, c (statement.circom). L1 knows the statement, section 10: the roots, the starts (which it computes),
//           D. All are below r (checked by L1).
//           private: the statement's words; advice: the low leaves and paths (prover/witness/state-update.ts).
// Unsatisfiable when a nullifier is not absent, a place is not empty, a start is not aligned or in the tree, a deposit with
//           typeId 0 has another word that is not 0, a root is another, c is not the statement's hash, or the words are not
//           those behind y.
//
// c is the hash of all words of the statement, so it determines each.
template StateUpdate(slots, height) {
    // The statement, section 10.
    signal input oldNoteRoot;
    signal input newNoteRoot;
    signal input oldNullifierRoot;
    signal input newNullifierRoot;
    signal input noteStart;
    signal input depositStart;
    signal input nullifierStart;

    // Public.
    signal input x;
    signal input y;
    signal input c;
    signal input nullifiers[slots];
    signal input commitments[slots];
    signal input deposits[DEPOSITS_PER_CHUNK()][DEPOSIT_WORDS()];

    signal input lowValue[slots];
    signal input lowNext[slots];
    signal input lowPending[slots * (slots - 1) / 2];
    signal input lowIndexBits[slots][2 * TREE_DEPTH()];
    signal input lowSiblings[slots][TREE_DEPTH()][3];
    signal input nullifierSiblings[TREE_DEPTH() - height][3];
    signal input noteSiblings[TREE_DEPTH() - height][3];
    signal input depositSiblings[TREE_DEPTH() - 1][3];

    component insert = InsertNullifiers(slots, height, TREE_DEPTH());
    insert.oldRoot <== oldNullifierRoot;
    insert.start <== nullifierStart;
    insert.nullifiers <== nullifiers;
    insert.lowValue <== lowValue;
    insert.lowNext <== lowNext;
    insert.lowPending <== lowPending;
    insert.lowIndexBits <== lowIndexBits;
    insert.lowSiblings <== lowSiblings;
    insert.siblings <== nullifierSiblings;
    insert.newRoot === newNullifierRoot;

    component notes = AppendSubtree4(DOMAIN_NOTE_TREE(), TREE_DEPTH(), height, NOTE_ZERO(height));
    notes.oldRoot <== oldNoteRoot;
    notes.start <== noteStart;
    notes.leaves <== commitments;
    notes.siblings <== noteSiblings;

    component depositLeaf[DEPOSITS_PER_CHUNK()];
    component depositNotes = AppendSubtree4(DOMAIN_NOTE_TREE(), TREE_DEPTH(), 1, NOTE_ZERO(1));
    for (var i = 0; i < DEPOSITS_PER_CHUNK(); i++) {
        depositLeaf[i] = DepositLeaf();
        depositLeaf[i].words <== deposits[i];
        depositNotes.leaves[i] <== depositLeaf[i].leaf;
    }
    depositNotes.oldRoot <== notes.newRoot;
    depositNotes.start <== depositStart;
    depositNotes.siblings <== depositSiblings;
    depositNotes.newRoot === newNoteRoot;

    var nWords = 7 + 2 * slots + DEPOSITS_PER_CHUNK() * DEPOSIT_WORDS();
    component hash = Hash(DOMAIN_STATE_UPDATE(), nWords);
    hash.inputs[0] <== oldNoteRoot;
    hash.inputs[1] <== newNoteRoot;
    hash.inputs[2] <== oldNullifierRoot;
    hash.inputs[3] <== newNullifierRoot;
    hash.inputs[4] <== noteStart;
    hash.inputs[5] <== depositStart;
    hash.inputs[6] <== nullifierStart;
    for (var i = 0; i < slots; i++) {
        hash.inputs[7 + i] <== nullifiers[i];
        hash.inputs[7 + slots + i] <== commitments[i];
    }
    for (var i = 0; i < DEPOSITS_PER_CHUNK(); i++) {
        for (var k = 0; k < DEPOSIT_WORDS(); k++) {
            hash.inputs[7 + 2 * slots + DEPOSIT_WORDS() * i + k] <== deposits[i][k];
        }
    }
    c === hash.out;

    component statement = Statement(nWords);
    statement.x <== x;
    statement.words <== hash.inputs;
    y === statement.y;
}
