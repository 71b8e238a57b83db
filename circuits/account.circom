pragma circom 2.2.0;

include "curve/clear-cofactor.circom";
include "curve/fixed-base-mul.circom";
include "curve/hash-to-scalar.circom";

// The account behind a signature: docs/specification.md, section 3; twin of protocol/account.ts.
//
// Proves:   pkSig and prSig lie in the subgroup, and address = pk_sig + pr_sig + sk_prf * G with
//           sk_prf = hashToScalar(SK_PRF, [pk_sig.x, pr_sig.x]).
// Inputs:   pkSigPreimage, prSigPreimage: P' with P = 8 P'; any field elements.
// Outputs:  pkSig, prSig, address: points of the subgroup, each named by its x.
// Unsatisfiable when a preimage is off the curve.
// Caller:   proves knowledge of sk_sig, pk_sig = sk_sig * G, by a signature.
template Account() {
    signal input pkSigPreimage[2];
    signal input prSigPreimage[2];
    signal output pkSig[2];
    signal output prSig[2];
    signal output address[2];

    component signing = SubgroupPoint();
    component randomizer = SubgroupPoint();
    signing.p <== pkSigPreimage;
    randomizer.p <== prSigPreimage;
    pkSig <== signing.out;
    prSig <== randomizer.out;

    component skPrf = HashToScalar(DOMAIN_SK_PRF(), 2);
    component prf = MulGenerator(HASH_TO_SCALAR_BITS());
    skPrf.inputs[0] <== pkSig[0];
    skPrf.inputs[1] <== prSig[0];
    prf.bits <== skPrf.bits;

    component keys = AddPoints();
    component sum = AddPoints();
    keys.p <== pkSig;
    keys.q <== prSig;
    sum.p <== keys.out;
    sum.q <== prf.out;
    address <== sum.out;
}
