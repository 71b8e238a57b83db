pragma circom 2.2.0;

// Sizes of the AVM's wiring and bytecode, docs/specification.md section 8. Twin: avm/layout.ts.

// Flags of one row and of one wide slot in the bytecode.
function AVM_ROW_FLAGS() { return 8; }
function AVM_WIDE_FLAGS() { return 15; }
function AVM_RECORD_WORDS() { return 5; }
function AVM_CONTEXT() { return 3; }
function AVM_MESSAGE() { return 3; }
function AVM_COPY_FANOUT() { return 3; }
function AVM_WORD_BITS() { return 252; }

// Switches of an AS-Waksman network over n wires: W(n) = W(h) + W(n-h) + h + (h or h-1), h = floor(n/2).
// Closed form: the sum over k = 1..n of ceil(log2 k).
function avmSwitches(n) {
    var total = 0;
    var levels = 0;
    var power = 1;
    for (var k = 1; k <= n; k++) {
        if (k > power) {
            power = power * 2;
            levels = levels + 1;
        }
        total = total + levels;
    }
    return total;
}

// Wires, counted on the side of the sources.
function avmSources(rows, wide, hashes, inputs, constants, adviceWords, copies, zeros, ones, recordInputs, groups) {
    return zeros + ones + inputs + constants + 5 * recordInputs + 3 + adviceWords + rows + 3 * wide + hashes + 2 * groups
        + 3 * copies;
}

// Wires, counted on the side of the sinks. A size is well-formed only if both counts agree.
function avmSinks(rows, wide, hashes, copies, recordOutputs, groups) {
    return 3 * rows + 2 * wide + 5 * hashes + 2 * groups + 6 * recordOutputs + 3 + copies;
}

// Bytecode bits: switches, row flags, wide flags, groupUsed, inputUsed, recordInputUsed, recordOutputUsed, messageUsed.
function avmBits(rows, wide, hashes, inputs, copies, recordInputs, recordOutputs, groups) {
    return avmSwitches(avmSinks(rows, wide, hashes, copies, recordOutputs, groups))
        + 8 * rows + 15 * wide + groups + inputs + recordInputs + recordOutputs + 1;
}
