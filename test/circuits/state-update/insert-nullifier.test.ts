import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { DOMAIN, FIELD_MODULUS } from '../../../protocol/constants.ts';
import { hash } from '../../../protocol/hash/hash.ts';
import { depositLeaf } from '../../../protocol/tree/deposit-leaf.ts';
import { nullifierLeafHash } from '../../../protocol/tree/nullifier-tree.ts';
import { childrenOf, type Siblings } from '../../../protocol/tree/path.ts';
import {
  calculateWitness,
  checkR1cs,
  compileTestCircuit,
  describeConstraint,
  type Forged,
  forge,
  type Override,
  signalValue,
  survivors,
  type TestCircuit,
} from '../../support/circuit/circuits.ts';

/** Constraints of parts that have a meta-test of their own: hashes (hash.test.ts), the gap (field.test.ts). */
const ELSEWHERE = /\.block\[\d+\]\.|\.gap\.(bits|limbs|lowBelowValue|valueBelowNext|nextWithinOrder)/;
const plusOne: Override = (value) => value + 1n;

async function expectOnlyElsewhere(circuit: TestCircuit, forged: readonly Forged[]): Promise<void> {
  for (const index of survivors(circuit, forged)) assert.match(describeConstraint(circuit, index), ELSEWHERE);
}

/** Breaks exactly one constraint. */
async function one(
  circuit: TestCircuit,
  input: object,
  overrides: Readonly<Record<string, Override>> = {},
): Promise<Forged> {
  const forged = await forge(circuit, input as never, overrides);
  assert.equal(
    forged.failing.length,
    1,
    forged.failing.map((index) => describeConstraint(circuit, index)).join('\n') || 'accepted',
  );
  return forged;
}

