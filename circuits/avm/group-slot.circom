pragma circom 2.2.0;

include "../../node_modules/circomlib/circuits/bitify.circom";
include "../curve/clear-cofactor.circom";
include "../curve/signed-digits.circom";
include "../curve/variable-base-mul.circom";
include "../generated/constants.circom";

// One group slot (docs/specification.md section 8). Twin: checkGroup in avm/check.ts.
//
// Proves:   (outX, outY) = scalar * P for the point P of the prime-order subgroup whose x is the operand, and a scalar below
//           2^251; an unused slot gives the identity.
// Inputs:   used, boolean; x, scalar: operands; preimage: P' with P = 8 P'; outX, outY: the result; any field elements.
// Unsatisfiable: used, and x is no subgroup point's or the scalar has 252 bits; the result is another one.
// Caller:   constrains `used` to 0 or 1.
//
// Uniqueness: 8 P' lies in the prime-order subgroup, where x names one point: P' is free up to torsion, P is not. 251 boolean
// digits name one integer below 2^251 < r; the multiplication is a function of point and digits (complete additions of points
// on the curve). Unused: P has x = 0, so it is the identity, and the scalar is 0.
template AvmGroupSlot() {
    signal input used;
    signal input x;
    signal input scalar;
    signal input preimage[2];
    signal input outX;
    signal input outY;

    component point = SubgroupPoint();
    point.p <== preimage;
    point.out[0] === used * x;

    component bits = Num2Bits(SCALAR_BITS());
    bits.in <== used * scalar;
    component digits = SignedDigits(SCALAR_BITS());
    digits.bits <== bits.out;

    component product = MulPoint(SCALAR_BITS() \ 2);
    product.negative <== digits.negative;
    product.three <== digits.three;
    product.even <== digits.even;
    product.p <== point.out;
    product.out[0] === outX;
    product.out[1] === outY;
}
