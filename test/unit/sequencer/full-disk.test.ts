/** A data directory on a disk that fills up: a small file system in a namespace of its own. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const directory = mkdtempSync(join(tmpdir(), 'azalea-full-'));
after(() => rmSync(directory, { recursive: true, force: true }));

/** Runs a command where `directory` is 2 MB large. */
const onSmallDisk = (...command: string[]) =>
  spawnSync(
    'unshare',
    ['-rm', 'sh', '-c', 'mount -t tmpfs -o size=2m none "$0" && "$@"', directory, ...command],
    { encoding: 'utf8', timeout: 60_000 },
  );
const possible = onSmallDisk('true').status === 0;

const importOf = (path: string): string =>
  JSON.stringify(new URL(`../../../${path}`, import.meta.url).pathname);

/** Runs a script on the small disk; what it prints last is JSON. */
function runOnSmallDisk<T>(source: string, ...args: string[]): T {
  const script = mkdtempSync(join(tmpdir(), 'azalea-full-script-'));
  after(() => rmSync(script, { recursive: true, force: true }));
  const file = join(script, 'fill.ts');
  writeFileSync(file, source);
  const { status, signal, stdout, stderr } = onSmallDisk(
    process.execPath,
    file,
    join(directory, 'data'),
    directory,
    ...args,
  );
  assert.equal(status, 0, `${signal} ${stderr}`);
  // LMDB itself says `Write error` when it meets the full disk: then its memory is damaged, even if the process still ends.
  assert.doesNotMatch(stderr, /Write error/);
  return JSON.parse(stdout) as T;
}

// Each size meets another path of LMDB: pages of its own for a value, one page for a value, many values in a page.
for (const bytes of [100_000, 20_000, 4000, 700]) {
  test(`values of ${bytes} bytes: a full disk is STORE_UNUSABLE, what was stored stays, and the store opens again`, {
    skip: !possible && 'no user namespaces here',
  }, () => {
    const { stored, codes, last, after, reopened } = runOnSmallDisk<{
      stored: number;
      codes: string[];
      last: number;
      after: boolean;
      reopened: number[];
    }>(
      `import { execFileSync } from 'node:child_process';
       import { Store } from ${importOf('sequencer/state/store.ts')};
       const [path, disk, size] = process.argv.slice(2);
       let store = new Store({ path });
       const codes = [];
       let stored = 0;
       for (let i = 0; i < 4_000_000 / size; i++) {
         try { store.atomic(() => store.blockBytes.putSync(i, Buffer.alloc(Number(size), 1))); stored++; }
         catch (error) { codes.push(error.code); }
       }
       try { store.cursor = { number: 1, hash: '' }; } catch (error) { codes.push(error.code); }
       const last = store.blockBytes.get(stored - 1)?.length;
       const after = store.blockBytes.get(stored) !== undefined || store.cursor !== undefined;
       await store.close();
       execFileSync('mount', ['-o', 'remount,size=4m', disk]);
       store = new Store({ path });
       store.atomic(() => store.blockBytes.putSync(stored, Buffer.alloc(7)));
       const reopened = [stored - 1, stored].map((i) => store.blockBytes.get(i)?.length);
       await store.close();
       console.log(JSON.stringify({ stored, codes: [...new Set(codes)], last, after, reopened }));`,
      String(bytes),
    );
    assert.ok(stored * bytes > 600_000 && stored * bytes < 2_000_000, `${stored} were stored`);
    assert.deepEqual(codes, ['STORE_UNUSABLE']);
    assert.equal(last, bytes);
    assert.equal(after, false);
    assert.deepEqual(reopened, [bytes, 7]);
  });
}

test('a transaction of many entries that does not fit leaves nothing; a store does not open on a full disk', {
  skip: !possible && 'no user namespaces here',
}, () => {
  const { codes, found } = runOnSmallDisk<{ codes: string[]; found: number }>(
    `import { writeFileSync } from 'node:fs';
     import { Store } from ${importOf('sequencer/state/store.ts')};
     const [path, disk] = process.argv.slice(2);
     const store = new Store({ path });
     const codes = [];
     store.atomic(() => store.noteNodes.putSync(0, Buffer.alloc(32, 1)));
     try {
       store.atomic(() => { for (let i = 0; i < 50_000; i++) store.noteNodes.putSync(i * 97, Buffer.alloc(32, 2)); });
     } catch (error) { codes.push(error.code); }
     const found = store.noteNodes.get(0)[0] + store.noteNodes.getCount();
     await store.close();
     try { writeFileSync(disk + '/rest', Buffer.alloc(4_000_000)); } catch (error) { codes.push(error.code); }
     for (const again of [path, disk + '/other']) {
       try { new Store({ path: again }); } catch (error) { codes.push(error.code); }
     }
     console.log(JSON.stringify({ codes, found }));`,
  );
  assert.deepEqual(codes, ['STORE_UNUSABLE', 'ENOSPC', 'STORE_UNUSABLE', 'STORE_UNUSABLE']);
  assert.equal(found, 2);
});

test("a wallet's store on a full disk is PXE_STORE_WRITE_FAILED and stays as it was", {
  skip: !possible && 'no user namespaces here',
}, () => {
  const { stored, codes, last, after } = runOnSmallDisk<{
    stored: number;
    codes: string[];
    last: number;
    after: boolean;
  }>(
    `import { lmdbBackend } from ${importOf('pxe/node/lmdb-backend.ts')};
     const backend = lmdbBackend(process.argv[2]);
     const codes = [];
     let stored = 0;
     for (let i = 0; i < 300; i++) {
       try { await backend.write([{ key: 'a' + stored, value: Buffer.alloc(9000, 1) }, { key: 'b', value: Buffer.alloc(3) }]); stored++; }
       catch (error) { codes.push(error.code); }
     }
     const last = (await backend.get('a' + (stored - 1))).length;
     const after = (await backend.get('a' + stored)) !== undefined;
     await backend.close();
     console.log(JSON.stringify({ stored, codes: [...new Set(codes)], last, after }));`,
  );
  assert.ok(stored > 60 && stored < 230, `${stored} were stored`);
  assert.deepEqual(codes, ['PXE_STORE_WRITE_FAILED']);
  assert.equal(last, 9000);
  assert.equal(after, false);
});
