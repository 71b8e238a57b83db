/** The wallet on the command line against a devnet, with real proofs: what docs/wallet.md promises. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parseEther } from 'viem';
import { describeDevnet } from '../../devnet/describe.ts';
import { type Devnet, startDevnet } from '../../devnet/start.ts';
import { writeDevnet } from '../../host/devnet-file.ts';
import { createLog } from '../../sequencer/process/log.ts';
import { type CliOptions, type CliResult, runCli } from '../support/wallet/cli.ts';
import { linkCheckout, runShown, walkthrough } from '../support/wallet/walkthroughs.ts';

const CIRCUITS = ['transition-small', 'state-update-small'] as const;
const directory = mkdtempSync(join(tmpdir(), 'azalea-cli-'));
const start = (): Promise<Devnet> =>
  startDevnet({ circuits: CIRCUITS, software: 'test', log: createLog('silent') });

let net: Devnet;
/** Everything any command wrote, but for the export of a seed. */
let written = '';

/** One user: a store and a passphrase. */
interface User {
  readonly store: string;
  readonly passphrase: string;
}
const alice: User = { store: join(directory, 'alice.wallet'), passphrase: 'the passphrase of alice' };
const bob: User = { store: join(directory, 'bob'), passphrase: 'the passphrase of bob' };

async function cli(
  user: User,
  args: readonly string[],
  options: Partial<CliOptions> = {},
): Promise<CliResult> {
  const result = await runCli(['--store', user.store, ...args], {
    cwd: directory,
    passphrase: user.passphrase,
    ...options,
  });
  if (!args.includes('export')) written += result.stdout + result.stderr;
  return result;
}

/** Runs a command that must succeed, and gives its JSON. */
async function good(user: User, args: readonly string[], options: Partial<CliOptions> = {}): Promise<any> {
  const result = await cli(user, ['--json', ...args], options);
  assert.equal(result.status, 0, `${args.join(' ')}: ${result.stderr}`);
  const lines = result.stdout.trim().split('\n');
  assert.equal(lines.length, 1, result.stdout);
  return JSON.parse(lines[0]);
}

/** Runs a command that must be refused with this code, on one line, without a stack trace. */
async function refused(user: User, code: string, args: readonly string[], options: Partial<CliOptions> = {}) {
  const { status, stdout, stderr } = await cli(user, args, options);
  assert.equal(status, 1, stdout);
  assert.equal(stdout, '');
  const lines = stderr.trim().split('\n');
  assert.match(lines.at(-1)!, new RegExp(`^${code}: .{10}`));
  assert.doesNotMatch(stderr, /^\s+at |node:internal/m);
}

