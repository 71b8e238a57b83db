/** A damaged database file is a typed error in wallet and sequencer, never a signal and never an empty store. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { lmdbBackend } from '../../../pxe/node/lmdb-backend.ts';
import { EncryptedStore } from '../../../pxe/store/encrypted-store.ts';
import { Store } from '../../../sequencer/state/store.ts';

const CHILD = fileURLToPath(new URL('../../support/wallet/open-damaged.ts', import.meta.url));
const FAST = { N: 2 ** 4, r: 8, p: 1 };
const THINGS = 120;
let root: string;

before(async () => {
  root = mkdtempSync(join(tmpdir(), 'azalea-damaged-'));
  const store = await EncryptedStore.open(lmdbBackend(join(root, 'wallet')), 'pass', FAST);
  for (let k = 0; k < THINGS; k++) {
    const value = { k, text: 'x'.repeat(k * 60) };
    await store.write([{ collection: 'things', id: String(k), value }]);
  }
  await store.close();
  const sequencer = new Store({ path: join(root, 'sequencer') });
  sequencer.atomic(() => {
    for (let k = 0; k < THINGS; k++) sequencer.blockBytes.putSync(k, Buffer.alloc(1 + k * 60));
  });
  await sequencer.close();
});
after(() => rmSync(root, { recursive: true }));

/** Opens copies of a store in one child process, each damaged in one way; the outcome of each. */
function outcomes(kind: string, damages: readonly ((file: string) => void)[]): string[] {
  const copies = damages.map((damage, k) => {
    const copy = join(root, `${kind}-${k}`);
    cpSync(join(root, kind), copy, { recursive: true });
    rmSync(join(copy, 'lock.mdb'), { force: true });
    damage(join(copy, 'data.mdb'));
    return copy;
  });
  const child = spawnSync(process.execPath, [CHILD, ...copies.map((copy) => `${kind}:${copy}`)], {
    encoding: 'utf8',
  });
  for (const copy of copies) rmSync(copy, { recursive: true });
  const lines = child.stdout.trim().split('\n');
  assert.equal(child.signal, null, `after ${lines.length} stores: ${child.stderr}`);
  assert.equal(lines.length, damages.length, child.stderr);
  return lines;
}

/** The same places in every run: a linear congruential generator. */
function* places(size: number, count: number): Generator<number> {
  let state = 12345;
  for (let k = 0; k < count; k++) {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    yield state % size;
  }
}

for (const [kind, code] of [
  ['wallet', 'PXE_STORE_DAMAGED'],
  ['sequencer', 'STORE_DAMAGED'],
] as const) {
  describe(kind, () => {
    test('whole: opens with everything in it', () => {
      assert.deepEqual(outcomes(kind, [() => {}]), [`whole ${THINGS}`]);
    });

    test('emptied, truncated anywhere, or without its header', () => {
      const { length } = readFileSync(join(root, kind, 'data.mdb'));
      const cut = (to: number) => (file: string) => truncateSync(file, to);
      const damages = [
        cut(0),
        cut(1),
        cut(4096),
        cut(8192),
        cut(length >> 2),
        cut(length >> 1),
        (file: string) => writeFileSync(file, Buffer.alloc(length)),
        (file: string) => writeFileSync(file, Buffer.alloc(length, 0xff)),
      ];
      for (const outcome of outcomes(kind, damages)) assert.equal(outcome, code);
    });

    test('flipped bytes end in a typed error or in a store that gives its values; nothing else', () => {
      const { length } = readFileSync(join(root, kind, 'data.mdb'));
      const flip = (at: number) => (file: string) => {
        const bytes = readFileSync(file);
        bytes[at] ^= 0xff;
        writeFileSync(file, bytes);
      };
      // Headers of pages and their first pointers, and anywhere.
      const headers = Array.from({ length: Math.min(40, length / 4096) }, (_, page) =>
        [16, 18, 20, 24].map((k) => 4096 * page + k),
      );
      const at = [...headers.flat(), ...places(length, 60)];
      const found = outcomes(kind, at.map(flip));
      for (const [k, outcome] of found.entries())
        assert.match(outcome, RegExp(`^(${code}|PXE_STORE_PASSPHRASE_WRONG|whole \\d+)$`), `byte ${at[k]}`);
      assert.ok(found.includes(code));
    });
  });
}

test('a file that is gone, or an empty one in its place, is no new wallet for any passphrase', async () => {
  const directory = join(root, 'replaced');
  cpSync(join(root, 'wallet'), directory, { recursive: true });
  rmSync(join(directory, 'data.mdb'));
  for (let attempt = 0; attempt < 2; attempt++)
    assert.throws(() => lmdbBackend(directory), { code: 'PXE_STORE_DAMAGED' });
  cpSync(join(root, 'wallet', 'data.mdb'), join(directory, 'data.mdb'));
  const store = await EncryptedStore.open(lmdbBackend(directory), 'pass', FAST);
  assert.equal((await store.list('things')).length, THINGS);
  await store.close();
});
