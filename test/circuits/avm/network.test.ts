import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packBits } from '../../../avm/bytecode.ts';
import { applyNetwork, networkSwitches, routePermutation, switchCount } from '../../../avm/waksman.ts';
import { FIELD_MODULUS } from '../../../protocol/constants.ts';
import { compress } from '../../../protocol/hash/poseidon.ts';
import { random } from '../../support/avm/functions.ts';
import {
  compileTestCircuit,
  describeConstraint,
  type Forged,
  forge,
  survivors,
  type TestCircuit,
} from '../../support/circuit/circuits.ts';

const mod = (x: bigint): bigint => ((x % FIELD_MODULUS) + FIELD_MODULUS) % FIELD_MODULUS;

// Inputs are public here: simplification may remove a private input that a linear constraint determines.
const network = (n: number, pinned: number): Promise<TestCircuit> =>
  compileTestCircuit(
    `include "avm/waksman.circom"; component main { public [in, pinned] } = Waksman(${n}, ${pinned});`,
    {
      name: 'avm-waksman',
      optimization: 'O2',
    },
  );

const SIZES = [
  [3, 1],
  [4, 2],
  [5, 3],
  [8, 3],
  [11, 4],
  [16, 5],
  [33, 2],
] as const;

for (const [n, nPinned] of SIZES) {
  test(`network of ${n} wires, ${nPinned} pinned: equals its twin for any bits, and no output can be forged`, async () => {
    const circuit = await network(n, nPinned);
    const rng = random(n);
    const first = n - nPinned;
    const input = (values: bigint[], bits: number[], pinned: bigint[]) => ({
      in: values,
      bits: bits.map(BigInt),
      pinned,
    });
    for (let round = 0; round < 12; round++) {
      const values = Array.from({ length: n }, () => rng.field());
      const bits = Array.from({ length: switchCount(n) }, () => rng.below(2));
      const out = applyNetwork(values, bits);
      const honest = await forge(circuit, input(values, bits, out.slice(first)), {});
      assert.deepEqual(honest.failing, []);
      assert.deepEqual(honest.publicSignals, [...out.slice(0, first), ...values, ...out.slice(first)]);
      for (let k = 0; k < nPinned; k++) {
        const lie = out.slice(first);
        lie[k] = mod(lie[k] + 1n);
        assert.notDeepEqual((await forge(circuit, input(values, bits, lie), {})).failing, [], `pinned ${k}`);
      }
    }
    // Every routed permutation arrives: a random one, checked by distinct values.
    const permutation = Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = rng.below(i + 1);
      [permutation[i], permutation[j]] = [permutation[j], permutation[i]];
    }
    const values = permutation.map((_, i) => BigInt(100 + i));
    const bits = [...routePermutation(permutation)];
    const wanted = permutation.map((source) => values[source]);
    const arrived = await forge(circuit, input(values, bits, wanted.slice(first)), {});
    assert.deepEqual(arrived.failing, []);
    assert.deepEqual(arrived.publicSignals, [...wanted.slice(0, first), ...values, ...wanted.slice(first)]);
  });

  test(`network of ${n} wires, ${nPinned} pinned: every constraint is needed`, async () => {
    const circuit = await network(n, nPinned);
    const values = Array.from({ length: n }, (_, i) => BigInt(i + 1) ** 3n);
    const bits = networkSwitches(n).map((_, i) => i % 2);
    const first = n - nPinned;
    const forged: Forged[] = [];
    // A forged move changes every wire behind it: the pinned outputs are what then arrives there.
    const last = n % 2 === 1 ? n >> 1 : (n >> 1) - 1; // these state their outputs themselves
    for (let s = 0; s < bits.length - last; s++) {
      const name = `main.move[${s}]`;
      const wires = [...values];
      networkSwitches(n).forEach(({ first: p, second: q }, k) => {
        const move = BigInt(bits[k]) * (wires[q] - wires[p]) + (k === s ? 1n : 0n);
        wires[p] = mod(wires[p] + move);
        wires[q] = mod(wires[q] - move);
      });
      const input = { in: values, bits: bits.map(BigInt), pinned: wires.slice(first) };
      // Simplification may solve a move from the unswitched output; if that is pinned, the forged pin is the forged move.
      const honest = applyNetwork(values, bits);
      const solved =
        circuit.symbols.get(name)!.wire < 0 && wires.every((wire, i) => i >= first || wire === honest[i]);
      forged.push(await forge(circuit, input, solved ? {} : { [name]: (move) => move + 1n }));
    }
    for (let i = 0; i < Math.min(first, 2 * last); i++) {
      const input = { in: values, bits: bits.map(BigInt), pinned: applyNetwork(values, bits).slice(first) };
      forged.push(await forge(circuit, input, { [`main.out[${i}]`]: (out) => out + 1n }));
    }
    for (let k = 0; k < nPinned; k++) {
      const pinned = applyNetwork(values, bits).slice(first);
      pinned[k] += 1n;
      forged.push(await forge(circuit, { in: values, bits: bits.map(BigInt), pinned }, {}));
    }
    const left = survivors(circuit, forged);
    assert.deepEqual(
      left.map((k) => describeConstraint(circuit, k)),
      [],
    );
  });
}

