pragma circom 2.2.0;

include "limbs.circom";
include "loose-bits.circom";

// The gap test of an indexed Merkle tree.
//
// Proves:   low < value, and value < next or next = 0 ("no next"), as canonical integers.
//
// Each of the three is written as an integer of 254 bits, and the integers satisfy low < value < next <= r. So low and
// value are below r, hence canonical. next lies in (0, r], so it is canonical too, except that next = 0 can only be
// written as r (0 is not above value): the end of the list is the bound r itself and needs no case of its own.
//
// Inputs:   low, value, next: any field elements.
// Unsatisfiable when value <= low, or next != 0 and value >= next. In particular when value = 0.
template AssertBetween() {
    signal input low;
    signal input value;
    signal input next;

    component bits[3];
    component limbs[3];
    for (var j = 0; j < 3; j++) {
        bits[j] = LooseBits(j == 2 ? 1 : 0);
        limbs[j] = BitsToLimbs();
    }
    bits[0].in <== low;
    bits[1].in <== value;
    bits[2].in <== next;
    for (var j = 0; j < 3; j++) {
        limbs[j].in <== bits[j].out;
    }

    component lowBelowValue = AssertLess();
    component valueBelowNext = AssertLess();
    component nextWithinOrder = AssertLess();
    for (var k = 0; k < LIMBS(); k++) {
        lowBelowValue.a[k] <== limbs[0].out[k];
        lowBelowValue.b[k] <== limbs[1].out[k];
        valueBelowNext.a[k] <== limbs[1].out[k];
        valueBelowNext.b[k] <== limbs[2].out[k];
        // next < r + 1. The lowest limb of r is 0xf0000001, so adding 1 does not carry.
        nextWithinOrder.a[k] <== limbs[2].out[k];
        nextWithinOrder.b[k] <== LIMB_OF_R(k) + (k == 0 ? 1 : 0);
    }
}
