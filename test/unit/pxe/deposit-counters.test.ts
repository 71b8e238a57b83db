/** Counters of deposits: given out once each, and again only when their deposit came to nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cameToNothing } from '../../../l1/send.ts';
import { AzaleaError } from '../../../protocol/errors.ts';
import { DepositCounters } from '../../../pxe/accounts/deposit-counters.ts';
import { KeyStore } from '../../../pxe/accounts/key-store.ts';
import { memoryBackend } from '../../../pxe/store/backend.ts';
import { EncryptedStore } from '../../../pxe/store/encrypted-store.ts';
import { DEPOSIT_COUNTER_WINDOW } from '../../../pxe/sync/discovery.ts';

const FAST = { N: 2 ** 4, r: 8, p: 1 };

async function open(backend = memoryBackend()) {
  const store = await EncryptedStore.open(backend, 'pass', FAST);
  const keys = await KeyStore.open(store);
  return { keys, counters: new DepositCounters({ rollupId: 4242n }, { store, keys }) };
}

test('a hundred failed deposits leave room for the next one, and two of them share no owner hash meanwhile', async () => {
  const { keys, counters } = await open();
  const owner = (await keys.add()).keys.address.x;
  for (let attempt = 0; attempt < 100; attempt++) {
    const [one, two] = [await counters.take(owner), await counters.take(owner)];
    assert.notEqual(one.ownerHash, two.ownerHash);
    await counters.release(owner, two.counter);
    await counters.release(owner, one.counter);
  }
  assert.equal((await counters.take(owner)).counter, 0);
  assert.equal((await counters.take(owner)).counter, 1);
  assert.equal((await counters.take(owner)).counter, 2);
});

test('a counter whose deposit may still come is not given out again: the window fills', async () => {
  const { keys, counters } = await open();
  const held = await keys.add();
  const owner = held.keys.address.x;
  const given = new Set<bigint>();
  for (let k = 0; k < DEPOSIT_COUNTER_WINDOW; k++) given.add((await counters.take(owner)).ownerHash);
  assert.equal(given.size, DEPOSIT_COUNTER_WINDOW);
  await assert.rejects(counters.take(owner), { code: 'DEPOSIT_WINDOW_FULL' });
  await counters.release(owner, 7);
  await counters.release(owner, 7);
  assert.equal((await counters.take(owner)).counter, 7);
  await assert.rejects(counters.take(owner), { code: 'DEPOSIT_WINDOW_FULL' });
  // A counter that was never given out cannot be released.
  await counters.release(owner, DEPOSIT_COUNTER_WINDOW);
  await assert.rejects(counters.take(owner), { code: 'DEPOSIT_WINDOW_FULL' });
  held.depositsSeen = 3;
  assert.equal((await counters.take(owner)).counter, DEPOSIT_COUNTER_WINDOW);
});

test('what was given out and released survives a restart', async () => {
  const backend = memoryBackend();
  const first = await open(backend);
  const owner = (await first.keys.add()).keys.address.x;
  for (let k = 0; k < 5; k++) await first.counters.take(owner);
  await first.counters.release(owner, 3);
  await first.counters.release(owner, 1);
  const again = await open(backend);
  const taken = [];
  for (let k = 0; k < 4; k++) taken.push((await again.counters.take(owner)).counter);
  assert.deepEqual(taken, [1, 3, 5, 6]);
});

test('only a failure that is certain to have sent nothing counts', () => {
  const error = (code: string, details = {}) => new AzaleaError(code, 'x', details);
  assert.equal(cameToNothing(error('L1_REVERTED', { error: 'AmountOutOfRange' })), true);
  // Mined and reverted.
  assert.equal(cameToNothing(error('L1_REVERTED', { transaction: '0x1' })), true);
  // Not enough money, no connection: before anything was sent.
  assert.equal(cameToNothing(error('L1_CALL_FAILED')), true);
  assert.equal(cameToNothing(error('L1_UNREACHABLE')), true);
  assert.equal(cameToNothing(error('L1_UNREACHABLE', { sent: 'unknown' })), false);
  assert.equal(cameToNothing(error('L1_UNREACHABLE', { sent: '0x1' })), false);
  assert.equal(cameToNothing(error('L1_CALL_FAILED', { sent: '0x1' })), false);
  assert.equal(cameToNothing(error('L1_CALL_FAILED', { transaction: '0x1' })), false);
  assert.equal(cameToNothing(error('WAIT_TIMEOUT')), false);
  assert.equal(cameToNothing(new Error('x')), false);
});
