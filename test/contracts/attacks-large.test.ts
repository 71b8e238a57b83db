/**
 * Attacks on a block with a small and a large transition, with the rollup's own circuits and keys. Every proof is real, and
 * the block is valid but for the one attacked thing. (Rules that L1 alone decides: large-transitions.test.ts.)
 */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { cutChunks, type Fixture } from '../../fixtures/rollup.ts';
import { readRollupState } from '../../l1/rollup-info.ts';
import { FIELD_MODULUS, KEY_ID } from '../../protocol/constants.ts';
import type { ChunkData } from '../../protocol/state/chunk.ts';
import { type BlockTransition, encodeBlock } from '../../protocol/transaction/block.ts';
import { SIGNAL_NAMES } from '../../protocol/transaction/transition.ts';
import { edited, patched } from '../support/rollup/block-edits.ts';
import { fixtureActions, restoreChain } from '../support/rollup/fixture-actions.ts';
import {
  BOTH_SIZES,
  type ProvenChunk,
  type RealRollup,
  realRollup,
  treesAfter,
} from '../support/rollup/real-blocks.ts';

const SMALL_ENTRY = 5 + 256 + 32 + 27 * 32;
/** Version, section header, count; then the small transition, then the large one. */
const LARGE_ENTRY = 8 + SMALL_ENTRY;
const signalOffset = (j: number): number => LARGE_ENTRY + 5 + 256 + 32 + 32 * j;

describe('attacks on a block of both sizes, with real proofs', () => {
  let rollup: RealRollup;
  let fixture: Fixture;
  let transitions: readonly BlockTransition[];
  let data: readonly ChunkData[];
  let chunks: readonly ProvenChunk[];
  let block: Uint8Array;

  const actions = fixtureActions(() => fixture);
  const { propose, outcome } = actions;

  before(async () => {
    rollup = await realRollup(BOTH_SIZES);
    fixture = rollup.fixture;
    transitions = [await rollup.mint(1), await rollup.mintThree(2)];
    const small = KEY_ID['state-update-small'];
    data = cutChunks(transitions, [], [small, small]);
    chunks = [
      await rollup.chunk({ history: [], data: data[0], l2Block: 1 }),
      await rollup.chunk({ history: [data[0]], data: data[1], l2Block: 1 }),
    ];
    block = encodeBlock({ transitions, chunks, depositCount: 0 });
  });
  restoreChain(actions);
  after(async () => {
    await rollup?.close();
  });

  it('the honest block settles, and the contract has the roots of the trees', async () => {
    assert.deepEqual(
      transitions.map(({ keyId }) => keyId),
      [0, 1],
    );
    await propose(block);
    const state = await readRollupState(fixture.client, fixture.info);
    const trees = treesAfter(data);
    assert.equal(state.noteRoot, trees.note.root());
    assert.equal(state.nullifierRoot, trees.nullifier.root());
    // Settled once: the same nullifiers again are refused.
    assert.equal(await outcome(block), 'InvalidProof');
  });

  it('each public signal of the large transition plus r', async () => {
    for (const [j, signal] of transitions[1].signals.entries()) {
      const aliased = patched(block, signalOffset(j), signal + FIELD_MODULUS);
      assert.equal(await outcome(aliased), 'WordOutOfRange', SIGNAL_NAMES.large[j]);
    }
  });

  it('each public signal of the large transition plus 1 and minus 1; linkOut that is not 0', async () => {
    for (const [j, signal] of transitions[1].signals.entries()) {
      const name = SIGNAL_NAMES.large[j];
      for (const change of [1n, FIELD_MODULUS - 1n]) {
        const value = (signal + change) % FIELD_MODULUS;
        let expected = 'InvalidProof';
        if (name === 'anchorRoot') expected = 'WrongAnchorRoot';
        if (/^(finalizeHash|linkIn|linkOut)/.test(name)) expected = 'UnsupportedFeature';
        // The message's last word becomes 1, the tag FEE.
        if (name === 'message[3]' && value === 1n) expected = 'FeeUnsupported';
        assert.equal(await outcome(patched(block, signalOffset(j), value)), expected, name);
      }
    }
  });

  it('proofs swapped between the sizes, or under the key of the other size', async () => {
    const swapped = edited(block, (parts) => {
      [parts.transitions[0].proof, parts.transitions[1].proof] = [transitions[1].proof, transitions[0].proof];
    });
    assert.equal(await outcome(swapped), 'InvalidProof');
    const copied = edited(block, (parts) => {
      parts.transitions[1].proof = transitions[0].proof;
    });
    assert.equal(await outcome(copied), 'InvalidProof');
    for (const proof of chunks.map((chunk) => chunk.proof)) {
      const asLarge = edited(block, (parts) => {
        parts.transitions[1].proof = proof;
      });
      assert.equal(await outcome(asLarge), 'InvalidProof');
    }
    // The key bytes alone.
    for (const [offset, keyId] of [
      [8, 1],
      [LARGE_ENTRY, 0],
    ]) {
      const claimed = block.slice();
      claimed[offset] = keyId;
      assert.match(await outcome(claimed), /^(WrongKeyRole|InvalidSection)$/);
    }
    for (const keyId of [2, 3, 4, 255]) {
      const claimed = block.slice();
      claimed[LARGE_ENTRY] = keyId;
      assert.equal(await outcome(claimed), 'WrongKeyRole');
    }
    const asChunk = edited(block, (parts) => {
      parts.chunks[1] = { ...parts.chunks[1], proof: transitions[1].proof };
    });
    assert.equal(await outcome(asChunk), 'InvalidProof');
  });

  it('a large transition cut to the signals of a small one, a small one padded to a large one', async () => {
    const cut = edited(block, (parts) => {
      parts.transitions[1] = { ...transitions[1], keyId: 0, signals: transitions[1].signals.slice(0, 27) };
    });
    assert.notEqual(await outcome(cut), 'no error');
    const padded = edited(block, (parts) => {
      parts.transitions[0] = {
        ...transitions[0],
        keyId: 1,
        signals: [...transitions[0].signals, ...Array(22).fill(0n)],
      };
    });
    assert.notEqual(await outcome(padded), 'no error');
  });

  it('two of the four nullifiers or commitments left out of the state update', async () => {
    for (const name of ['nullifiers', 'commitments'] as const) {
      const short = { ...data[1], [name]: data[1][name].map((word, k) => (k === 0 ? word : 0n)) };
      const chunk = await rollup.chunk({ history: [data[0]], data: short, l1Data: data[1], l2Block: 1 });
      assert.equal(
        await outcome(encodeBlock({ transitions, chunks: [chunks[0], chunk], depositCount: 0 })),
        'InvalidProof',
      );
    }
  });

  it('the order of the transitions, and another proposer', async () => {
    assert.equal(await outcome(edited(block, (parts) => parts.transitions.reverse())), 'InvalidProof');
    assert.equal(await outcome(block, 1), 'InvalidProof');
  });
});
