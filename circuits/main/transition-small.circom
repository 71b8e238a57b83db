pragma circom 2.2.0;

include "../transition.circom";

component main {public [x, y, c]} = Transition(
    SIZE_CLASS_SMALL(),
    AVM_SMALL_ROWS(),
    AVM_SMALL_WIDE(),
    AVM_SMALL_HASH(),
    AVM_SMALL_INPUTS(),
    AVM_SMALL_CONSTANTS(),
    AVM_SMALL_ADVICE(),
    AVM_SMALL_COPIES(),
    AVM_SMALL_ZEROS(),
    AVM_SMALL_ONES(),
    AVM_SMALL_RECORD_INPUTS(),
    AVM_SMALL_RECORD_OUTPUTS(),
    AVM_SMALL_GROUP(),
    AVM_SMALL_CALLS()
);
