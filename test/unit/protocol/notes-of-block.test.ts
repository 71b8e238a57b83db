import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KEY_ID } from '../../../protocol/constants.ts';
import { notesOfBlock } from '../../../protocol/state/notes-of-block.ts';
import type { Block, BlockTransition } from '../../../protocol/transaction/block.ts';
import { transactionId } from '../../../protocol/transaction/transaction.ts';
import { LARGE_SIGNAL_COUNT, SMALL_SIGNAL_COUNT } from '../../../protocol/transaction/transition.ts';

const ROLLUP_ID = 77n;

/** A carried transition whose signals are 1, 2, 3, ... except for a message of zeros. */
function carried(size: 'small' | 'large'): BlockTransition {
  const count = size === 'small' ? SMALL_SIGNAL_COUNT : LARGE_SIGNAL_COUNT;
  const signals = Array.from({ length: count - 1 }, (_, k) => (k >= count - 5 ? 0n : BigInt(k + 1)));
  return {
    keyId: KEY_ID[`transition-${size}`],
    anchorBlock: 0,
    proof: new Uint8Array(256),
    statementHash: 1n,
    signals,
  };
}

const chunk = (size: 'small' | 'large'): Block['chunks'][number] => ({
  keyId: KEY_ID[`state-update-${size}`],
  newNoteRoot: 1n,
  newNullifierRoot: 2n,
  statementHash: 3n,
  proof: new Uint8Array(256),
});

const context = { rollupId: ROLLUP_ID, nextNote: 5, nextNullifier: 6, deposit: (offset: number) => offset };

describe('the notes of a block', () => {
  it('have the leaf indexes of their chunks, transitions in order, gaps left free', () => {
    const block: Block = {
      transitions: [carried('small'), carried('large')],
      chunks: [chunk('small'), chunk('small')],
      depositCount: 5,
    };
    const notes = notesOfBlock(block, context);
    // Small chunks start at multiples of 4 and take 4 commitments and 4 deposits: 8..11 and 12..15, then 16..19 and 20..23.
    assert.deepEqual(
      notes.transitions.map(({ indexes }) => indexes),
      [
        [8, 9],
        [10, 11, 16, 17],
      ],
    );
    assert.deepEqual(
      notes.deposits.map(({ index, deposit }) => [index, deposit]),
      [
        [12, 0],
        [13, 1],
        [14, 2],
        [15, 3],
        [20, 4],
      ],
    );
    assert.deepEqual([notes.nextNote, notes.nextNullifier], [24, 16]);
  });

  it('bear the id of their transaction, whose last signal is the rollup', () => {
    const transition = carried('small');
    const notes = notesOfBlock(
      { transitions: [transition], chunks: [chunk('small')], depositCount: 0 },
      context,
    );
    const { keyId, proof, signals } = transition;
    const whole = { transitions: [{ keyId, proof, signals: [...signals, ROLLUP_ID] }] } as const;
    assert.deepEqual(notes.transitions[0].transactionId, transactionId(whole));
    assert.equal(notes.transitions[0].signals.rollupId, ROLLUP_ID);
  });

  it('do not exist for a chunk of another key, nor for more elements than its chunks hold', () => {
    const malformed = { code: 'L1_CALLDATA_MALFORMED' };
    const wrongKey = { ...chunk('small'), keyId: KEY_ID['transition-small'] };
    assert.throws(
      () => notesOfBlock({ transitions: [], chunks: [wrongKey], depositCount: 0 }, context),
      malformed,
    );
    assert.throws(
      () =>
        notesOfBlock(
          { transitions: [carried('large'), carried('small')], chunks: [chunk('small')], depositCount: 0 },
          context,
        ),
      malformed,
    );
    assert.throws(
      () => notesOfBlock({ transitions: [], chunks: [chunk('small')], depositCount: 5 }, context),
      malformed,
    );
  });
});
