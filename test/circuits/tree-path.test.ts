import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import { DOMAIN, FIELD_MODULUS, TREE_DEPTH } from '../../protocol/constants.ts';
import { hash } from '../../protocol/hash/hash.ts';
import { NoteTree } from '../../protocol/tree/note-tree.ts';
import { indexBits } from '../../protocol/tree/path.ts';
import {
  calculateWitness,
  checkR1cs,
  compileTestCircuit,
  describeConstraint,
  type Forged,
  forge,
  signalValue,
  survivors,
  type TestCircuit,
} from '../support/circuit/circuits.ts';

const field = fc.bigInt({ min: 0n, max: FIELD_MODULUS - 1n });
/** A constraint inside a hash: test/circuits/hash.test.ts shows that each is needed. */
const inHash = /\.block\[\d+\]\.|\.(oldLeaf|newLeaf|parent|node|rho|commitment)\[?\d*\]?\.inputs/;

describe('Children4', () => {
  let circuit: TestCircuit;
  before(async () => {
    circuit = await compileTestCircuit('include "tree/merkle-path4.circom"; component main = Children4();');
  });

  it('puts the node at its index, needing every constraint', async () => {
    const forged: Forged[] = [];
    for (const index of [0n, 1n, 2n, 3n]) {
      const input = { node: 10n, siblings: [11n, 12n, 13n], bit: [index & 1n, index >> 1n] };
      const witness = calculateWitness(circuit, input);
      const children = [0, 1, 2, 3].map((k) => signalValue(circuit, witness, `main.children[${k}]`));
      assert.equal(children[Number(index)], 10n);
      assert.deepEqual(children.toSorted(), [10n, 11n, 12n, 13n]);
      for (const name of [
        'swap',
        'low0',
        'low1',
        'children[0]',
        'children[1]',
        'children[2]',
        'children[3]',
      ]) {
        forged.push(await forge(circuit, input, { [`main.${name}`]: (value) => value + 1n }));
      }
    }
    assert.deepEqual(survivors(circuit, forged), []);
  });
});

describe('NotePath', () => {
  let circuit: TestCircuit;
  before(async () => {
    circuit = await compileTestCircuit('include "tree/note-path.circom"; component main = NotePath();');
  });
  const rootOf = (input: {
    leaf: bigint;
    indexBits: bigint[];
    siblings: readonly (readonly bigint[])[];
  }): bigint => signalValue(circuit, calculateWitness(circuit, input as never), 'main.root');

  it('gives the root of its twin', () => {
    fc.assert(
      fc.property(
        fc.array(field, { minLength: 16, maxLength: 16 }),
        fc.nat(15),
        fc.nat(2 ** 28 - 1),
        (leaves, at, far) => {
          const tree = new NoteTree();
          tree.appendSubtree(far * 16, leaves);
          const path = tree.path(far * 16 + at);
          const input = { leaf: leaves[at], indexBits: indexBits(path), siblings: path.siblings };
          assert.equal(rootOf(input), tree.root());
          const elsewhere = [...input.indexBits];
          elsewhere[0] = 1n - elsewhere[0];
          if (leaves[at] !== leaves[at ^ 1])
            assert.notEqual(rootOf({ ...input, indexBits: elsewhere }), tree.root());
        },
      ),
      { numRuns: 10 },
    );
  });

  it('refuses an index bit that is not boolean, on every level', async () => {
    const tree = new NoteTree();
    tree.appendSubtree(0, [7n, 8n, 9n, 10n]);
    const path = tree.path(1);
    for (let k = 0; k < 2 * TREE_DEPTH; k++) {
      for (const value of [2n, FIELD_MODULUS - 1n, 12345n]) {
        const bits = indexBits(path);
        bits[k] = value;
        const { failing } = await forge(
          circuit,
          { leaf: 8n, indexBits: bits, siblings: path.siblings } as never,
          {},
        );
        assert.equal(failing.length, 1, `bit ${k} = ${value}`);
      }
    }
  });

  it('a bit that is not boolean would prove a leaf that is not there', async () => {
    // Children are affine in each bit: any node can be made to appear as child 0 while the true children stay.
    const tree = new NoteTree();
    tree.appendSubtree(0, [7n, 8n, 9n, 10n]);
    const path = tree.path(0);
    // Claim 1000: with bit b on pair (1000, s): 1000 + b(s - 1000) = 7 and s - b(s - 1000) = 8 -> s = 15 - 1000, b = 993 / 1985.
    const sibling = mod(15n - 1000n);
    const bits = indexBits(path);
    bits[0] = mod((7n - 1000n) * inverse(mod(sibling - 1000n)));
    const siblings = [[sibling, 9n, 10n], ...path.siblings.slice(1)];
    const forged = await forge(circuit, { leaf: 1000n, indexBits: bits, siblings } as never, {});
    assert.equal(forged.publicSignals[0], tree.root());
    assert.equal(forged.failing.length, 1);
  });
});

