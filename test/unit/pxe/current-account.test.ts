/** The account that is meant when none is named, and aliases that look like addresses. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeyStore } from '../../../pxe/accounts/key-store.ts';
import { memoryBackend } from '../../../pxe/store/backend.ts';
import { EncryptedStore } from '../../../pxe/store/encrypted-store.ts';

const FAST = { N: 2 ** 4, r: 8, p: 1 };
const open = async (backend = memoryBackend()) =>
  KeyStore.open(await EncryptedStore.open(backend, 'pass', FAST));

test('the oldest is the current account until another is chosen, also after a restart', async () => {
  const backend = memoryBackend();
  const keys = await open(backend);
  assert.equal(keys.current(), undefined);
  const alice = await keys.add({ alias: 'alice' });
  const bob = await keys.add({ alias: 'bob' });
  assert.equal(keys.current(), alice);
  await keys.use(bob);
  assert.equal(keys.current(), bob);
  const again = await open(backend);
  assert.equal(again.current()?.alias, 'bob');
  assert.deepEqual(
    again.list().map(({ alias }) => alias),
    ['alice', 'bob'],
  );
});

test('no alias begins like an address, in any case', async () => {
  const keys = await open();
  for (const alias of ['azalea1foo', 'AZALEA1foo', 'Azalea1', 'azalea1']) {
    await assert.rejects(keys.add({ alias }), { code: 'ALIAS_FORM' }, alias);
  }
  const plain = await keys.add({ alias: 'azalea' });
  assert.equal(keys.byName('azalea'), plain);
  assert.throws(() => keys.byName('azalea1foo'), { code: 'TEXT_FORM' });
  assert.throws(() => keys.byName('carol'), { code: 'ACCOUNT_UNKNOWN' });
});

test('an account whose alias an older version let begin so is still found', async () => {
  const store = await EncryptedStore.open(memoryBackend(), 'pass', FAST);
  const document = {
    seed: 7n,
    alias: 'azalea1foo',
    createdAt: 1,
    scannedTo: 0,
    depositsSeen: 0,
    depositsUsed: 0,
  };
  await store.write([{ collection: 'accounts', id: '0x01', value: document }]);
  const keys = await KeyStore.open(store);
  assert.equal(keys.byName('azalea1foo').alias, 'azalea1foo');
});
