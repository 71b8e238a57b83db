pragma circom 2.2.0;

include "generated/constants.circom";
include "hash/hash.circom";
include "tree/merkle-path4.circom";

// The running function's identity: docs/specification.md, section 7; twin of protocol/program-id.ts.
//
// Proves:   functionId = hash(FN, [size class, name, bytecodeHash, 0]) is a leaf of the function tree of programId =
//           hash(PROGRAM, [lowering version, function tree root, sourceHash, name]).
//           The 0 is the finalize hash: a function WITH a finalize block cannot run here, or its finalize would be skipped.
// Template: sizeClass: SIZE_CLASS_*().
// Inputs:   functionName, bytecodeHash; indexBits[6], siblings[3][3]: the function's place, as in MerkleRoot4;
//           loweringVersion, sourceHash, programName: any field elements.
// Outputs:  functionId, programId.
// Unsatisfiable when an index bit is not boolean.
// Caller:   takes bytecodeHash from the bytecode that runs. The leaf is a hash: the empty leaf 0 is out of reach.
template RunningFunction(sizeClass) {
    signal input functionName;
    signal input bytecodeHash;
    signal input indexBits[2 * FUNCTION_TREE_DEPTH()];
    signal input siblings[FUNCTION_TREE_DEPTH()][3];
    signal input loweringVersion;
    signal input sourceHash;
    signal input programName;
    signal output functionId;
    signal output programId;

    component leaf = Hash(DOMAIN_FN(), 4);
    leaf.inputs[0] <== sizeClass;
    leaf.inputs[1] <== functionName;
    leaf.inputs[2] <== bytecodeHash;
    leaf.inputs[3] <== 0;
    functionId <== leaf.out;

    for (var i = 0; i < 2 * FUNCTION_TREE_DEPTH(); i++) {
        indexBits[i] * (indexBits[i] - 1) === 0;
    }
    component tree = MerkleRoot4(DOMAIN_FN_TREE(), FUNCTION_TREE_DEPTH());
    tree.node <== functionId;
    tree.siblings <== siblings;
    tree.bits <== indexBits;

    component program = Hash(DOMAIN_PROGRAM(), 4);
    program.inputs[0] <== loweringVersion;
    program.inputs[1] <== tree.root;
    program.inputs[2] <== sourceHash;
    program.inputs[3] <== programName;
    programId <== program.out;
}
