/** The state that the demo's attacker rebuilds from L1, with deposits in several blocks. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replay } from '../../../devnet/demo/hand-made-block.ts';
import { KEY_ID } from '../../../protocol/constants.ts';
import { applyChunk } from '../../../protocol/state/apply-chunk.ts';
import { encodeBlock } from '../../../protocol/transaction/block.ts';
import { NoteTree } from '../../../protocol/tree/note-tree.ts';
import { NullifierTree } from '../../../protocol/tree/nullifier-tree.ts';

const ROLLUP_ID = 4242n;

test('each block takes the deposits after those of all blocks before it', () => {
  const deposits = [0, 1, 2, 3].map((index) => ({
    index,
    typeId: 7n,
    ownerHash: BigInt(100 + index),
    data: [BigInt(10 + index), 0n, 0n, 0n, 0n],
  }));
  const words = ({ index, typeId, ownerHash, data }: (typeof deposits)[number]) => [
    typeId,
    ownerHash,
    BigInt(index),
    ...data,
  ];
  const [noteTree, nullifierTree] = [new NoteTree(), new NullifierTree()];
  let taken = 0;
  const blocks = [2, 1, 1].map((count, k) => {
    const chunk = {
      nullifiers: [],
      commitments: [],
      deposits: deposits.slice(taken, taken + count).map(words),
    };
    taken += count;
    const { newNoteRoot, newNullifierRoot } = applyChunk(noteTree, nullifierTree, 'small', chunk);
    const bytes = encodeBlock({
      transitions: [],
      chunks: [
        {
          keyId: KEY_ID['state-update-small'],
          newNoteRoot,
          newNullifierRoot,
          statementHash: 1n,
          proof: new Uint8Array(256),
        },
      ],
      depositCount: count,
    });
    return {
      l2Block: k + 1,
      bytes,
      depositsTaken: taken,
      noteRoot: newNoteRoot,
      nullifierRoot: newNullifierRoot,
    };
  });
  const state = replay({ blocks, deposits }, ROLLUP_ID);
  assert.equal(state.blocks, 3);
  assert.equal(state.noteTree.root(), noteTree.root());
  assert.throws(() => replay({ blocks, deposits: [...deposits].reverse() }, ROLLUP_ID), {
    code: 'STATE_DIVERGED',
  });
});
