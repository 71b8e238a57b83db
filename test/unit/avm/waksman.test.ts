import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { applyNetwork, networkSwitches, routePermutation, switchCount } from '../../../avm/waksman.ts';

function* permutations(n: number): Generator<number[]> {
  if (n === 0) {
    yield [];
    return;
  }
  for (const rest of permutations(n - 1)) {
    for (let at = 0; at < n; at++) yield [...rest.slice(0, at), n - 1, ...rest.slice(at)];
  }
}

const identity = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** The specification's recursive definition, word for word, as an independent reference. */
function recursive(values: number[], bits: number[]): number[] {
  const n = values.length;
  if (n === 1) return values;
  const swap = (p: number, q: number): [number, number] => (bits.shift() === 1 ? [q, p] : [p, q]);
  if (n === 2) return swap(values[0], values[1]);
  const h = Math.floor(n / 2);
  const top: number[] = [];
  const bottom: number[] = [];
  for (let i = 0; i < h; i++) {
    const [p, q] = swap(values[2 * i], values[2 * i + 1]);
    top.push(p);
    bottom.push(q);
  }
  if (n % 2 === 1) bottom.push(values[n - 1]);
  const topOut = recursive(top, bits);
  const bottomOut = recursive(bottom, bits);
  const out: number[] = [];
  const switched = n % 2 === 1 ? h : h - 1;
  for (let i = 0; i < switched; i++) out.push(...swap(topOut[i], bottomOut[i]));
  if (n % 2 === 1) out.push(bottomOut[h]);
  else out.push(topOut[h - 1], bottomOut[h - 1]);
  return out;
}

test('every permutation of up to 7 wires is routed', () => {
  for (let n = 1; n <= 7; n++) {
    for (const permutation of permutations(n)) {
      const bits = routePermutation(permutation);
      assert.equal(bits.length, switchCount(n));
      assert.deepEqual(applyNetwork(identity(n), bits), permutation);
    }
  }
});

test('random permutations of up to 1400 wires are routed, deterministically', () => {
  const permutation = fc
    .integer({ min: 1, max: 1400 })
    .chain((n) => fc.array(fc.double({ noNaN: true }), { minLength: n, maxLength: n }))
    .map((keys) => identity(keys.length).sort((a, b) => keys[a] - keys[b] || a - b));
  fc.assert(
    fc.property(permutation, (perm) => {
      const bits = routePermutation(perm);
      assert.deepEqual(bits, routePermutation(perm));
      assert.equal(bits.length, switchCount(perm.length));
      assert.deepEqual(applyNetwork(identity(perm.length), bits), perm);
    }),
    { numRuns: 60 },
  );
});

test('the in-place network is the recursive network of the specification, for any bits', () => {
  for (let n = 1; n <= 40; n++) {
    for (let round = 0; round < 5; round++) {
      const bits = Array.from(
        { length: switchCount(n) },
        (_, i) => ((i * 2654435761 + round * 40503) >>> 7) & 1,
      );
      assert.deepEqual(applyNetwork(identity(n), bits), recursive(identity(n), [...bits]));
    }
  }
});

test('the switch count is the sum of ceil(log2 k), and 2288 for the small size', () => {
  for (let n = 1; n <= 200; n++) {
    let sum = 0;
    for (let k = 1; k <= n; k++) sum += Math.ceil(Math.log2(k));
    assert.equal(switchCount(n), sum);
    assert.equal(networkSwitches(n).length, sum);
  }
  assert.equal(switchCount(311), 2288);
});

test('what is not a permutation is refused', () => {
  for (const bad of [
    [0, 0],
    [1, 2],
    [0, -1],
    [0, 0.5],
    [2, 0],
  ]) {
    assert.throws(() => routePermutation(bad), { code: 'AVM_NOT_A_PERMUTATION' });
  }
});
