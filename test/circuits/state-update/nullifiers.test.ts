import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { FIELD_MODULUS } from '../../../protocol/constants.ts';
import {
  type CircuitInput,
  forge,
  loadStatementCircuit,
  type Override,
  type TestCircuit,
} from '../../support/circuit/circuits.ts';
import type { ChunkInput } from '../../support/state-update/chunks.ts';
import { forgedChunk, type Low } from '../../support/state-update/forged-chunk.ts';

/** Leaves 4..7 of the tree: 100 -> 200 -> 300 -> end, and an empty one; leaf 0: 0 -> 100. */
const HISTORY = [{ nullifiers: [100n, 200n, 300n] }];
const LEAF = {
  zero: { value: 0n, next: 100n, index: 0 },
  100: { value: 100n, next: 200n, index: 4 },
  200: { value: 200n, next: 300n, index: 5 },
  300: { value: 300n, next: 0n, index: 6 },
} as const;
const REST = { commitments: [11n, 0n, 13n], deposits: [[1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n]] };

describe('state update, forged nullifiers', () => {
  let circuit: TestCircuit;
  before(async () => {
    circuit = await loadStatementCircuit('state-update-small');
  });

  const chunk = (nullifiers: readonly bigint[], lows: readonly (Low | undefined)[]): ChunkInput =>
    forgedChunk('small', HISTORY, nullifiers, lows, REST);
  const run = async (
    input: ChunkInput,
    overrides: Record<string, Override> = {},
  ): Promise<readonly number[]> =>
    (await forge(circuit, input as unknown as CircuitInput, overrides)).failing;
  const accepted = async (
    nullifiers: readonly bigint[],
    lows: readonly (Low | undefined)[],
  ): Promise<void> => {
    assert.deepEqual(await run(chunk(nullifiers, lows)), []);
  };
  /** Refused, and for the attack's reason: with all else recomputed only a few constraints break. */
  const refused = async (
    nullifiers: readonly bigint[],
    lows: readonly (Low | undefined)[],
    overrides: Record<string, Override> = {},
    most = 3,
  ): Promise<void> => {
    const failing = await run(chunk(nullifiers, lows), overrides);
    assert.ok(failing.length > 0 && failing.length <= most, `${failing.length} constraints fail`);
  };

  it('the honest way is accepted: in the tree, pending, updated, skipped', async () => {
    await accepted([150n], [LEAF[100]]);
    await accepted([400n], [LEAF[300]]);
    await accepted([150n, 170n], [LEAF[100], { value: 150n, next: 200n, pending: [1n] }]);
    await accepted([170n, 150n], [LEAF[100], { ...LEAF[100], next: 170n }]);
    await accepted(
      [150n, 0n, 170n, 160n],
      [
        LEAF[100],
        undefined,
        { value: 150n, next: 200n, pending: [1n, 0n] },
        { value: 150n, next: 170n, pending: [1n, 0n, 0n] },
      ],
    );
  });

  it('equal neighbours in one chunk', async () => {
    const twice = [150n, 150n];
    await refused(twice, [LEAF[100], LEAF[100]]);
    await refused(twice, [LEAF[100], { ...LEAF[100], next: 150n }]);
    await refused(twice, [LEAF[100], { value: 150n, next: 200n, pending: [1n] }]);
    // An older version of the pending leaf, or one that never was.
    await refused(twice, [LEAF[100], { value: 100n, next: 200n, pending: [1n] }]);
    await refused(twice, [LEAF[100], { value: 0n, next: 0n, pending: [1n] }]);
    await refused(twice, [LEAF[100], { value: 149n, next: 200n, pending: [1n] }]);
    // With another slot between, and with the pending leaf's own state before that slot.
    await refused(
      [150n, 160n, 160n],
      [LEAF[100], { value: 150n, next: 200n, pending: [1n] }, { value: 150n, next: 200n, pending: [1n, 0n] }],
    );
  });

  it('ascending neighbours: the stale leaf of the tree', async () => {
    await refused([150n, 170n], [LEAF[100], LEAF[100]]);
    await refused([150n, 170n], [LEAF[100], { value: 150n, next: 0n, pending: [1n] }]);
    await refused([150n, 170n], [LEAF[100], { ...LEAF[100], next: 150n }]);
  });

  it('descending neighbours: the stale leaf, and the pending one above', async () => {
    await refused([170n, 150n], [LEAF[100], LEAF[100]]);
    await refused([170n, 150n], [LEAF[100], { value: 170n, next: 200n, pending: [1n] }]);
  });

  it('a low leaf (0, 0): of a skipped slot, of an empty leaf, of nowhere', async () => {
    await refused([0n, 200n], [undefined, { value: 0n, next: 0n, pending: [1n] }]);
    await refused(
      [0n, 200n],
      [
        { value: 0n, next: 0n },
        { value: 0n, next: 0n, pending: [1n] },
      ],
    );
    // The skipped slot's free gap as a bound that fits.
    await refused(
      [0n, 200n],
      [
        { value: 0n, next: 900n },
        { value: 0n, next: 900n, pending: [1n] },
      ],
    );
    await refused([200n], [{ value: 0n, next: 0n, index: 7 }]);
    await refused([200n], [{ value: 0n, next: 0n, index: 0 }]);
    await refused([200n], [{ value: 0n, next: 0n, index: 1000 }]);
  });

  it('a nullifier that is in the tree', async () => {
    await refused([200n], [LEAF[100]]);
    await refused([200n], [LEAF[200]]);
    await refused([200n], [{ ...LEAF[100], next: 300n }]);
    await refused([200n], [{ ...LEAF[100], next: 0n }]);
    await refused([200n], [LEAF[300]]);
    await refused([200n], [{ value: 199n, next: 201n }]);
    await refused([100n], [{ ...LEAF.zero, next: 200n }]);
    await refused([300n], [{ ...LEAF[200], next: 0n }]);
  });

  it('a low leaf whose next is smaller', async () => {
    await refused([250n], [LEAF[100]]);
    await refused([350n], [LEAF[200]]);
    await refused([350n], [LEAF.zero]);
  });

  it('an existing nullifier under the second form of its low leaf or of itself', async () => {
    const bits = (slot: number, j: number, integer: bigint): Record<string, Override> =>
      Object.fromEntries(
        Array.from({ length: 254 }, (_, i) => [
          `main.insert.insert[${slot}].gap.bits[${j}].out[${i}]`,
          (integer >> BigInt(i)) & 1n,
        ]),
      );
    const second = FIELD_MODULUS;
    // 200 + r above 100 and below an end written as r or 2^254 - 1; 100 + r as the next value of 100.
    await refused([200n], [LEAF[100]], bits(0, 1, 200n + second), 6);
    await refused([200n], [LEAF[100]], bits(0, 2, 200n + second), 6);
    await refused([200n], [LEAF[300]], bits(0, 1, 200n + second), 6);
    await refused([200n], [LEAF[300]], { ...bits(0, 1, 300n + second) }, 6);
  });

  it('choices among the pending leaves that are not one-hot', async () => {
    const low = { value: 100n, next: 200n };
    const pending = { value: 150n, next: 200n };
    // None and not in the tree: lowInTree is what is left, so naming none is naming the tree.
    await refused([150n, 170n], [LEAF[100], { ...low, pending: [0n] }]);
    // Both slots: the rest for the tree is -1.
    await refused([150n, 500n, 170n], [LEAF[100], LEAF[300], { ...pending, pending: [1n, 1n] }], {}, 5);
    // A fraction, a multiple, a negative one; with the tree taking the rest.
    const half = (FIELD_MODULUS + 1n) / 2n;
    await refused([150n, 170n], [LEAF[100], { ...pending, pending: [half] }], {}, 5);
    await refused([150n, 170n], [LEAF[100], { ...pending, pending: [2n] }], {}, 5);
    await refused([150n, 170n], [LEAF[100], { ...pending, pending: [FIELD_MODULUS - 1n] }], {}, 5);
    // 2 and -1 sum to 1: nothing is left for the tree.
    await refused(
      [150n, 500n, 170n],
      [LEAF[100], LEAF[300], { ...pending, pending: [2n, FIELD_MODULUS - 1n] }],
      {},
      6,
    );
    // A skipped slot that names a pending leaf: the rest is -1 for the tree, so its root could go anywhere.
    await refused([150n, 0n], [LEAF[100], { ...pending, pending: [1n] }], {}, 4);
  });

  it('offers no choice of the slot itself or a later one', () => {
    // Slot i has exactly i choices: 0 + 1 + 2 + 3.
    const names = [...circuit.symbols.keys()].filter((name) => /^main\.lowPending\[\d+\]$/.test(name));
    assert.equal(names.length, 6);
  });

  it('a used slot called skipped, and a skipped one called used', async () => {
    // inverse 0: "skipped". Its leaf would stay 0 and the nullifier unspent.
    const input = chunk([0n], [undefined]);
    const called = { ...input, nullifiers: [200n, 0n, 0n, 0n] };
    const failing = await run(called, { 'main.insert.skipped[0].inverse': 0n });
    assert.ok(failing.length > 0);
    await refused([200n], [undefined], { 'main.insert.skipped[0].inverse': 0n }, 3);
  });

  it('an index bit that is not boolean', async () => {
    const input = chunk([150n], [LEAF[100]]);
    for (const value of [2n, FIELD_MODULUS - 1n]) {
      const bits = structuredClone(input);
      bits.lowIndexBits[0][31] = value;
      const failing = await run(bits);
      assert.ok(failing.length > 0);
    }
  });
});
