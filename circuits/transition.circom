pragma circom 2.2.0;

include "account.circom";
include "avm/avm-core.circom";
include "encryption.circom";
include "input-record.circom";
include "output-record.circom";
include "program-id.circom";
include "request.circom";
include "statement.circom";

// Words of the statement of a transition, section 6.
function STATEMENT_WORDS(recordInputs, recordOutputs, calls) {
    return 1 + recordInputs + recordOutputs + 2 + recordOutputs * CIPHERTEXT_WORDS() + recordOutputs + 2 + calls + 4 + 1;
}

// One transition: a signed call of one function of any program, proven. docs/specification.md, sections 3 to 8.
//
// Proves:   the account behind `signer` signed a call of function functionId of programId with these inputs and records;
//           the records consumed are that account's and in the tree of anchorRoot; the committed bytecode of that function,
//           run on them, gives the records made and the message; the public signals are what follows.
// Template: sizeClass, then the sizes of AvmCore, then the calls of other functions that it will be able to make.
// Public:   x, y, c (statement.circom). L1 knows the words of the statement: anchorRoot, nullifiers, commitments, tpkX, rX,
//           ciphertexts, outgoing, finalizeHash, linkIn, linkOut (if calls > 0), message, rollupId: section 6, in this
//           order. Everything else is private.
// Unsatisfiable: see the parts.
// Caller (L1): every word of the statement is below r; anchorRoot is a stored root; nullifiers are fresh and not 0; x and y
//           are computed from those words and from c.
//
// What holds for ANY bytecode, deployed or not, honest or hostile:
// 1. Types. Every used record input's and output's typeId is hash(TYPE, [programId, name]) of the running programId, which
//    is a function of the bytecode that runs (RunningFunction). Unused ones have typeId 0, whatever the prover says: `used`
//    is a bytecode bit. So no bytecode consumes or makes a record of another program.
// 2. message[0] is programId if the bytecode's message bit is set, and all four words are 0 if not. context (what self.caller
//    and self.signer read) is bound below. finalizeHash, linkIn and linkOut are 0.
// 3. There are no calls: linkIn = 0, linkOut = 0, isRoot = 1, caller = signer.
// 4. finalizeHash = 0, and functionId has finalize hash 0: a function with a finalize block is unprovable here rather than
//    run without it.
// 5. isRoot <=> linkIn = 0 <=> caller = signer: all three are constants.
// 6. A FEE tag is L1's business: message is public.
// 7. anchorRoot is public and signed.
// 8. A record is consumed only under a membership proof against anchorRoot.
// Beside that list: an output always has an owner in the subgroup, encrypted to; rho is unique by nullifiers[0]; inputs and
// record words that the bytecode does not use are 0 (AvmCore), so nothing unsigned enters: inputs[] are in the challenge, and
// record words in the commitment, whose hashToGroup is in the challenge. Advice is the author's affair (lowering), and can
// change nothing above.
//
// Why c, the full hash of the challenge, determines every word of the statement: section 6 of the specification has the table.
//
// What is free for a prover who holds the signature: torsion in gamma (drops out of the nullifier), s or s + l (no public
// signal depends on it), switch settings (bytecode: committed), and advice that the bytecode leaves open. Every word of the
// statement is a function of the signed values and of the committed bytecode's result, which the signature covers as commitments,
// outgoing and message.
template Transition(
    sizeClass, rows, wide, hashes, nInputs, nConstants, nAdvice, copies, zeros, ones, recordInputs, recordOutputs, groups,
    calls
) {
    var nBits = avmBits(rows, wide, hashes, nInputs, copies, recordInputs, recordOutputs, groups);

    // The statement, section 6.
    signal input anchorRoot;
    signal input nullifiers[recordInputs];
    signal input commitments[recordOutputs];
    signal input tpkX;
    signal input rX;
    signal input ciphertexts[recordOutputs][CIPHERTEXT_WORDS()];
    signal input outgoing[recordOutputs];
    signal input finalizeHash;
    signal input linkIn;
    signal input linkOut[calls];
    signal input message[4];
    signal input rollupId;

    // Public.
    signal input x;
    signal input y;
    signal input c;

    // The request.
    signal input pkSigPreimage[2];
    signal input prSigPreimage[2];
    signal input tvk;
    signal input challenge;
    signal input response;
    signal input inputs[nInputs];
    signal input recordRho[recordInputs];
    signal input recordBlind[recordInputs];
    signal input recordWords[recordInputs][RECORD_WORDS()];
    signal input gamma[recordInputs][2];
    signal input ownerPreimage[recordOutputs][2];
    // The records' places in the note tree.
    signal input noteIndexBits[recordInputs][2 * TREE_DEPTH()];
    signal input noteSiblings[recordInputs][TREE_DEPTH()][3];
    // The function and its program. programId is given because the core reads it and its bytecode hash leads to it.
    signal input programId;
    signal input functionName;
    signal input functionIndexBits[2 * FUNCTION_TREE_DEPTH()];
    signal input functionSiblings[FUNCTION_TREE_DEPTH()][3];
    signal input loweringVersion;
    signal input sourceHash;
    signal input programName;
    signal input bytecodeBits[nBits];
    signal input constants[nConstants];
    signal input recordInputNames[recordInputs];
    signal input recordOutputNames[recordOutputs];
    // The run.
    signal input advice[nAdvice];
    signal input copy[copies];
    signal input rowOut[rows];
    signal input wideAnd[wide];
    signal input wideTopA[wide];
    signal input wideTopB[wide];
    signal input hashOut[hashes];
    signal input groupOut[groups][2];
    signal input groupPreimage[groups][2];

    // 1. Who signs.
    component account = Account();
    account.pkSigPreimage <== pkSigPreimage;
    account.prSigPreimage <== prSigPreimage;
    signal signer <== account.address[0];

    // 2. What runs.
    component core = AvmCore(
        rows, wide, hashes, nInputs, nConstants, nAdvice, copies, zeros, ones, recordInputs, recordOutputs, groups
    );
    core.bits <== bytecodeBits;
    core.constants <== constants;
    core.inputs <== inputs;
    core.recordWords <== recordWords;
    core.context[0] <== signer;
    core.context[1] <== signer;
    core.context[2] <== programId;
    core.recordInputNames <== recordInputNames;
    core.recordOutputNames <== recordOutputNames;
    core.advice <== advice;
    core.copy <== copy;
    core.rowOut <== rowOut;
    core.wideAnd <== wideAnd;
    core.wideTopA <== wideTopA;
    core.wideTopB <== wideTopB;
    core.hashOut <== hashOut;
    core.groupOut <== groupOut;
    core.groupPreimage <== groupPreimage;

    component program = RunningFunction(sizeClass);
    program.functionName <== functionName;
    program.bytecodeHash <== core.bytecodeHash;
    program.indexBits <== functionIndexBits;
    program.siblings <== functionSiblings;
    program.loweringVersion <== loweringVersion;
    program.sourceHash <== sourceHash;
    program.programName <== programName;
    program.programId === programId;

    // 3. What is consumed.
    component input_[recordInputs];
    for (var j = 0; j < recordInputs; j++) {
        input_[j] = InputRecord(j);
        input_[j].used <== core.recordInputUsed[j];
        input_[j].name <== recordInputNames[j];
        input_[j].programId <== programId;
        input_[j].signer <== signer;
        input_[j].tvk <== tvk;
        input_[j].anchorRoot <== anchorRoot;
        input_[j].rho <== recordRho[j];
        input_[j].blind <== recordBlind[j];
        input_[j].data <== recordWords[j];
        input_[j].gamma <== gamma[j];
        input_[j].indexBits <== noteIndexBits[j];
        input_[j].siblings <== noteSiblings[j];
        input_[j].nullifier === nullifiers[j];
    }

    // 4. What is made.
    component encryption = EncryptionScalar();
    encryption.tvk <== tvk;
    encryption.rX === rX;
    component output_[recordOutputs];
    for (var i = 0; i < recordOutputs; i++) {
        output_[i] = OutputRecord(i);
        output_[i].used <== core.recordOutputUsed[i];
        output_[i].name <== recordOutputNames[i];
        output_[i].programId <== programId;
        output_[i].owner <== core.recordOutputOwner[i];
        output_[i].ownerPreimage <== ownerPreimage[i];
        output_[i].data <== core.recordOutputData[i];
        output_[i].tvk <== tvk;
        output_[i].firstNullifier <== nullifiers[0];
        output_[i].negative <== encryption.negative;
        output_[i].three <== encryption.three;
        output_[i].even <== encryption.even;
        output_[i].commitment === commitments[i];
        output_[i].outgoing === outgoing[i];
        for (var k = 0; k < CIPHERTEXT_WORDS(); k++) {
            output_[i].ciphertext[k] === ciphertexts[i][k];
        }
    }

    // 5. Messages are the running program's own. Calls and finalize do not exist yet.
    core.messageUsed * programId === message[0];
    for (var k = 0; k < 3; k++) {
        core.message[k] === message[1 + k];
    }
    finalizeHash === 0;
    linkIn === 0;
    for (var k = 0; k < calls; k++) {
        linkOut[k] === 0;
    }

    // 6. The signature over all of it.
    component request = Request(nInputs, recordInputs, recordOutputs, calls);
    request.challenge <== challenge;
    request.response <== response;
    request.signer <== signer;
    request.pkSig <== account.pkSig;
    request.prSigX <== account.prSig[0];
    request.tvk <== tvk;
    request.programId <== programId;
    request.functionId <== program.functionId;
    request.caller <== signer;
    request.isRoot <== 1;
    request.inputs <== inputs;
    for (var j = 0; j < recordInputs; j++) {
        request.hashed[j] <== input_[j].hashed;
        request.gamma[j] <== gamma[j];
    }
    request.anchorRoot <== anchorRoot;
    request.nullifiers <== nullifiers;
    request.commitments <== commitments;
    request.outgoing <== outgoing;
    request.finalizeHash <== finalizeHash;
    request.linkIn <== linkIn;
    request.linkOut <== linkOut;
    request.message <== message;
    request.rollupId <== rollupId;
    request.tpkX === tpkX;
    c === request.hash;

    // 7. The words of the statement are those that L1 put into y.
    var nWords = STATEMENT_WORDS(recordInputs, recordOutputs, calls);
    component statement = Statement(nWords);
    statement.x <== x;
    statement.words[0] <== anchorRoot;
    var at = 1;
    for (var j = 0; j < recordInputs; j++) {
        statement.words[at] <== nullifiers[j];
        at++;
    }
    for (var i = 0; i < recordOutputs; i++) {
        statement.words[at] <== commitments[i];
        at++;
    }
    statement.words[at] <== tpkX;
    statement.words[at + 1] <== rX;
    at += 2;
    for (var i = 0; i < recordOutputs; i++) {
        for (var k = 0; k < CIPHERTEXT_WORDS(); k++) {
            statement.words[at] <== ciphertexts[i][k];
            at++;
        }
    }
    for (var i = 0; i < recordOutputs; i++) {
        statement.words[at] <== outgoing[i];
        at++;
    }
    statement.words[at] <== finalizeHash;
    statement.words[at + 1] <== linkIn;
    at += 2;
    for (var k = 0; k < calls; k++) {
        statement.words[at] <== linkOut[k];
        at++;
    }
    for (var k = 0; k < 4; k++) {
        statement.words[at] <== message[k];
        at++;
    }
    statement.words[at] <== rollupId;
    assert(at + 1 == nWords);
    y === statement.y;
}
