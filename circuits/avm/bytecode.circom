pragma circom 2.2.0;

include "../generated/constants.circom";
include "../hash/hash.circom";

function bytecodeWords(nBits) {
    return (nBits + 251) \ 252;
}

// Bytecode bits and their packing (docs/specification.md sections 7 and 8). Twin: packBits in avm/bytecode.ts.
//
// Proves:   every bit is 0 or 1; words are the bits packed little-endian, 252 per word.
// Inputs:   bits[nBits].
// Outputs:  words[bytecodeWords(nBits)].
// Unsatisfiable: a bit is not boolean.
// Uniqueness: 252 boolean digits name one integer below 2^252 < r: the words determine the bits and the bits the words.
template BytecodeBits(nBits) {
    assert(BYTECODE_WORD_BITS() == 252);
    var nWords = bytecodeWords(nBits);
    signal input bits[nBits];
    signal output words[nWords];

    for (var i = 0; i < nBits; i++) {
        bits[i] * (bits[i] - 1) === 0;
    }
    for (var w = 0; w < nWords; w++) {
        var last = w == nWords - 1 ? nBits - 1 : 252 * w + 251;
        var scale = 1;
        var sum = 0;
        for (var i = 252 * w; i < last; i++) {
            sum += scale * bits[i];
            scale *= 2;
        }
        // bit = bit^2 for a boolean: a quadratic term keeps the word one variable inside the hash, where a sum of 252 terms
        // would stand in three constraints.
        words[w] <== sum + scale * bits[last] * bits[last];
    }
}

// Identity of a function's bytecode.
//
// Proves:   hash = hash(BYTECODE, [words, constants, recordInputNames, recordOutputNames]) and every bit is boolean.
// Caller:   binds the hash into a function id.
template BytecodeHash(nBits, nConstants, nInputNames, nOutputNames) {
    var nWords = bytecodeWords(nBits);
    signal input bits[nBits];
    signal input constants[nConstants];
    signal input recordInputNames[nInputNames];
    signal input recordOutputNames[nOutputNames];
    signal output hash;

    component packed = BytecodeBits(nBits);
    component digest = Hash(DOMAIN_BYTECODE(), nWords + nConstants + nInputNames + nOutputNames);
    var at = 0;
    for (var i = 0; i < nBits; i++) {
        packed.bits[i] <== bits[i];
    }
    for (var i = 0; i < nWords; i++) {
        digest.inputs[at] <== packed.words[i];
        at++;
    }
    for (var i = 0; i < nConstants; i++) {
        digest.inputs[at] <== constants[i];
        at++;
    }
    for (var i = 0; i < nInputNames; i++) {
        digest.inputs[at] <== recordInputNames[i];
        at++;
    }
    for (var i = 0; i < nOutputNames; i++) {
        digest.inputs[at] <== recordOutputNames[i];
        at++;
    }
    hash <== digest.out;
}
