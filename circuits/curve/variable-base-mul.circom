pragma circom 2.2.0;

include "signed-digits.circom";

// One window: four times the accumulator plus a digit.
// Cost: 19 constraints.
template MulStep() {
    signal input accumulator[2];
    signal input digit[2];
    signal output out[2];

    component double[2];
    component add = AddPoints();
    double[0] = DoublePoint();
    double[1] = DoublePoint();
    double[0].p <== accumulator;
    double[1].p <== double[0].out;
    add.p <== double[1].out;
    add.q <== digit;
    out <== add.out;
}

// A point times a scalar that SignedDigits has cut up.
//
// Proves:   out = k P for the k of SignedDigits.
// Inputs:   negative[windows], three[windows], even: of SignedDigits(2 * windows + 1); p.
// Outputs:  out, on the curve.
// Unsatisfiable: never, and out is unique: complete additions of points on the curve only.
// Caller:   p lies on the curve (torsion and the identity are welcome).
// Cost:     22 constraints per window.
template MulPoint(windows) {
    signal input negative[windows];
    signal input three[windows];
    signal input even;
    signal input p[2];
    signal output out[2];

    component triple = TriplePoint();
    triple.p <== p;

    component digit[windows];
    component step[windows];
    for (var w = windows - 1; w >= 0; w--) {
        digit[w] = DigitPoint();
        digit[w].negative <== negative[w];
        digit[w].three <== three[w];
        digit[w].single <== p;
        digit[w].triple <== triple.out;
        step[w] = MulStep();
        step[w].accumulator <== w == windows - 1 ? p : step[w + 1].out;
        step[w].digit <== digit[w].out;
    }

    component correction = NegatedOrIdentity();
    component last = AddPoints();
    correction.subtract <== even;
    correction.p <== p;
    last.p <== step[0].out;
    last.q <== correction.out;
    out <== last.out;
}

// Two points times two scalars, doublings shared: out = j P + k Q, k shorter than j.
//
// Proves:   out = j P + k Q.
// Template: windows of j, shorter windows of k, shorter < windows.
// Inputs:   for each scalar the outputs of SignedDigits; p, q.
// Outputs:  out, on the curve.
// Unsatisfiable: never, and out is unique: complete additions of points on the curve only.
// Caller:   p and q lie on the curve.
// Cost:     22 constraints per window and 9 more per window of the shorter scalar.
template JointMulPoints(windows, shorter) {
    assert(shorter < windows);
    signal input negative[windows];
    signal input three[windows];
    signal input even;
    signal input p[2];
    signal input shortNegative[shorter];
    signal input shortThree[shorter];
    signal input shortEven;
    signal input q[2];
    signal output out[2];

    component tripleP = TriplePoint();
    component tripleQ = TriplePoint();
    tripleP.p <== p;
    tripleQ.p <== q;

    component digit[windows];
    component shortDigit[shorter];
    component step[windows];
    component shortAdd[shorter];
    // Brings in Q as the leading 4^shorter of k, before the first window that both scalars have.
    component start = AddPoints();
    for (var w = windows - 1; w >= 0; w--) {
        digit[w] = DigitPoint();
        digit[w].negative <== negative[w];
        digit[w].three <== three[w];
        digit[w].single <== p;
        digit[w].triple <== tripleP.out;
        step[w] = MulStep();
        step[w].digit <== digit[w].out;
        if (w == windows - 1) {
            if (w == shorter - 1) {
                start.p <== p;
            } else {
                step[w].accumulator <== p;
            }
        } else if (w >= shorter) {
            step[w].accumulator <== step[w + 1].out;
        } else if (w == shorter - 1) {
            start.p <== step[w + 1].out;
        } else {
            step[w].accumulator <== shortAdd[w + 1].out;
        }
        if (w == shorter - 1) {
            start.q <== q;
            step[w].accumulator <== start.out;
        }
        if (w < shorter) {
            shortDigit[w] = DigitPoint();
            shortDigit[w].negative <== shortNegative[w];
            shortDigit[w].three <== shortThree[w];
            shortDigit[w].single <== q;
            shortDigit[w].triple <== tripleQ.out;
            shortAdd[w] = AddPoints();
            shortAdd[w].p <== step[w].out;
            shortAdd[w].q <== shortDigit[w].out;
        }
    }

    component correction = NegatedOrIdentity();
    component shortCorrection = NegatedOrIdentity();
    component last[2];
    correction.subtract <== even;
    correction.p <== p;
    shortCorrection.subtract <== shortEven;
    shortCorrection.p <== q;
    last[0] = AddPoints();
    last[0].p <== shortAdd[0].out;
    last[0].q <== correction.out;
    last[1] = AddPoints();
    last[1].p <== last[0].out;
    last[1].q <== shortCorrection.out;
    out <== last[1].out;
}
