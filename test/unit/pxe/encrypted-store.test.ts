import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { lmdbBackend } from '../../../pxe/node/lmdb-backend.ts';
import { memoryBackend } from '../../../pxe/store/backend.ts';
import { EncryptedStore } from '../../../pxe/store/encrypted-store.ts';

const FAST = { N: 2 ** 4, r: 8, p: 1 };

test('documents come back as they were, bigint included, after a reopen', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'pxe-'));
  try {
    const first = await EncryptedStore.open(lmdbBackend(directory), 'correct horse', FAST);
    await first.write([{ collection: 'c', id: 'a', value: { big: 2n ** 200n, list: [1, null, 'x'] } }]);
    await first.close();
    const second = await EncryptedStore.open(lmdbBackend(directory), 'correct horse', FAST);
    assert.deepEqual(await second.get('c', 'a'), { big: 2n ** 200n, list: [1, null, 'x'] });
    assert.equal((await second.list('c')).length, 1);
    await second.write([{ collection: 'c', id: 'a', value: undefined }]);
    assert.equal(await second.get('c', 'a'), undefined);
    await second.close();
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('nothing readable reaches the disk, ids included', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'pxe-'));
  try {
    const store = await EncryptedStore.open(lmdbBackend(directory), 'pass', FAST);
    await store.write([{ collection: 'c', id: 'canary-id-4711', value: 'canary-value-0815' }]);
    await store.close();
    for (const file of readdirSync(directory)) {
      const bytes = readFileSync(join(directory, file));
      assert.equal(bytes.includes('canary-id-4711'), false);
      assert.equal(bytes.includes('canary-value-0815'), false);
      assert.equal(bytes.includes('pass'), false);
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('a wrong passphrase and a damaged document are told apart', async () => {
  const backend = memoryBackend();
  const store = await EncryptedStore.open(backend, 'right', FAST);
  await store.write([
    { collection: 'c', id: 'a', value: 1 },
    { collection: 'c', id: 'b', value: 2 },
  ]);
  await assert.rejects(EncryptedStore.open(backend, 'wrong', FAST), { code: 'PXE_STORE_PASSPHRASE_WRONG' });
  await assert.rejects(EncryptedStore.open(backend, '', FAST), { code: 'PXE_PASSPHRASE_EMPTY' });
  const [first, second] = await backend.list('sealed/c/');
  // Swapped documents authenticate under the key, not at the other's place.
  await backend.write([
    { key: first.key, value: second.value },
    { key: second.key, value: first.value },
  ]);
  await assert.rejects(store.get('c', 'a'), { code: 'PXE_STORE_DAMAGED' });
});