test('bits that are not boolean mix wires: the network alone does not forbid them, BytecodeBits must', async () => {
  const circuit = await network(4, 2);
  const input = { in: [1n, 2n, 3n, 4n], bits: [0n, 2n, 0n, 0n, 0n], pinned: [2n, 5n] };
  // Input switch 1 with bit 2 turns (3, 4) into (5, 2): values from nowhere.
  const forged = await forge(circuit, { ...input, pinned: [5n, 2n] }, {});
  assert.deepEqual(forged.failing, []);
});

const BITS = 260;
const bytecodeBits = (): Promise<TestCircuit> =>
  compileTestCircuit(`include "avm/bytecode.circom"; component main = BytecodeBits(${BITS});`, {
    name: 'avm-bytecode-bits',
    optimization: 'O2',
  });

test('packing equals its twin, and every constraint of it is needed', async () => {
  const circuit = await bytecodeBits();
  const rng = random(7);
  const bits = Array.from({ length: BITS }, () => rng.below(2));
  const honest = await forge(circuit, { bits: bits.map(BigInt) }, {});
  assert.deepEqual(honest.failing, []);
  assert.deepEqual(honest.publicSignals, packBits(bits));

  const forged: Forged[] = [];
  for (let i = 0; i < BITS; i++) {
    forged.push(await forge(circuit, { bits: bits.map((bit, k) => BigInt(k === i ? bit + 2 : bit)) }, {}));
  }
  for (let w = 0; w < 2; w++) {
    forged.push(
      await forge(circuit, { bits: bits.map(BigInt) }, { [`main.words[${w}]`]: (word) => word + 1n }),
    );
  }
  assert.deepEqual(survivors(circuit, forged), []);
});

test('no second set of bits packs into the same word', async () => {
  const circuit = await bytecodeBits();
  const bits = Array.from({ length: BITS }, (_, i) => BigInt(i % 2));
  const { publicSignals } = await forge(circuit, { bits }, {});
  const alias = async (change: Record<number, bigint>): Promise<void> => {
    const forged = await forge(circuit, { bits: bits.map((bit, i) => mod(change[i] ?? bit)) }, {});
    assert.deepEqual(forged.publicSignals, publicSignals, 'the alias must pack into the same word');
    assert.notDeepEqual(forged.failing, []);
  };
  await alias({ 0: 2n, 1: 0n }); // 2 for a 1 one place up
  await alias({ 4: -2n, 5: 2n });
  await alias({ 1: 1n - 2n ** 9n, 10: 1n });
  await alias({ 2: FIELD_MODULUS - 2n, 3: 2n });
  // The last bit of a word enters the word squared: -1 for 1 packs alike.
  await alias({ 251: -1n });
  await alias({ 259: -1n });
});

test('hash slot: equals its twin, and every constraint of the permutation is needed', async () => {
  const circuit = await compileTestCircuit(
    'include "avm/hash-slot.circom"; component main { public [out] } = AvmHashSlot();',
    {
      name: 'avm-hash-slot',
      optimization: 'O2',
    },
  );
  const rng = random(3);
  for (let round = 0; round < 10; round++) {
    const cap = rng.field();
    const x = Array.from({ length: 4 }, () => rng.field());
    const out = compress(cap, x);
    assert.deepEqual((await forge(circuit, { cap, x, out }, {})).failing, []);
    assert.notDeepEqual((await forge(circuit, { cap, x, out: mod(out + 1n) }, {})).failing, []);
  }
  // Forge each step of the permutation in turn and claim the output that then follows, read off the permutation alone.
  const permutation = await compileTestCircuit(
    'include "hash/poseidon.circom"; component main = Permutation(5, 1);',
    { name: 'avm-permutation', optimization: 'O2' },
  );
  const input = { cap: 1n, x: [2n, 3n, 4n, 5n] };
  const steps = /\.rounds\.(?:x\[0\]\[|(?:x2|x4|y|u2|u4|v)\[)/;
  const names = [...circuit.symbols.keys()].filter((name) => steps.test(name));
  assert.ok(names.length >= 300, `${names.length} steps`);
  const forged: Forged[] = [];
  for (const name of names) {
    const change = (value: bigint): bigint => value + 1n;
    const inside = name.replace('main.permutation.', 'main.');
    const claim = await forge(permutation, { state: [input.cap, ...input.x] }, { [inside]: change });
    const out = claim.publicSignals[0];
    // The last product of all is no wire of its own: `out` stands for it.
    const overrides = name.includes('.y[7][0]') ? {} : { [name]: change };
    forged.push(await forge(circuit, { ...input, out }, overrides));
  }
  const left = survivors(circuit, forged);
  assert.deepEqual(
    left.map((k) => describeConstraint(circuit, k)),
    [],
  );
});
