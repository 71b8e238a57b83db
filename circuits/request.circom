pragma circom 2.2.0;

include "../node_modules/circomlib/circuits/bitify.circom";
include "curve/fixed-base-mul.circom";
include "curve/variable-base-mul.circom";
include "field/strict-bits.circom";
include "generated/constants.circom";
include "hash/hash.circom";

function RESPONSE_WINDOWS() {
    return SCALAR_BITS() \ 2;
}
function CHALLENGE_WINDOWS() {
    return CHALLENGE_BITS() \ 2;
}
// Elements that the challenge hashes: section 5's list for the given numbers of slots.
function CHALLENGE_ELEMENTS(nInputs, recordInputs, recordOutputs, calls) {
    return 8 + nInputs + 6 * recordInputs + 1 + recordInputs + recordOutputs + 1 + recordOutputs + 2 + calls + 4 + 1;
}

// The signature of a request: docs/specification.md, section 5; twin of protocol/call/request.ts.
//
// Proves:   tpk = s G + c pk_sig and h_j = s H_j + c gamma_j, where c is the low 128 bits of the canonical integer of
//           hash(CHALLENGE, [..]) over everything that the prover could choose. So the signer knows sk_sig, and gamma_j is
//           sk_sig * H_j up to torsion (one proof of equal discrete logarithms for all j).
// Template: nInputs plain inputs, recordInputs, recordOutputs, calls slots.
// Inputs:   challenge, response: c and s, given because h_j is needed to hash c; the rest in the order of section 5, without
//           h_j, which is computed here.
// Outputs:  tpkX; hash: the full hash of the challenge, canonical.
// Unsatisfiable when the challenge is not the hash's.
// Caller:   pkSig and hashed[] lie in the subgroup, gamma[] on the curve; all others any field elements.
//
// c: its 128 bits are equated with the low bits of the strict decomposition, so they are boolean and unique; there is no
// field element to alias. s: 251 boolean bits; s + l may fit too and gives the same points, as G, H_j lie in the subgroup:
// no public signal depends on which. Each scalar has one decomposition for all its multiplications.
template Request(nInputs, recordInputs, recordOutputs, calls) {
    signal input challenge;
    signal input response;
    signal input signer;
    signal input pkSig[2];
    signal input prSigX;
    signal input tvk;
    signal input programId;
    signal input functionId;
    signal input caller;
    signal input isRoot;
    signal input inputs[nInputs];
    signal input hashed[recordInputs][2];
    signal input gamma[recordInputs][2];
    signal input anchorRoot;
    signal input nullifiers[recordInputs];
    signal input commitments[recordOutputs];
    signal input outgoing[recordOutputs];
    signal input finalizeHash;
    signal input linkIn;
    signal input linkOut[calls];
    signal input message[4];
    signal input rollupId;
    signal output tpkX;
    signal output hash;

    // 1. The two scalars, each cut up once.
    component sBits = Num2Bits(SCALAR_BITS());
    component sDigits = SignedDigits(SCALAR_BITS());
    sBits.in <== response;
    sDigits.bits <== sBits.out;
    signal cBits[CHALLENGE_BITS()];
    component cDigits = SignedDigits(CHALLENGE_BITS() + 1);
    for (var i = 0; i < CHALLENGE_BITS(); i++) {
        cBits[i] <-- (challenge >> i) & 1;
        cDigits.bits[i] <== cBits[i];
    }
    cDigits.bits[CHALLENGE_BITS()] <== 0;

    // 2. tpk = s G + c pk_sig.
    component sG = MulGenerator(SCALAR_BITS());
    component cPk = MulPoint(CHALLENGE_WINDOWS());
    component tpk = AddPoints();
    sG.bits <== sBits.out;
    cPk.negative <== cDigits.negative;
    cPk.three <== cDigits.three;
    cPk.even <== cDigits.even;
    cPk.p <== pkSig;
    tpk.p <== sG.out;
    tpk.q <== cPk.out;
    tpkX <== tpk.out[0];

    // 3. h_j = s H_j + c gamma_j.
    component h[recordInputs];
    for (var j = 0; j < recordInputs; j++) {
        h[j] = JointMulPoints(RESPONSE_WINDOWS(), CHALLENGE_WINDOWS());
        h[j].negative <== sDigits.negative;
        h[j].three <== sDigits.three;
        h[j].even <== sDigits.even;
        h[j].p <== hashed[j];
        h[j].shortNegative <== cDigits.negative;
        h[j].shortThree <== cDigits.three;
        h[j].shortEven <== cDigits.even;
        h[j].q <== gamma[j];
    }

    // 4. c is the hash of everything above.
    var n = CHALLENGE_ELEMENTS(nInputs, recordInputs, recordOutputs, calls);
    component preimage = Hash(DOMAIN_CHALLENGE(), n);
    preimage.inputs[0] <== signer;
    preimage.inputs[1] <== pkSig[0];
    preimage.inputs[2] <== prSigX;
    preimage.inputs[3] <== tvk;
    preimage.inputs[4] <== programId;
    preimage.inputs[5] <== functionId;
    preimage.inputs[6] <== caller;
    preimage.inputs[7] <== isRoot;
    var at = 8;
    for (var i = 0; i < nInputs; i++) {
        preimage.inputs[at] <== inputs[i];
        at++;
    }
    for (var j = 0; j < recordInputs; j++) {
        for (var k = 0; k < 2; k++) {
            preimage.inputs[at + k] <== hashed[j][k];
            preimage.inputs[at + 2 + k] <== h[j].out[k];
            preimage.inputs[at + 4 + k] <== gamma[j][k];
        }
        at += 6;
    }
    preimage.inputs[at] <== anchorRoot;
    at++;
    for (var j = 0; j < recordInputs; j++) {
        preimage.inputs[at] <== nullifiers[j];
        at++;
    }
    for (var i = 0; i < recordOutputs; i++) {
        preimage.inputs[at] <== commitments[i];
        at++;
    }
    preimage.inputs[at] <== tpkX;
    at++;
    for (var i = 0; i < recordOutputs; i++) {
        preimage.inputs[at] <== outgoing[i];
        at++;
    }
    preimage.inputs[at] <== finalizeHash;
    preimage.inputs[at + 1] <== linkIn;
    at += 2;
    for (var k = 0; k < calls; k++) {
        preimage.inputs[at] <== linkOut[k];
        at++;
    }
    for (var i = 0; i < 4; i++) {
        preimage.inputs[at] <== message[i];
        at++;
    }
    preimage.inputs[at] <== rollupId;
    at++;
    assert(at == n);

    component strict = StrictBits();
    strict.in <== preimage.out;
    hash <== preimage.out;
    for (var i = 0; i < CHALLENGE_BITS(); i++) {
        strict.out[i] === cBits[i];
    }
}