describe('the wallet on the command line', { timeout: 1_500_000 }, () => {
  let aliceAddress = '';
  let bobAddress = '';

  before(async () => {
    net = await start();
    // The default: ./devnet.json of the working directory.
    await writeDevnet(join(directory, 'devnet.json'), describeDevnet(net));
  });
  after(async () => {
    await net?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  test('without an account it says how to make one', async () => {
    await refused(alice, 'WALLET_EMPTY', ['balance']);
    await refused(alice, 'WALLET_EMPTY', ['account', 'list']);
  });

  test('makes accounts, without a network', async () => {
    const nowhere = ['--sequencer', 'http://127.0.0.1:1', '--l1', 'http://127.0.0.1:1'];
    const made = await good(alice, [...nowhere, 'account', 'new', 'alice']);
    assert.match(made.address, /^azalea1[a-z0-9]{50,}$/);
    aliceAddress = made.address;
    bobAddress = (await good(bob, ['account', 'new'])).address;
    assert.deepEqual(await good(alice, ['account', 'list']), [
      { alias: 'alice', address: aliceAddress, current: true },
    ]);
    await refused(alice, 'ALIAS_TAKEN', ['account', 'new', 'alice']);
    await refused(alice, 'SEQUENCER_UNREACHABLE', [...nowhere, 'balance']);
  });

  test('a wrong passphrase, and none', async () => {
    await refused({ ...alice, passphrase: 'another' }, 'PXE_STORE_PASSPHRASE_WRONG', ['account', 'list']);
    await refused({ ...alice, passphrase: 'another' }, 'PXE_STORE_PASSPHRASE_WRONG', ['balance']);
    await refused(alice, 'PASSPHRASE_MISSING', ['account', 'list'], { passphrase: undefined });
    await refused(alice, 'CONFIRMATION_REQUIRED', ['account', 'export']);
  });

  test('deposits ETH and tokens', async () => {
    const token = await good(alice, ['deposit', '5000', '--token', net.token, '--no-wait']);
    assert.deepEqual([token.deposit, token.amount, token.l2Block], [0, '5000', null]);
    const eth = await good(alice, ['deposit', '1']);
    assert.equal(eth.amount, String(parseEther('1')));
    assert.ok(eth.l2Block >= 1);
    const [balance] = await good(alice, ['balance']);
    assert.equal(balance.eth, String(parseEther('1')));
    assert.deepEqual(
      balance.tokens.map((each: any) => [each.token.toLowerCase(), each.amount]),
      [[net.token.toLowerCase(), '5000']],
    );
  });

  test('refuses mistyped addresses, amounts and balances before anything is proven', async () => {
    const last = bobAddress.at(-1) === 'q' ? 'p' : 'q';
    const mistyped = `${bobAddress.slice(0, -1)}${last}`;
    await refused(alice, 'TEXT_FORM', ['send', '0.1', '--to', mistyped]);
    await refused(alice, 'AMOUNT_INVALID', ['send', '0.1e3', '--to', bobAddress]);
    await refused(alice, 'AMOUNT_INVALID', ['send', '0', '--to', bobAddress]);
    await refused(alice, 'INSUFFICIENT_BALANCE', ['send', '1.000000000000000001', '--to', bobAddress]);
    await refused(alice, 'INSUFFICIENT_BALANCE', ['send', '5001', '--token', net.token, '--to', bobAddress]);
    await refused(alice, 'L1_ADDRESS_INVALID', ['withdraw', '0.1', '--to', bobAddress]);
    await refused(alice, 'RECORD_NOT_SETTLED', ['call', 'token.aleo', 'burn', `0x${'0'.repeat(63)}1`, '1']);
    await refused(alice, 'USAGE', ['send', '1']);
  });

  test('an interrupted proof leaves nothing behind', async () => {
    const result = await cli(alice, ['send', '0.25', '--to', bobAddress], {
      interrupt: { when: 'proof 0 %', signal: 'SIGINT' },
    });
    assert.equal(result.status, 130, result.stderr);
    const [{ records }] = await good(alice, ['records']);
    assert.deepEqual(
      records.map((record: any) => record.waiting),
      [false, false],
    );
  });

  test('sends in private; the receiver finds it', async () => {
    const sent = await good(alice, ['send', '0.25', '--to', bobAddress]);
    assert.equal(sent.status, 'settled');
    assert.match(sent.transaction, /^0x[0-9a-f]{64}$/);
    assert.ok(sent.proofSeconds > 0);
    const [balance] = await good(bob, ['balance']);
    assert.equal(balance.eth, String(parseEther('0.25')));
    const human = await cli(alice, ['balance']);
    assert.match(human.stdout, /0\.75 ETH {2}credits\.aleo/);
  });

  test('withdraws and claims on L1', async () => {
    const receiver = net.accounts[4];
    const key = { environment: { AZALEA_L1_KEY: receiver.privateKey } };
    await refused(bob, 'NOTHING_TO_CLAIM', ['claim'], key);
    const done = await good(bob, ['withdraw', '0.1', '--to', receiver.address]);
    assert.equal(done.status, 'settled');
    const before = await net.client.getBalance({ address: receiver.address });
    const claimed = await good(bob, ['claim'], key);
    assert.equal(claimed.amount, String(parseEther('0.1')));
    const gained = (await net.client.getBalance({ address: receiver.address })) - before;
    assert.ok(gained > parseEther('0.099') && gained < parseEther('0.1'), String(gained));
    const [balance] = await good(bob, ['balance']);
    assert.equal(balance.eth, String(parseEther('0.15')));
  });

  test('a seed alone restores every record', async () => {
    const records = await good(alice, ['records', '--all']);
    const balance = await good(alice, ['balance']);
    assert.equal(records[0].records.length, 3);
    const { seed } = await good(alice, ['account', 'export', '--yes']);
    const plain = await cli(alice, ['account', 'export', 'alice', '--yes']);
    assert.equal(plain.stdout, `${seed}\n`);
    assert.ok(!plain.stderr.includes(seed));
    rmSync(alice.store, { recursive: true });
    await refused(alice, 'SECRET_IN_ARGUMENTS', ['account', 'import', seed]);
    await refused(alice, 'TEXT_FORM', ['account', 'import', 'alice'], { input: `${seed.slice(0, -1)}\n` });
    const restored: User = { ...alice, passphrase: 'a new passphrase' };
    const made = await good(restored, ['account', 'import', 'alice'], { input: `${seed}\n` });
    assert.equal(made.address, aliceAddress);
    assert.deepEqual(await good(restored, ['records', '--all']), records);
    assert.deepEqual(await good(restored, ['balance']), balance);
    assert.ok(!written.includes(seed), 'the seed was written by another command than export');
  });

  test('the walkthroughs of README and docs run as they stand', async () => {
    const checkout = join(directory, 'checkout');
    const home = join(directory, 'home');
    linkCheckout(checkout);
    mkdirSync(home);
    await writeDevnet(join(checkout, 'devnet.json'), describeDevnet(net));
    const run = async (line: string, file: string): Promise<string> => {
      const { status, stdout, stderr } = await runShown(line, checkout, home);
      assert.equal(status, 0, `${file}: ${line}\n${stdout}${stderr}`);
      return stdout;
    };
    for (const { file, line } of walkthrough())
      assert.notEqual(await run(line, file), '', `${file}: ${line}`);
    // README deposits 1 and 0.5 ETH, sends 0.25, withdraws 0.1; docs/wallet.md joins what is left.
    const [alices, bobs] = JSON.parse(await run('npx azalea --json balance', 'this test'));
    assert.deepEqual([alices.eth, bobs.eth], [String(parseEther('1.15')), String(parseEther('0.25'))]);
    const [{ records }] = JSON.parse(await run('npx azalea --json records', 'this test'));
    const types = records.map(({ type }: { type: string }) => type).sort();
    assert.deepEqual(types, ['credits.aleo/credits', 'lottery.aleo/points', 'token.aleo/token']);
  });

  test('recognises a store of another rollup', async () => {
    const other = await start();
    try {
      const file = join(directory, 'other.json');
      await writeDevnet(file, describeDevnet(other));
      await refused(bob, 'PXE_STORE_FOREIGN', ['--devnet', file, 'balance']);
    } finally {
      await other.close();
    }
    await good(bob, ['balance']);
  });
});
