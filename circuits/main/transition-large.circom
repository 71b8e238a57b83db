pragma circom 2.2.0;

include "../transition.circom";

component main {public [x, y, c]} = Transition(
    SIZE_CLASS_LARGE(),
    AVM_LARGE_ROWS(),
    AVM_LARGE_WIDE(),
    AVM_LARGE_HASH(),
    AVM_LARGE_INPUTS(),
    AVM_LARGE_CONSTANTS(),
    AVM_LARGE_ADVICE(),
    AVM_LARGE_COPIES(),
    AVM_LARGE_ZEROS(),
    AVM_LARGE_ONES(),
    AVM_LARGE_RECORD_INPUTS(),
    AVM_LARGE_RECORD_OUTPUTS(),
    AVM_LARGE_GROUP(),
    AVM_LARGE_CALLS()
);