describe('InsertNullifier', () => {
  let circuit: TestCircuit;
  before(async () => {
    circuit = await compileTestCircuit(
      'include "tree/insert-nullifier.circom"; component main {public [root, nullifier]} = InsertNullifier(2, 1);',
    );
  });
  const siblings: Siblings = [51n, 52n, 53n];
  const rootWith = (value: bigint, next: bigint): bigint =>
    hash(DOMAIN.NULLIFIER_TREE, childrenOf(nullifierLeafHash({ value, next }), siblings, 2));
  /** Pending leaves 300 -> 400 and 500 -> end; in the tree 100 -> 200 at index 2. */
  const base = {
    root: rootWith(100n, 200n),
    nullifier: 150n,
    skipped: 0n,
    pendingValue: [300n, 500n],
    pendingNext: [400n, 0n],
    pendingSkipped: [0n, 0n],
    lowValue: 100n,
    lowNext: 200n,
    lowPending: [0n, 0n],
    lowIndexBits: [0n, 1n],
    lowSiblings: [siblings],
  };
  const choose = (j: number): bigint[] => [0, 1].map((k) => (k === j ? 1n : 0n));

  it('honest: in the tree, pending, skipped', () => {
    const output = (input: object, name: string): bigint => {
      const witness = calculateWitness(circuit, input as never);
      assert.deepEqual(checkR1cs(circuit, witness), []);
      return signalValue(circuit, witness, `main.${name}`);
    };
    assert.equal(output(base, 'newRoot'), rootWith(100n, 150n));
    assert.equal(output(base, 'next[2]'), 200n);
    const pending = { ...base, nullifier: 350n, lowValue: 300n, lowNext: 400n, lowPending: [1n, 0n] };
    assert.equal(output(pending, 'newRoot'), base.root);
    assert.equal(output(pending, 'next[0]'), 350n);
    assert.equal(output(pending, 'next[1]'), 0n);
    assert.equal(output(pending, 'next[2]'), 400n);
    const skipped = { ...base, nullifier: 0n, skipped: 1n, lowValue: 0n, lowNext: 0n };
    assert.equal(output(skipped, 'newRoot'), base.root);
    assert.equal(output(skipped, 'next[0]'), 400n);
  });

  it('needs every constraint', async () => {
    const forged: Forged[] = [];
    const attack = async (input: object, overrides = {}): Promise<void> => {
      forged.push(await one(circuit, { ...base, ...input }, overrides));
    };
    for (const j of [0, 1]) {
      const [value, next] = [base.pendingValue[j], base.pendingNext[j]];
      const nullifier = value + 50n;
      const pending = { nullifier, lowValue: value, lowNext: next, lowPending: choose(j) };
      // A skipped slot as the low leaf (0, 0).
      await attack({
        lowValue: 0n,
        lowNext: 0n,
        lowPending: choose(j),
        pendingValue: [0n, 0n],
        pendingNext: [0n, 0n],
        pendingSkipped: choose(j),
      });
      // Another value, another next value than the pending leaf's.
      await attack({ ...pending, lowValue: value + 1n });
      await attack({ ...pending, nullifier: value + 200n, lowNext: value + 300n });
      // Its next value left as it was.
      await attack(pending, { [`main.next[${j}]`]: next });
    }
    // Two pending leaves at once: -1 for the tree.
    await attack({
      pendingValue: [100n, 100n],
      pendingNext: [200n, 200n],
      lowPending: [1n, 1n],
    });
    // In no place at all.
    await attack({ lowValue: 140n, lowNext: 160n }, { 'main.lowInTree': 0n });
    // Not in this tree.
    await attack({ root: 7n });
    // Another number tested against the gap than inserted: 100 is there already.
    await attack({ nullifier: 100n }, { 'main.gap.value': 150n });
    // The new root is the updated tree's.
    await attack({}, { 'main.newRoot': base.root });
    // Children on the path, and index bits: the root that the forged children have.
    const childrenRoot = (witness: readonly bigint[]): bigint =>
      hash(
        DOMAIN.NULLIFIER_TREE,
        [0, 1, 2, 3].map((k) => signalValue(circuit, witness, `main.path.before.children[0].children[${k}]`)),
      );
    const attackPath = async (input: object, overrides: Record<string, Override> = {}): Promise<void> => {
      const { witness } = await forge(circuit, { ...base, ...input } as never, overrides);
      await attack({ ...input, root: childrenRoot(witness) }, overrides);
    };
    await attackPath({ lowIndexBits: [2n, 1n] });
    await attackPath({ lowIndexBits: [0n, FIELD_MODULUS - 1n] });
    for (const name of circuit.symbols.keys()) {
      if (/\.children\[0\]\.(swap|low0|low1|children\[\d\])$/.test(name))
        await attackPath({}, { [name]: plusOne });
    }
    await expectOnlyElsewhere(circuit, forged);
  });
});

