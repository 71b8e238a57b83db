pragma circom 2.2.0;

include "../state-update.circom";

component main {public [
    oldNoteRoot, newNoteRoot, oldNullifierRoot, newNullifierRoot, noteStart, depositStart, nullifierStart, x, y
]} = StateUpdate(16, 2);
