import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesToHex } from '@noble/hashes/utils.js';
import { encodeTransaction } from '../../../protocol/transaction/transaction.ts';
import { SMALL_SIGNAL_COUNT } from '../../../protocol/transaction/transition.ts';
import { memoryBackend } from '../../../pxe/store/backend.ts';
import { EncryptedStore } from '../../../pxe/store/encrypted-store.ts';
import { isRefusal } from '../../../pxe/transactions/is-refusal.ts';
import { type KeptTransaction, TransactionStore } from '../../../pxe/transactions/transaction-store.ts';
import { ERROR_CODES } from '../../../rpc/error-codes.ts';

const FAST = { N: 2 ** 4, r: 8, p: 1 };
const OUTPUT = 99n;

function kept(change: Partial<KeptTransaction> = {}): KeptTransaction {
  const signals = Array.from({ length: SMALL_SIGNAL_COUNT }, (_, k) => (k === 3 ? OUTPUT : BigInt(k + 1)));
  const bytes = encodeTransaction({
    transitions: [{ keyId: 0, proof: new Uint8Array(256), statementHash: 1n, signals }],
  });
  return {
    id: '0x01',
    bytes: `0x${bytesToHex(bytes)}`,
    signer: 1n,
    title: 'token.aleo/transfer',
    spends: [5n],
    anchorBlock: 0,
    createdAt: 0,
    state: 'submitted',
    reason: undefined,
    ...change,
  };
}

async function openStore(): Promise<TransactionStore> {
  return TransactionStore.open(await EncryptedStore.open(memoryBackend(), 'pass', FAST));
}

test('only an answer about the transaction itself ends it: a sequencer that restarts may have it already', () => {
  const open = ['SEQUENCER_BUSY', 'SEQUENCER_STARTING', 'SEQUENCER_STOPPING', 'MEMPOOL_FULL', 'INTERNAL'];
  const client = ['SEQUENCER_UNREACHABLE', 'SEQUENCER_TIMEOUT', 'RESPONSE_INVALID', 'ROUTE_UNKNOWN'];
  for (const code of [...open, ...client]) {
    assert.ok(code in ERROR_CODES, code);
    assert.equal(isRefusal(code), false, code);
  }
  for (const code of ['PROOF_INVALID', 'ANCHOR_EXPIRED', 'NULLIFIER_SPENT'])
    assert.equal(isRefusal(code), true, code);
});

test("a transaction settles by the note tree, not by the sequencer's word", async () => {
  const store = await openStore();
  await store.put(kept());
  assert.deepEqual([...store.locked()], [5n]);
  // The sequencer lies that it was dropped: a retry is led to the same record.
  await store.update('0x01', { state: 'dropped', reason: 'lie' });
  assert.deepEqual([...store.locked()], []);
  assert.deepEqual([...store.doubtful()], [5n]);
  assert.deepEqual(store.settle([1n, 2n], 6), []);
  assert.equal(store.settle([1n, OUTPUT], 7).length, 1);
  assert.equal(store.get('0x01')?.state, 'settled');
  // Nothing the sequencer says afterwards changes that; a reorganisation does.
  await store.update('0x01', { state: 'dropped' });
  assert.equal(store.get('0x01')?.state, 'settled');
  assert.deepEqual(store.rollback(7), []);
  assert.equal(store.rollback(6).length, 1);
  assert.deepEqual([...store.locked()], [5n]);
});
