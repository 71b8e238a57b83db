pragma circom 2.2.0;

include "layout.circom";

// AS-Waksman permutation network over n wires (docs/specification.md section 8). Twin: avm/waksman.ts.
//
// Proves:   (out, pinned) is `in` sent through the network with switch settings `bits`: a permutation of `in` that the bits
//           alone determine.
// Template: n wires; the last `nPinned` outputs are given by the caller instead of computed.
// Inputs:   in[n]: any field elements; bits[avmSwitches(n)]; pinned[nPinned].
// Outputs:  out[n - nPinned].
// Unsatisfiable: when `pinned` is not what the network carries to the last outputs.
// Caller:   constrains every bit to 0 or 1 (BytecodeBits does).
//
// The recursive definition moves a wire only inside a switch, so the network runs in place on one array of n wires: W(n)
// over a list of positions is its input switches on neighbours (2i, 2i+1), then W over the positions at even places, then W
// over those at odd places and, for odd n, the last, then its output switches on the same neighbours. Walking that tree depth
// first meets the switches in bit order. A wire is kept as a sum "source + moves" in a variable, never in a signal: a switch
// costs one constraint, move = bit * (q - p). The last switches state both their outputs instead, two constraints each, so
// that a sink is one variable wherever it is read. Hence there is (but for unswitched outputs) no linear constraint, whose
// elimination would fill the matrices.
//
// Pinned outputs close cycles: a copy cell's value leaves the network and enters it again.
//
// Uniqueness: each move is bit * (q - p) of values fixed before it, so by induction every wire is determined by in and bits.
template Waksman(n, nPinned) {
    var nSwitches = avmSwitches(n);
    signal input in[n];
    signal input bits[nSwitches];
    signal input pinned[nPinned];
    signal output out[n - nPinned];

    // Last switches, the tail of the bit order, state outputs; all others move.
    var nLast = n % 2 == 1 ? n \ 2 : n \ 2 - 1;
    signal move[nSwitches - nLast];
    var wire[n];
    for (var i = 0; i < n; i++) {
        wire[i] = in[i];
    }

    // Depth-first walk with an explicit stack. Node at depth d: its positions are list[start[d] .. start[d] + size[d] - 1].
    var list[2 * n + 64];
    var start[34];
    var size[34];
    var stage[34]; // 0: input switches come next; 1: bottom half comes next; 2: output switches come next
    for (var i = 0; i < n; i++) {
        list[i] = i;
    }
    start[0] = 0;
    size[0] = n;
    stage[0] = 0;
    var depth = 0;
    var s = 0;
    var first = n - nPinned; // first pinned output
    var switched = 0;        // outputs below this have left through a last switch
    while (depth >= 0) {
        var at = start[depth];
        var m = size[depth];
        var half = m \ 2;
        if (m < 2) {
            depth = depth - 1;
        } else if (stage[depth] == 0) {
            for (var i = 0; i < half; i++) {
                var p = list[at + 2 * i];
                var q = list[at + 2 * i + 1];
                move[s] <== bits[s] * (wire[q] - wire[p]);
                wire[p] = wire[p] + move[s];
                wire[q] = wire[q] - move[s];
                s = s + 1;
            }
            if (m == 2) {
                depth = depth - 1;
            } else {
                stage[depth] = 1;
                start[depth + 1] = at + m;
                size[depth + 1] = half;
                stage[depth + 1] = 0;
                for (var i = 0; i < half; i++) {
                    list[at + m + i] = list[at + 2 * i];
                }
                depth = depth + 1;
            }
        } else if (stage[depth] == 1) {
            stage[depth] = 2;
            start[depth + 1] = at + m;
            size[depth + 1] = m - half;
            stage[depth + 1] = 0;
            for (var i = 0; i < half; i++) {
                list[at + m + i] = list[at + 2 * i + 1];
            }
            if (m % 2 == 1) {
                list[at + m + half] = list[at + m - 1];
            }
            depth = depth + 1;
        } else {
            var pairs = m % 2 == 1 ? half : half - 1;
            for (var i = 0; i < pairs; i++) {
                var p = list[at + 2 * i];
                var q = list[at + 2 * i + 1];
                if (depth == 0) {
                    // The network's last switches: their outputs become signals by a quadratic constraint each.
                    if (p < first) {
                        out[p] <== wire[p] + bits[s] * (wire[q] - wire[p]);
                    } else {
                        pinned[p - first] === wire[p] + bits[s] * (wire[q] - wire[p]);
                    }
                    if (q < first) {
                        out[q] <== wire[q] - bits[s] * (wire[q] - wire[p]);
                    } else {
                        pinned[q - first] === wire[q] - bits[s] * (wire[q] - wire[p]);
                    }
                    switched = q + 1;
                } else {
                    move[s] <== bits[s] * (wire[q] - wire[p]);
                    wire[p] = wire[p] + move[s];
                    wire[q] = wire[q] - move[s];
                }
                s = s + 1;
            }
            depth = depth - 1;
        }
    }
    assert(s == nSwitches);
    // Unswitched outputs: one for odd n, two for even n.
    for (var i = switched; i < n; i++) {
        if (i < first) {
            out[i] <== wire[i];
        } else {
            pinned[i - first] === wire[i];
        }
    }
}
