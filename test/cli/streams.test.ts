/** The tools as processes among others: interrupted, piped, with files that are none. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ensureDirectory } from '../../cli/ensure-directory.ts';
import { runCli } from '../support/wallet/cli.ts';

const MAIN = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
const TOKEN = fileURLToPath(new URL('../../programs/token.aleo', import.meta.url));

const directory = mkdtempSync(join(tmpdir(), 'azalea-streams-'));
after(() => rmSync(directory, { recursive: true, force: true }));
const cli = (...args: string[]) => runCli(args, { cwd: directory });

/** A program with so many faults that their texts fill any pipe. */
const faults = Array.from({ length: 3000 }, (_, i) => `    add 1u8 1u16 into r${i};`).join('\n');
writeFileSync(join(directory, 'faults.aleo'), `program faults.aleo;\nfunction f:\n${faults}\n`);

describe('signals', () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    test(`${signal} ends a command that waits for its file`, { timeout: 30_000 }, async () => {
      const pipe = join(directory, `${signal}.aleo`);
      assert.equal(spawnSync('mkfifo', [pipe]).status, 0);
      const child = spawn(process.execPath, [MAIN, 'check', pipe], { stdio: 'ignore' });
      await new Promise((resolve) => setTimeout(resolve, 1500));
      assert.equal(child.exitCode, null);
      child.kill(signal);
      assert.deepEqual(await once(child, 'exit'), [null, signal]);
    });
  }
});

test('a wallet that is told twice to stop closes its store and says so by its status', {
  timeout: 60_000,
}, async () => {
  const store = ['--store', join(directory, 'wallet')];
  const environment = { ...process.env, AZALEA_PASSPHRASE: 'a passphrase' };
  const made = await runCli([...store, 'account', 'new', 'alice'], {
    cwd: directory,
    passphrase: 'a passphrase',
  });
  assert.equal(made.status, 0, made.stderr);
  // A rollup that never answers.
  const silent = createServer(() => {});
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const args = [MAIN, ...store, '--sequencer', url, '--l1', url, 'balance'];
  const child = spawn(process.execPath, args, { stdio: 'ignore', env: environment, cwd: directory });
  const ended = once(child, 'exit');
  await once(silent, 'request');
  child.kill('SIGINT');
  child.kill('SIGINT');
  await new Promise((resolve) => setTimeout(resolve, 50));
  child.kill('SIGINT');
  assert.deepEqual(await ended, [130, null]);
  silent.closeAllConnections();
  silent.close();
  const again = await runCli([...store, 'account', 'list'], { cwd: directory, passphrase: 'a passphrase' });
  assert.match(again.stdout, /alice/);
});

describe('standard output', () => {
  const shell = (command: string) => spawnSync('bash', ['-c', command], { cwd: directory, encoding: 'utf8' });
  const azalea = `'${process.execPath}' '${MAIN}'`;

  test('a reader that has seen enough is no error, and nothing is said about it', () => {
    for (const command of [`check --json faults.aleo`, `codegen '${TOKEN}'`, '--help']) {
      const { stdout, stderr } = shell(`${azalea} ${command} | head -c 5; exit \${PIPESTATUS[0]}`);
      assert.equal(stdout.length, 5);
      assert.equal(stderr, '', command);
    }
  });

  test('errors that nobody reads do not end the check', () => {
    const { stdout, status } = shell(`${azalea} check faults.aleo 2> >(head -n 1 > /dev/null)`);
    assert.match(stdout, /3000 errors/);
    assert.equal(status, 1);
  });

  test('a result that cannot be written is an error', { skip: !existsSync('/dev/full') }, () => {
    const { stderr, status } = shell(`${azalea} codegen '${TOKEN}' > /dev/full`);
    assert.match(stderr, /^OUTPUT_UNWRITABLE: standard output cannot be written \(ENOSPC\)/);
    assert.equal(status, 1);
  });
});

describe('files that are none', () => {
  const why: readonly (readonly [string, RegExp])[] = [
    ['missing.aleo', /^PROGRAM_FILE_MISSING: There is no missing.aleo: name a .aleo file/],
    ['faults.aleo/x.aleo', /^PROGRAM_FILE_MISSING: faults.aleo\/x.aleo cannot be read \(ENOTDIR\)/],
    ['loop.aleo', /^PROGRAM_FILE_MISSING: loop.aleo cannot be read \(ELOOP\)/],
    ['empty', /^PROGRAM_FILE_MISSING: There is no program in empty/],
  ];
  symlinkSync('loop.aleo', join(directory, 'loop.aleo'));
  mkdirSync(join(directory, 'empty'));
  for (const [name, expected] of why) {
    test(name, async () => {
      for (const command of ['check', 'build', 'codegen']) {
        const { status, stdout, stderr } = await cli(command, name);
        assert.equal(status, 1);
        assert.equal(stdout, '');
        assert.match(stderr, expected, command);
      }
    });
  }

  test('directories are made where they can be, and nothing hangs where they cannot', {
    timeout: 20_000,
  }, async () => {
    const place = join(directory, 'a', 'b', 'c');
    ensureDirectory(place);
    ensureDirectory(place);
    assert.ok(existsSync(place));
    assert.throws(() => ensureDirectory(join(directory, 'faults.aleo', 'x')), { code: /EEXIST|ENOTDIR/ });
    if (!existsSync('/proc/self')) return;
    assert.throws(() => ensureDirectory('/proc/azalea/x'), { code: 'ENOENT' });
    const { status, stderr } = await cli('build', TOKEN, '--out', '/proc/azalea/x');
    assert.equal(status, 1);
    assert.match(stderr, /^OUTPUT_UNWRITABLE: \/proc\/azalea\/x cannot be written \(ENOENT\)/);
  });
});
