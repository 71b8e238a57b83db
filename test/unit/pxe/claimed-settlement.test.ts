/** "Settled" is never the sequencer's word alone: the wallet's own tree, checked against L1, must hold the outputs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  TransactionTracker,
  type TransactionTrackerDependencies,
} from '../../../pxe/transactions/transaction-tracker.ts';

const ID = `0x${'ab'.repeat(32)}`;

/** A wallet whose sequencer says that the transaction settled in L2 block 3. */
function wallet(options: { head: number; state: string | undefined }) {
  const updates: string[] = [];
  const seen = { ...options, synchronised: 0 };
  const tracker = new TransactionTracker({ pollMs: 1 }, {
    sequencer: { waitForTransaction: async () => ({ id: ID, status: 'settled', l2Block: 3 }) },
    transactions: {
      get: () => (seen.state === undefined ? undefined : { id: ID, state: seen.state }),
      update: async (_id: string, { state }: { state: string }) => void updates.push(state),
    },
    synchronizer: {
      sync: async () => void seen.synchronised++,
      get head() {
        return seen.head;
      },
    },
    anchorLifetime: async () => 100,
  } as unknown as TransactionTrackerDependencies);
  return { tracker, seen, updates };
}

test('settled for unsettled: L1 has the block without the outputs, and nothing is recorded', async () => {
  const { tracker, updates } = wallet({ head: 3, state: 'submitted' });
  await assert.rejects(tracker.wait(ID, 'settled'), { code: 'SETTLEMENT_NOT_ON_L1' });
  assert.deepEqual(updates, []);
});

test('settled for unsettled: L1 never reaches the block that the sequencer names', async () => {
  const { tracker, seen, updates } = wallet({ head: 2, state: 'submitted' });
  await assert.rejects(tracker.wait(ID, 'settled', { timeoutMs: 20 }), { code: 'WAIT_TIMEOUT' });
  assert.ok(seen.synchronised > 1);
  assert.deepEqual(updates, []);
});

test('settled is believed once this wallet has seen it on L1', async () => {
  const { tracker } = wallet({ head: 3, state: 'settled' });
  assert.equal((await tracker.wait(ID, 'settled')).l2Block, 3);
});
