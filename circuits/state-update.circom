pragma circom 2.2.0;

include "field/evaluate-polynomial.circom";
include "tree/deposit-leaf.circom";
include "tree/insert-nullifiers.circom";

// One chunk of a block's state update: docs/specification.md, section 10.
//
// Proves:   inserting the chunk's nullifiers (each absent before) takes oldNullifierRoot to newNullifierRoot; appending
//           its commitments and then its deposits' commitments takes oldNoteRoot to newNoteRoot; the places were empty and
//           begin at nullifierStart, noteStart and depositStart; y = sum_j D_j x^(j+1) over D = nullifiers, commitments,
//           deposits.
// Template: slots: nullifiers and commitments of a chunk, 4^height.
// Inputs:   public, in this order: the nine signals of section 10. L1 computed the starts, x and y from its own data; x
//           hashes D, the roots and the starts. All are below r (checked by L1).
//           private: D; advice: the low leaves and paths (prover/witness/state-update.ts).
// Unsatisfiable when a nullifier is not absent, a place is not empty, a start is not aligned or in the tree, a deposit with
//           typeId 0 has another word that is not 0, a root is another, or D is not the data behind y.
//
// Why y binds D to L1's data: every element of D, zero or not, is determined by the roots and starts (a leaf of a known
// place: the hash of a nullifier, a commitment itself, the hash of all eight deposit words, or the empty leaf 0 for zeros
// alone). x hashes the roots, so D was fixed before x, and two different D agree at a random x with probability at most
// length / r.
template StateUpdate(slots, height) {
    signal input oldNoteRoot;
    signal input newNoteRoot;
    signal input oldNullifierRoot;
    signal input newNullifierRoot;
    signal input noteStart;
    signal input depositStart;
    signal input nullifierStart;
    signal input x;
    signal input y;

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

    component data = EvaluatePolynomial(2 * slots + DEPOSITS_PER_CHUNK() * DEPOSIT_WORDS());
    for (var i = 0; i < slots; i++) {
        data.words[i] <== nullifiers[i];
        data.words[slots + i] <== commitments[i];
    }
    for (var i = 0; i < DEPOSITS_PER_CHUNK(); i++) {
        for (var k = 0; k < DEPOSIT_WORDS(); k++) {
            data.words[2 * slots + DEPOSIT_WORDS() * i + k] <== deposits[i][k];
        }
    }
    data.x <== x;
    data.y === y;
}
