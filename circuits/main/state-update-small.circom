pragma circom 2.2.0;

include "../state-update.circom";

component main {public [x, y, c]} = StateUpdate(4, 1);
