pragma circom 2.2.0;

include "layout.circom";
include "bytecode.circom";
include "group-slot.circom";
include "hash-slot.circom";
include "row.circom";
include "waksman.circom";
include "wide-slot.circom";

// The AVM core (docs/specification.md section 8): runs one committed function of bytecode.
//
// Sizes, in the order of AvmSize in protocol/constants.ts:
//   AvmCore(rows, wide, hashes, inputs, constants, advice, copies, zeros, ones, recordInputs, recordOutputs, groups)
//   small: AvmCore(64, 8, 8, 16, 16, 16, 48, 8, 2, 2, 2, 0); bits[] then has 2941 elements: declare it with
//   avmBits(rows, wide, hashes, inputs, copies, recordInputs, recordOutputs, groups) of layout.circom.
//
// Inputs, all private to the prover, any field elements:
//   bits[], constants[], recordInputNames[], recordOutputNames[]: the bytecode; bound by bytecodeHash only
//   inputs[], recordWords[][5]: what the call reads; the caller must bind them (signature, commitments)
//   context[3] = signer.x, caller, programId: the caller must bind them
//   advice[], copy[], rowOut[], wideAnd[], wideTopA[], wideTopB[], hashOut[], groupOut[][2]: values of the sources; given
//   because routing is cyclic for a witness generator, pinned here by constraints
//   groupPreimage[][2]: shows that a group slot's point lies in the subgroup; free up to torsion, reaches nothing else
// Outputs:
//   bytecodeHash: hash(BYTECODE, [packed words, constants, record input names, record output names])
//   recordInputUsed[], recordOutputUsed[], messageUsed: boolean, from the bytecode
//   recordOutputOwner[] (signer when unused), recordOutputData[][5] (0 when unused), message[3] (0 when unused)
template AvmCore(
    rows, wide, hashes, nInputs, nConstants, nAdvice, copies, zeros, ones, recordInputs, recordOutputs, groups
) {
    var nBits = avmBits(rows, wide, hashes, nInputs, copies, recordInputs, recordOutputs, groups);

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
    signal input groupOut[groups][2];
    signal input groupPreimage[groups][2];

    signal output bytecodeHash;
    signal output recordOutputOwner[recordOutputs];
    signal output recordOutputData[recordOutputs][5];
    signal output message[3];
    signal output recordInputUsed[recordInputs];
    signal output recordOutputUsed[recordOutputs];
    signal output messageUsed;

    var nWires = avmSinks(rows, wide, hashes, copies, recordOutputs, groups);
    assert(
        nWires
            == avmSources(rows, wide, hashes, nInputs, nConstants, nAdvice, copies, zeros, ones, recordInputs, groups)
    );
    var nSwitches = avmSwitches(nWires);

    // Where each group of bits starts.
    var rowFlags = nSwitches;
    var wideFlags = rowFlags + 8 * rows;
    var groupUsed = wideFlags + 15 * wide;
    var inputUsed = groupUsed + groups;
    var recordInputFlags = inputUsed + nInputs;
    var recordOutputFlags = recordInputFlags + recordInputs;
    var messageFlag = recordOutputFlags + recordOutputs;
    assert(messageFlag == nBits - 1);

    // 1. The bytecode: every bit is boolean, and the hash commits to all of it.
    component bytecode = BytecodeHash(nBits, nConstants, recordInputs, recordOutputs);
    bytecode.bits <== bits;
    bytecode.constants <== constants;
    bytecode.recordInputNames <== recordInputNames;
    bytecode.recordOutputNames <== recordOutputNames;
    bytecodeHash <== bytecode.hash;

    // 2. What the bytecode does not read is zero: an unused value is no free value.
    for (var i = 0; i < nInputs; i++) {
        (1 - bits[inputUsed + i]) * inputs[i] === 0;
    }
    for (var i = 0; i < recordInputs; i++) {
        recordInputUsed[i] <== bits[recordInputFlags + i];
        for (var k = 0; k < 5; k++) {
            (1 - recordInputUsed[i]) * recordWords[i][k] === 0;
        }
        (1 - recordInputUsed[i]) * recordInputNames[i] === 0;
    }

    // 3. Sources, in their order.
    component network = Waksman(nWires, copies);
    var at = 0;
    for (var i = 0; i < zeros; i++) {
        network.in[at] <== 0;
        at++;
    }
    for (var i = 0; i < ones; i++) {
        network.in[at] <== 1;
        at++;
    }
    for (var i = 0; i < nInputs; i++) {
        network.in[at] <== inputs[i];
        at++;
    }
    for (var i = 0; i < nConstants; i++) {
        network.in[at] <== constants[i];
        at++;
    }
    for (var i = 0; i < recordInputs; i++) {
        for (var k = 0; k < 5; k++) {
            network.in[at] <== recordWords[i][k];
            at++;
        }
    }
    for (var i = 0; i < 3; i++) {
        network.in[at] <== context[i];
        at++;
    }
    for (var i = 0; i < nAdvice; i++) {
        network.in[at] <== advice[i];
        at++;
    }
    for (var i = 0; i < rows; i++) {
        network.in[at] <== rowOut[i];
        at++;
    }
    for (var i = 0; i < wide; i++) {
        network.in[at] <== wideAnd[i];
        network.in[at + 1] <== wideTopA[i];
        network.in[at + 2] <== wideTopB[i];
        at += 3;
    }
    for (var i = 0; i < hashes; i++) {
        network.in[at] <== hashOut[i];
        at++;
    }
    for (var i = 0; i < groups; i++) {
        network.in[at] <== groupOut[i][0];
        network.in[at + 1] <== groupOut[i][1];
        at += 2;
    }
    for (var i = 0; i < copies; i++) {
        for (var k = 0; k < 3; k++) {
            network.in[at] <== copy[i];
            at++;
        }
    }
    assert(at == nWires);
    for (var i = 0; i < nSwitches; i++) {
        network.bits[i] <== bits[i];
    }
    // A copy cell's value is what the network carries to its sink: the last sinks, pinned there.
    network.pinned <== copy;

    // 4. Sinks, in their order.
    at = 0;
    component row[rows];
    for (var i = 0; i < rows; i++) {
        row[i] = AvmRow();
        for (var k = 0; k < 8; k++) {
            row[i].flags[k] <== bits[rowFlags + 8 * i + k];
        }
        row[i].a <== network.out[at];
        row[i].b <== network.out[at + 1];
        row[i].c <== network.out[at + 2];
        row[i].out <== rowOut[i];
        at += 3;
    }
    component slot[wide];
    for (var i = 0; i < wide; i++) {
        slot[i] = AvmWideSlot();
        for (var k = 0; k < 15; k++) {
            slot[i].flags[k] <== bits[wideFlags + 15 * i + k];
        }
        slot[i].a <== network.out[at];
        slot[i].b <== network.out[at + 1];
        slot[i].and <== wideAnd[i];
        slot[i].topA <== wideTopA[i];
        slot[i].topB <== wideTopB[i];
        at += 2;
    }
    component hash[hashes];
    for (var i = 0; i < hashes; i++) {
        hash[i] = AvmHashSlot();
        hash[i].cap <== network.out[at];
        for (var k = 0; k < 4; k++) {
            hash[i].x[k] <== network.out[at + 1 + k];
        }
        hash[i].out <== hashOut[i];
        at += 5;
    }
    component group[groups];
    for (var i = 0; i < groups; i++) {
        group[i] = AvmGroupSlot();
        group[i].used <== bits[groupUsed + i];
        group[i].x <== network.out[at];
        group[i].scalar <== network.out[at + 1];
        group[i].preimage <== groupPreimage[i];
        group[i].outX <== groupOut[i][0];
        group[i].outY <== groupOut[i][1];
        at += 2;
    }
    for (var i = 0; i < recordOutputs; i++) {
        recordOutputUsed[i] <== bits[recordOutputFlags + i];
        recordOutputOwner[i] <== context[0] + recordOutputUsed[i] * (network.out[at] - context[0]);
        for (var k = 0; k < 5; k++) {
            recordOutputData[i][k] <== recordOutputUsed[i] * network.out[at + 1 + k];
        }
        (1 - recordOutputUsed[i]) * recordOutputNames[i] === 0;
        at += 6;
    }
    messageUsed <== bits[messageFlag];
    for (var i = 0; i < 3; i++) {
        message[i] <== messageUsed * network.out[at + i];
    }
    at += 3;
    assert(at == nWires - copies);
}
