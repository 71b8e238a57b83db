import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { cacheDirectory } from '../../../prover/node/cache-directory.ts';
import { ensureCachedDirectory } from '../../../prover/node/cached-directory.ts';

describe('cached directory', () => {
  let parent: string;
  let directory: string;
  let builds: number;
  const build = async (temporary: string): Promise<void> => {
    builds++;
    await writeFile(join(temporary, 'data'), 'whole');
  };
  const ensure = () => ensureCachedDirectory({ directory, build });

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'azalea-cache-'));
    directory = join(parent, 'entry');
    builds = 0;
  });
  afterEach(() => rm(parent, { recursive: true }));

  it('builds once, also when asked several times at once', async () => {
    const results = await Promise.all([ensure(), ensure(), ensure()]);
    assert.equal(results.filter(({ built }) => built).length, 1);
    assert.deepEqual(await ensure(), { built: false });
    assert.equal(builds, 1);
    assert.deepEqual(await readdir(parent), ['entry']);
  });

  it('builds again when a file is cut, changed, or gone, or the manifest is', async () => {
    await ensure();
    const damage: (() => Promise<void>)[] = [
      () => writeFile(join(directory, 'data'), 'who'),
      () => writeFile(join(directory, 'data'), 'Whole'),
      () => rm(join(directory, 'data')),
      () => writeFile(join(directory, 'manifest.json'), '{'),
      () => rm(join(directory, 'manifest.json')),
    ];
    for (const harm of damage) {
      await harm();
      assert.deepEqual(await ensure(), { built: true });
      assert.equal(await readFile(join(directory, 'data'), 'utf8'), 'whole');
    }
  });

  it('leaves nothing behind a build that fails, and builds next time', async () => {
    const failing = async (temporary: string): Promise<void> => {
      await writeFile(join(temporary, 'data'), 'ha');
      throw new Error('out of luck');
    };
    await assert.rejects(ensureCachedDirectory({ directory, build: failing }), /out of luck/);
    assert.deepEqual(await readdir(parent), []);
    assert.deepEqual(await ensure(), { built: true });
  });

  it('takes over at once from a process that died while building', async () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    await mkdir(`${directory}.building-${dead}-dead`);
    await writeFile(`${directory}.lock`, JSON.stringify({ pid: dead, host: hostname() }));
    assert.deepEqual(await ensure(), { built: true });
    assert.deepEqual(await readdir(parent), ['entry']);
  });

  it('takes over from another machine whose lock was not touched for long', async () => {
    await writeFile(`${directory}.lock`, JSON.stringify({ pid: process.pid, host: 'elsewhere' }));
    await utimes(`${directory}.lock`, new Date(0), new Date(0));
    assert.deepEqual(await ensure(), { built: true });
  });

  it('waits for a living one, until told to stop', async () => {
    await writeFile(`${directory}.lock`, JSON.stringify({ pid: process.pid, host: hostname() }));
    const controller = new AbortController();
    const onWait = (): void => controller.abort(new Error('no patience'));
    await assert.rejects(
      ensureCachedDirectory({ directory, build, onWait, signal: controller.signal }),
      /no patience/,
    );
    assert.equal(builds, 0);
  });

  it('names the directory that cannot be written, and the fix', async () => {
    await writeFile(directory, 'a file');
    await assert.rejects(ensureCachedDirectory({ directory: join(directory, 'below'), build }), {
      code: 'CACHE_UNWRITABLE',
      message: /AZALEA_CACHE_DIR/,
    });
  });
});

describe('cache directory', () => {
  it('is AZALEA_CACHE_DIR, else under XDG_CACHE_HOME, else under the home directory', () => {
    assert.equal(cacheDirectory({ AZALEA_CACHE_DIR: '/a', XDG_CACHE_HOME: '/b' }), '/a');
    assert.equal(cacheDirectory({ XDG_CACHE_HOME: '/b' }), '/b/azalea');
    assert.match(cacheDirectory({}), /\.cache\/azalea$/);
  });
});
