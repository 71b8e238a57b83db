/**
 * The AS-Waksman permutation network of docs/specification.md, section 8. It gives any permutation of n wires with
 * sum_{k=1..n} ceil(log2 k) switches (B. Beauquier, E. Darrot, "On arbitrary size Waksman networks", 2002).
 *
 * The recursive definition moves a wire only inside a switch, so the network runs in place. A switch is a pair of
 * positions in one array of n wires. Twin: circuits/avm/waksman.circom.
 */
import { AzaleaError } from '../protocol/errors.ts';

/** A switch exchanges the wires at these two positions when its bit is 1. */
export interface Switch {
  readonly first: number;
  readonly second: number;
}

/** Number of switches of the network over `n` wires: the sum of ceil(log2 k) over k = 1..n. */
export function switchCount(n: number): number {
  let total = 0;
  for (let k = 2; k <= n; k++) total += 32 - Math.clz32(k - 1);
  return total;
}

const topologies = new Map<number, readonly Switch[]>();

/** All switches of the network over `n` wires, in bit order, which is also an order of evaluation. */
export function networkSwitches(n: number): readonly Switch[] {
  const known = topologies.get(n);
  if (known !== undefined) return known;
  const switches: Switch[] = [];
  collect(
    Uint32Array.from({ length: n }, (_, i) => i),
    switches,
  );
  topologies.set(n, switches);
  return switches;
}

/** Appends W(n) over the wires at `positions`: input switches, top, bottom, output switches. */
function collect(positions: Uint32Array, switches: Switch[]): void {
  const n = positions.length;
  if (n < 2) return;
  const half = n >> 1;
  const pair = (i: number): Switch => ({ first: positions[2 * i], second: positions[2 * i + 1] });
  for (let i = 0; i < half; i++) switches.push(pair(i));
  if (n === 2) return;
  collect(
    Uint32Array.from({ length: half }, (_, i) => positions[2 * i]),
    switches,
  );
  collect(
    Uint32Array.from({ length: n - half }, (_, i) => positions[Math.min(2 * i + 1, n - 1)]),
    switches,
  );
  for (let i = 0; i < outputSwitches(n); i++) switches.push(pair(i));
}

function outputSwitches(n: number): number {
  return n % 2 === 1 ? n >> 1 : (n >> 1) - 1;
}

/**
 * Returns the switch bits that carry input `permutation[j]` to output j, for every j.
 * This is the looping algorithm: the two wires of a switch must go to different halves, which makes chains of conditions.
 * A chain starts at a wire whose half is fixed (an unswitched output), later at the lowest open output, which takes the top
 * half. The result depends on the permutation alone.
 * @throws AVM_NOT_A_PERMUTATION when an input is missing or used twice.
 */
export function routePermutation(permutation: ArrayLike<number>): Uint8Array {
  const n = permutation.length;
  const perm = Uint32Array.from(permutation);
  const seen = new Uint8Array(n);
  for (let j = 0; j < n; j++) {
    if (permutation[j] !== perm[j] || perm[j] >= n || seen[perm[j]] === 1) {
      throw new AzaleaError(
        'AVM_NOT_A_PERMUTATION',
        `output ${j} asks for input ${permutation[j]}: every input 0..${n - 1} must appear exactly once`,
        { output: j, input: Number(permutation[j]), size: n },
      );
    }
    seen[perm[j]] = 1;
  }
  const bits: number[] = [];
  route(perm, bits);
  return Uint8Array.from(bits);
}

const TOP = 0;
const BOTTOM = 1;
const OPEN = 2;

function route(perm: Uint32Array, bits: number[]): void {
  const n = perm.length;
  if (n < 2) return;
  if (n === 2) {
    bits.push(perm[0]);
    return;
  }
  const inverse = new Uint32Array(n);
  for (let j = 0; j < n; j++) inverse[perm[j]] = j;

  // The half that each output's value passes through; inputSide[i] is the same fact by input.
  const outputSide = new Uint8Array(n).fill(OPEN);
  const inputSide = new Uint8Array(n).fill(OPEN);
  const odd = n % 2 === 1;
  const follow = (start: number, side: number): void => {
    let output = start;
    for (;;) {
      outputSide[output] = side;
      inputSide[perm[output]] = side;
      const neighbour = perm[output] ^ 1;
      if (odd && perm[output] === n - 1) return; // the unswitched input: the chain ends
      const partner = inverse[neighbour];
      outputSide[partner] = 1 - side;
      inputSide[neighbour] = 1 - side;
      if (odd && partner === n - 1) return; // the unswitched output: the chain ends
      output = partner ^ 1;
      if (outputSide[output] !== OPEN) return; // the loop is closed
    }
  };
  if (odd) follow(n - 1, BOTTOM);
  else follow(n - 2, TOP); // reaches n - 1, the pair's other wire, with the bottom half
  for (let j = 0; j < n; j++) if (outputSide[j] === OPEN) follow(j, TOP);

  const half = n >> 1;
  for (let i = 0; i < half; i++) bits.push(inputSide[2 * i]);
  const top = new Uint32Array(half);
  const bottom = new Uint32Array(n - half);
  for (let j = 0; j < n; j++) {
    // Input i enters its half at floor(i / 2); output j leaves it at floor(j / 2): true for the unswitched wires too.
    (outputSide[j] === TOP ? top : bottom)[j >> 1] = perm[j] >> 1;
  }
  route(top, bits);
  route(bottom, bits);
  for (let i = 0; i < outputSwitches(n); i++) bits.push(outputSide[2 * i]);
}

/** Sends `values` through the network and returns the values at its outputs. Twin of template Waksman. */
export function applyNetwork<T>(values: readonly T[], bits: ArrayLike<number>): T[] {
  const wires = [...values];
  networkSwitches(values.length).forEach(({ first, second }, k) => {
    if (bits[k] !== 1) return;
    const kept = wires[first];
    wires[first] = wires[second];
    wires[second] = kept;
  });
  return wires;
}
