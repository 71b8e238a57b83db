/**
 * Plays a cheating prover after a change: it recomputes every value that the AVM core determines, until nothing changes any
 * more. Shares no code with the checker.
 */

import { bitLayout, wireLayout } from '../../../avm/layout.ts';
import { applyNetwork } from '../../../avm/waksman.ts';
import type { AvmWitness } from '../../../avm/witness.ts';
import { type AvmSize, FIELD_MODULUS, WIDE_WIDTHS } from '../../../protocol/constants.ts';
import { compress } from '../../../protocol/hash/poseidon.ts';

const mod = (x: bigint): bigint => ((x % FIELD_MODULUS) + FIELD_MODULUS) % FIELD_MODULUS;
const LOW_128 = (1n << 128n) - 1n;

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

/** Values that stay as forged although the core determines them, such as `rowOut[3]`. */
export type Kept = ReadonlySet<string>;

export function settle(witness: AvmWitness, size: AvmSize, kept: Kept = new Set()): AvmWitness {
  const layout = wireLayout(size);
  const at = bitLayout(size);
  const forged = structuredClone(witness) as Mutable<AvmWitness>;
  const { bits } = forged;
  const set = (
    list: 'copy' | 'rowOut' | 'wideAnd' | 'wideTopA' | 'wideTopB' | 'hashOut',
    i: number,
    value: bigint,
  ): boolean => {
    if (kept.has(`${list}[${i}]`) || forged[list][i] === value) return false;
    forged[list][i] = value;
    return true;
  };
  for (let round = 0; round < 60; round++) {
    const sources = [
      ...Array<bigint>(size.zeros).fill(0n),
      ...Array<bigint>(size.ones).fill(1n),
      ...forged.inputs,
      ...forged.constants,
      ...forged.recordWords.flat(),
      ...forged.context,
      ...forged.advice,
      ...forged.rowOut,
      ...forged.wideAnd.flatMap((and, i) => [and, forged.wideTopA[i], forged.wideTopB[i]]),
      ...forged.hashOut,
      ...(forged.groupOut ?? []).flat(),
      ...forged.copy.flatMap((value) => [value, value, value]),
    ];
    const sinks = mixed(sources, bits);
    let changed = false;
    for (let i = 0; i < size.copies; i++) changed = set('copy', i, sinks[layout.sink.copy + i]) || changed;
    for (let i = 0; i < size.rows; i++) {
      const [one, cPos, cNeg, select, equal, advice] = bits.slice(at.rowFlags + 8 * i).map(BigInt);
      const [a, b, c] = sinks.slice(layout.sink.row + 3 * i);
      const cTerm = (cPos - cNeg) * c;
      const lin = mod(a * ((1n - one) * (b - 1n) + 1n - select * cTerm) + cTerm);
      if (advice !== 1n) changed = set('rowOut', i, equal === 1n ? (lin === 0n ? 1n : 0n) : lin) || changed;
    }
    for (let i = 0; i < size.wide; i++) {
      const flags = bits.slice(at.wideFlags + 15 * i, at.wideFlags + 15 * (i + 1)).map(BigInt);
      const [a, b] = sinks.slice(layout.sink.wide + 2 * i);
      const gate = (from: number): bigint => flags.slice(from, from + 6).reduce((sum, bit) => sum + bit, 0n);
      const power = WIDE_WIDTHS.reduce((sum, w, k) => sum + (flags[k] << BigInt(w)), 0n);
      const x = mod(gate(0) * (a + flags[12] * (power - b)));
      const y = mod(gate(6) * b);
      const top = (value: bigint, from: number): bigint =>
        WIDE_WIDTHS.reduce((sum, w, k) => sum + flags[from + k] * ((value >> BigInt(w)) & 1n), 0n);
      changed = set('wideAnd', i, x & y & LOW_128) || changed;
      changed = set('wideTopA', i, top(x, 0)) || changed;
      changed = set('wideTopB', i, top(y, 6)) || changed;
    }
    for (let i = 0; i < size.hash; i++) {
      const [cap, ...x] = sinks.slice(layout.sink.hash + 5 * i, layout.sink.hash + 5 * (i + 1));
      changed = set('hashOut', i, compress(cap, x)) || changed;
    }
    if (!changed) break;
  }
  return forged;
}

/** The network with switches that need not be 0 or 1: (p, q) becomes (p + b(q - p), q - b(q - p)). */
function mixed(sources: readonly bigint[], bits: readonly number[]): bigint[] {
  const wires = [...sources];
  const positions = applyPositions(sources.length);
  positions.forEach(([p, q], k) => {
    const move = BigInt(bits[k]) * (wires[q] - wires[p]);
    wires[p] = mod(wires[p] + move);
    wires[q] = mod(wires[q] - move);
  });
  return wires;
}

const known = new Map<number, [number, number][]>();

/** Finds the two wires that each switch joins, by throwing one switch at a time in an otherwise straight network. */
function applyPositions(n: number): [number, number][] {
  let positions = known.get(n);
  if (positions === undefined) {
    const identity = Array.from({ length: n }, (_, i) => i);
    positions = [];
    const count = bitsOf(n);
    for (let k = 0; k < count; k++) {
      const bits = new Uint8Array(count);
      bits[k] = 1;
      const out = applyNetwork(identity, bits);
      const moved = identity.filter((i) => out[i] !== i);
      positions.push([moved[0], moved[1]]);
    }
    known.set(n, positions);
  }
  return positions;
}

function bitsOf(n: number): number {
  let total = 0;
  for (let k = 1; k <= n; k++) total += Math.ceil(Math.log2(k));
  return total;
}
