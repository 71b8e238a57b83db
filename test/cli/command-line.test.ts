/** The wallet as a process, as far as it needs no rollup. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { resolveEndpoints } from '../../cli/settings.ts';
import { DirectoryLock } from '../../host/directory-lock.ts';
import type { AzaleaError } from '../../protocol/errors.ts';
import { type CliResult, runCli } from '../support/wallet/cli.ts';

const directory = mkdtempSync(join(tmpdir(), 'azalea-command-'));
after(() => rmSync(directory, { recursive: true, force: true }));
const cli = (args: readonly string[], passphrase?: string): Promise<CliResult> =>
  runCli(args, { cwd: directory, passphrase });

/** A Node below 24 on this machine, if any. */
const oldNode = (process.env.PATH ?? '')
  .split(':')
  .map((folder) => join(folder, 'node'))
  .find((file) => {
    if (!existsSync(file)) return false;
    const { stdout } = spawnSync(file, ['--version'], { encoding: 'utf8' });
    return Number(/^v(\d+)/.exec(stdout)?.[1] ?? 99) < 24;
  });

describe('a wrong command line is one line and exit status 1', () => {
  const wrong: readonly (readonly [string, readonly string[]])[] = [
    ['USAGE', ['fly']],
    ['USAGE', ['send', '1']],
    ['USAGE', ['account', 'list', 'more']],
    ['USAGE', ['balance', '--colour']],
    ['SECRET_IN_ARGUMENTS', ['account', 'import', 'azseed1qqqq']],
    ['SECRET_IN_ARGUMENTS', ['account', 'import', '--seed=AZSEED1QQQQ']],
    ['AMOUNT_INVALID', ['send', '-1', '--to', 'azalea1x']],
    ['AMOUNT_INVALID', ['deposit', 'all']],
    ['L1_ADDRESS_INVALID', ['deposit', '5', '--token', '0x1']],
    ['ENDPOINT_MISSING', ['balance']],
    ['ENDPOINT_INVALID', ['--sequencer', 'localhost', '--l1', 'http://localhost', 'balance']],
    ['ENDPOINT_INVALID', ['--sequencer', 'http://localhost', '--l1', 'http://a,http://', 'balance']],
    ['USAGE', ['--l1-log-range', '0', 'balance']],
    ['DEVNET_FILE_MISSING', ['--devnet', 'nothing.json', 'balance']],
    ['PROGRAM_FILE_MISSING', ['call', 'nothing.aleo', 'f']],
    ['WALLET_EMPTY', ['account', 'list', '--store', 'nothing']],
  ];
  for (const [code, args] of wrong) {
    test(`${args.join(' ')}: ${code}`, async () => {
      const { status, stdout, stderr } = await cli(args, 'p');
      assert.equal(status, 1);
      assert.equal(stdout, '');
      assert.match(stderr, new RegExp(`^${code}: [^\\n]{10,}\\n$`));
      assert.ok(!stderr.toLowerCase().includes('azseed1'), 'the secret is repeated');
    });
  }
});

describe('the store', () => {
  test('an empty passphrase makes none', async () => {
    const { stderr } = await cli(['--store', 'empty', 'account', 'new'], '');
    assert.match(stderr, /^PXE_PASSPHRASE_EMPTY: /);
  });

  test('is for its owner only, and for one process at a time', async () => {
    const store = join(directory, 'with.dot');
    const args = ['--store', store, 'account'];
    assert.equal((await cli([...args, 'new', 'a'], 'p')).status, 0);
    assert.equal(statSync(store).mode & 0o777, 0o700);
    const lock = await DirectoryLock.take(store);
    assert.match((await cli([...args, 'list'], 'p')).stderr, /^WALLET_IN_USE: /);
    await lock.release();
    assert.equal((await cli([...args, 'list'], 'p')).status, 0);
  });

  test('a mistyped seed makes none', async () => {
    const { stderr } = await runCli(['--store', 'mistyped', 'account', 'import'], {
      cwd: directory,
      passphrase: 'p',
      input: 'azseed1qqqqqqqq\n',
    });
    assert.match(stderr, /^TEXT_FORM: /);
    assert.ok(!existsSync(join(directory, 'mistyped')));
  });

  test('in a place that cannot be written', async () => {
    writeFileSync(join(directory, 'file'), '');
    const { stderr } = await cli(['--store', join('file', 'wallet'), 'account', 'new'], 'p');
    assert.match(stderr, /^WALLET_UNUSABLE: .*ENOTDIR/);
  });
});

describe('help and start', () => {
  test('help is a result, not an error', async () => {
    const { status, stdout, stderr } = await cli(['help']);
    assert.deepEqual([status, stderr], [0, '']);
    for (const command of ['account', 'balance', 'deposit', 'send', 'withdraw', 'records', 'claim', 'call']) {
      assert.match(stdout, new RegExp(`^ {2}${command}\\b`, 'm'));
    }
    assert.match((await cli(['send', '--help'])).stdout, /--store <dir>/);
  });

  test('an older Node hands over to Node 24', {
    skip: oldNode === undefined && 'no older Node here',
  }, async () => {
    const { status, stdout } = await runCli(['--version'], { cwd: directory, node: oldNode });
    assert.equal(status, 0);
    assert.match(stdout, /^azalea \d+\.\d+\.\d+\n$/);
  });
});

describe('endpoints', () => {
  const description = {
    version: 1,
    rollupId: `0x${'1'.repeat(64)}`,
    chainId: 31337,
    l1Url: 'http://127.0.0.1:1',
    sequencerUrl: 'http://127.0.0.1:2',
    rollup: '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512',
    bridge: '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512',
    token: '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512',
    accounts: [],
    keys: [],
    insecureKeys: true,
  };
  const file = join(directory, 'some.json');

  test('come from the devnet file; its contract only with its own endpoints', async () => {
    writeFileSync(file, JSON.stringify(description));
    const own = await resolveEndpoints({ devnet: file });
    assert.deepEqual(
      [own.sequencer, own.l1, own.rollup],
      [description.sequencerUrl, description.l1Url, description.rollup],
    );
    const mixed = await resolveEndpoints({ devnet: file, sequencer: 'https://other.example' });
    assert.deepEqual(
      [mixed.sequencer, mixed.l1, mixed.rollup],
      ['https://other.example', description.l1Url, undefined],
    );
  });

  test('a file of another form is refused, and the member is named', async () => {
    const refused = async (value: unknown, pattern: RegExp): Promise<void> => {
      writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
      await assert.rejects(
        () => resolveEndpoints({ devnet: file }),
        (error: AzaleaError) => {
          assert.equal(error.code, 'DEVNET_FILE_INVALID');
          assert.match(error.message, pattern);
          return true;
        },
      );
    };
    await refused('{', /not JSON/);
    await refused({ ...description, rollup: '0x12' }, /\/rollup/);
    await refused({ ...description, more: 1 }, /\/more/);
    await refused({ ...description, version: 2 }, /\/version/);
    await refused([], /devnet/);
  });
});