describe('AppendSubtree4', () => {
  let circuit: TestCircuit;
  const zero1 = hash(DOMAIN.NOTE_TREE, [0n, 0n, 0n, 0n]);
  const DEPTH = 3;
  before(async () => {
    circuit = await compileTestCircuit(`
      include "tree/append-subtree4.circom"; include "generated/constants.circom"; include "generated/tree-constants.circom";
      component main {public [oldRoot, start]} = AppendSubtree4(DOMAIN_NOTE_TREE(), ${DEPTH}, 1, NOTE_ZERO(1));`);
  });
  /** A tree of depth 3, leaves by index; a chosen subtree and what the cheater says of it. */
  const climb = (node: bigint, siblings: bigint[][], index: number): bigint =>
    siblings.reduce((child, [partner, third, fourth], k) => {
      const at = Math.floor(index / 4 ** k) % 4;
      const pair = at & 1 ? [partner, child] : [child, partner];
      return hash(DOMAIN.NOTE_TREE, at < 2 ? [...pair, third, fourth] : [third, fourth, ...pair]);
    }, node);
  const siblings = [
    [21n, 22n, 23n],
    [31n, 32n, 33n],
  ];
  const honest = (index: number) => ({
    oldRoot: climb(zero1, siblings, index),
    start: BigInt(4 * index),
    leaves: [1n, 2n, 3n, 0n],
    siblings,
  });
  const bits = (index: number) =>
    Object.fromEntries([0, 1, 2, 3].map((i) => [`main.bit[${i}]`, BigInt((index >> i) & 1)]));

  it('appends at every place', () => {
    for (let index = 0; index < 16; index++) {
      const witness = calculateWitness(circuit, honest(index));
      assert.deepEqual(checkR1cs(circuit, witness), []);
      assert.equal(
        signalValue(circuit, witness, 'main.newRoot'),
        climb(hash(DOMAIN.NOTE_TREE, [1n, 2n, 3n, 0n]), siblings, index),
      );
    }
  });

  it('refuses other places, and needs every constraint outside the hashes', async () => {
    const forged: Forged[] = [];
    const attack = async (input: ReturnType<typeof honest>, overrides = {}): Promise<void> => {
      const result = await forge(circuit, input, overrides);
      assert.equal(
        result.failing.length,
        1,
        JSON.stringify(result.failing.map((k) => describeConstraint(circuit, k))),
      );
      forged.push(result);
    };
    // The old root under which the cheater's values fit.
    const claimedRoot = (witness: readonly bigint[]): bigint =>
      hash(
        DOMAIN.NOTE_TREE,
        [0, 1, 2, 3].map((k) => signalValue(circuit, witness, `main.path.before.children[1].children[${k}]`)),
      );
    // Occupied: one leaf of the place is not empty.
    await attack({ ...honest(5), oldRoot: climb(hash(DOMAIN.NOTE_TREE, [0n, 0n, 9n, 0n]), siblings, 5) });
    // Another place than start says, proven where it is.
    await attack({ ...honest(5), start: 24n }, bits(5));
    // Not aligned, with the bits of the subtree below.
    for (const start of [21n, 22n, 23n]) await attack({ ...honest(5), start });
    // Outside the tree: index 16 = bit 4, which there is none for.
    await attack({ ...honest(0), start: 64n });
    // Bit i as 2, or as the field's quotient for an unaligned start.
    for (let i = 0; i < 4; i++) {
      const quotient = mod(22n * inverse(4n << BigInt(i)));
      const path = { ...honest(0), start: 22n };
      const { witness } = await forge(circuit, path, { ...bits(0), [`main.bit[${i}]`]: quotient });
      const oldRoot = claimedRoot(witness);
      await attack({ ...path, oldRoot }, { ...bits(0), [`main.bit[${i}]`]: quotient });
    }
    // Children of each level, before and after.
    for (const name of circuit.symbols.keys()) {
      if (!/\.children\[\d\]\.(swap|low0|low1|children\[\d\])$/.test(name)) continue;
      const { witness } = await forge(circuit, honest(6), { [name]: (value: bigint) => value + 1n });
      const oldRoot = claimedRoot(witness);
      await attack({ ...honest(6), oldRoot }, { [name]: (value: bigint) => value + 1n });
    }
    for (const index of survivors(circuit, forged)) assert.match(describeConstraint(circuit, index), inHash);
  });
});

function mod(value: bigint): bigint {
  return ((value % FIELD_MODULUS) + FIELD_MODULUS) % FIELD_MODULUS;
}

function inverse(x: bigint): bigint {
  let result = 1n;
  let base = mod(x);
  for (let e = FIELD_MODULUS - 2n; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * base) % FIELD_MODULUS;
    base = (base * base) % FIELD_MODULUS;
  }
  return result;
}
