pragma circom 2.2.0;

include "layout.circom";

// The AVM core (docs/specification.md section 8): runs one committed function of bytecode.
//
// Sizes, in the order of AvmSize in protocol/constants.ts:
//   AvmCore(rows, wide, hashes, inputs, constants, advice, copies, zeros, ones, recordInputs, recordOutputs)
//   small: AvmCore(64, 8, 8, 16, 16, 16, 48, 8, 2, 2, 2); bits[] then has 2941 elements: declare it with
//   avmBits(rows, wide, hashes, inputs, copies, recordInputs, recordOutputs) of layout.circom.
//
// Inputs, all private to the prover, any field elements:
//   bits[], constants[], recordInputNames[], recordOutputNames[]: the bytecode; bound by bytecodeHash only
//   inputs[], recordWords[][5]: what the call reads; the caller must bind them (signature, commitments)
//   context[3] = signer.x, caller, programId: the caller must bind them
//   advice[], copy[], rowOut[], wideAnd[], wideTopA[], wideTopB[], hashOut[]: values of the sources; given because
//   routing is cyclic for a witness generator, pinned here by constraints
// Outputs:
//   bytecodeHash: hash(BYTECODE, [packed words, constants, record input names, record output names])
//   recordInputUsed[], recordOutputUsed[], messageUsed: boolean, from the bytecode
//   recordOutputOwner[] (signer when unused), recordOutputData[][5] (0 when unused), message[3] (0 when unused)
template AvmCore(rows, wide, hashes, nInputs, nConstants, nAdvice, copies, zeros, ones, recordInputs, recordOutputs) {
    var nBits = avmBits(rows, wide, hashes, nInputs, copies, recordInputs, recordOutputs);

    signal input bits[nBits];
    signal input constants[nConstants];
    signal input inputs[nInputs];
    signal input recordWords[recordInputs][5];
    signal input context[3];
    signal input recordInputNames[recordInputs];
    signal input recordOutputNames[recordOutputs];
    signal input advice[nAdvice];
    signal input copy[copies];
    signal input rowOut[rows];
    signal input wideAnd[wide];
    signal input wideTopA[wide];
    signal input wideTopB[wide];
    signal input hashOut[hashes];

    signal output bytecodeHash;
    signal output recordOutputOwner[recordOutputs];
    signal output recordOutputData[recordOutputs][5];
    signal output message[3];
    signal output recordInputUsed[recordInputs];
    signal output recordOutputUsed[recordOutputs];
    signal output messageUsed;
}