describe('InsertNullifiers', () => {
  it('masks the leaf of a skipped slot alone', async () => {
    const circuit = await compileTestCircuit(
      'include "tree/insert-nullifiers.circom"; component main = InsertNullifiers(4, 1, 2);',
    );
    const zero1 = hash(DOMAIN.NULLIFIER_TREE, [0n, 0n, 0n, 0n]);
    const zeros: Siblings = [0n, 0n, 0n];
    const above: Siblings = [zero1, zero1, zero1];
    const first = (next: bigint): bigint =>
      hash(DOMAIN.NULLIFIER_TREE, [nullifierLeafHash({ value: 0n, next }), 0n, 0n, 0n]);
    const rootOf = (left: bigint, right: bigint): bigint =>
      hash(DOMAIN.NULLIFIER_TREE, [left, right, zero1, zero1]);
    const input = {
      oldRoot: rootOf(first(0n), zero1),
      start: 4n,
      nullifiers: [10n, 0n, 30n, 20n],
      lowValue: [0n, 0n, 10n, 10n],
      lowNext: [0n, 0n, 0n, 30n],
      // Slots 1, 2 and 3 choose among 1, 2 and 3 before them.
      lowPending: [0n, 1n, 0n, 1n, 0n, 0n],
      lowIndexBits: Array.from({ length: 4 }, () => [0n, 0n, 0n, 0n]),
      lowSiblings: Array.from({ length: 4 }, () => [zeros, above]),
      siblings: [[first(10n), zero1, zero1]],
    };
    const witness = calculateWitness(circuit, input as never);
    assert.deepEqual(checkR1cs(circuit, witness), []);
    const leaf = (value: bigint, next: bigint): bigint => nullifierLeafHash({ value, next });
    const subtree = hash(DOMAIN.NULLIFIER_TREE, [leaf(10n, 20n), 0n, leaf(30n, 0n), leaf(20n, 30n)]);
    assert.equal(signalValue(circuit, witness, 'main.newRoot'), rootOf(first(10n), subtree));
    // A skipped slot's claims about its gap change nothing.
    const idle = { ...input, lowValue: [0n, 5n, 10n, 10n], lowNext: [0n, 9n, 0n, 30n] };
    assert.throws(() => calculateWitness(circuit, idle as never), { code: 'WITNESS_UNSATISFIED' });
    const free = { ...input, lowNext: [0n, 9n, 0n, 30n] };
    assert.equal(
      signalValue(circuit, calculateWitness(circuit, free as never), 'main.newRoot'),
      rootOf(first(10n), subtree),
    );
    // Each slot's leaf is what it must be: 0 if skipped, the hash otherwise.
    for (let i = 0; i < 4; i++) await one(circuit, input, { [`main.append.leaves[${i}]`]: 77n });
    // A skipped flag that is not the nullifier's: the hash of (0, 0) as a leaf.
    for (let i = 0; i < 4; i++) {
      const { failing } = await forge(circuit, input as never, {
        [`main.skipped[${i}].out`]: (value) => 1n - value,
      });
      assert.ok(failing.length > 0);
    }
  });
});

describe('DepositLeaf', () => {
  it('is its twin, and needs every constraint', async () => {
    const circuit = await compileTestCircuit(
      'include "tree/deposit-leaf.circom"; component main = DepositLeaf();',
    );
    const words = [21n, 22n, 23n, 24n, 25n, 26n, 27n, 28n];
    const none = Array<bigint>(8).fill(0n);
    for (const used of [words, none, words.with(2, 0n), none.with(0, 1n)]) {
      const witness = calculateWitness(circuit, { words: used });
      assert.deepEqual(checkR1cs(circuit, witness), []);
      assert.equal(signalValue(circuit, witness, 'main.leaf'), depositLeaf(used));
    }
    const forged: Forged[] = [];
    for (let k = 1; k < 8; k++) forged.push(await one(circuit, { words: none.with(k, 9n) }));
    // typeId 5 with the rest 0, called skipped: only in * out = 0 stands against it.
    forged.push(await one(circuit, { words: none.with(0, 5n) }, { 'main.skipped.inverse': 0n }));
    // typeId 0 called used: the definition of out.
    forged.push(await one(circuit, { words: none }, { 'main.skipped.out': 0n }));
    forged.push(await one(circuit, { words }, { 'main.leaf': 0n }));
    await expectOnlyElsewhere(circuit, forged);
  });
});

describe('Statement', () => {
  it('is the sum of its definition, and needs every constraint', async () => {
    const circuit = await compileTestCircuit(
      'include "statement.circom"; component main {public [x]} = Statement(5);',
    );
    const input = { words: [3n, 0n, 5n, FIELD_MODULUS - 1n, 9n], x: 1000n };
    const witness = calculateWitness(circuit, input);
    const expected =
      input.words.reduce((sum, word, j) => sum + word * 1000n ** BigInt(j + 1), 0n) % FIELD_MODULUS;
    assert.equal(signalValue(circuit, witness, 'main.y'), expected);
    const forged: Forged[] = [];
    for (let j = 1; j < 5; j++) forged.push(await one(circuit, input, { [`main.partial[${j}]`]: plusOne }));
    // partial[0] and y are one wire, stored last as y.
    forged.push(await one(circuit, input, { 'main.y': plusOne }));
    assert.deepEqual(survivors(circuit, forged), []);
  });
});
