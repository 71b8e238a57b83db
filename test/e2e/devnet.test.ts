/** `npm run devnet` and `npm run example` as processes: what docs/devnet.md promises. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createPublicClient, http, parseEther } from 'viem';
import { type DevnetDescription, readDevnet } from '../../host/devnet-file.ts';
import { SequencerClient } from '../../rpc/client.ts';

const script = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'azalea-devnet-'));
const file = join(directory, 'devnet.json');

interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
}

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  stdout(): string;
  stderr(): string;
}

function run(path: string, args: readonly string[] = []): Running {
  const child = spawn(process.execPath, [script(path), ...args], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout!.on('data', (data) => {
    stdout += data;
  });
  child.stderr!.on('data', (data) => {
    stderr += data;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (status, signal) => resolve({ status, signal }));
  });
  return { child, ended, stdout: () => stdout, stderr: () => stderr };
}

describe('the devnet', { timeout: 800_000 }, () => {
  let devnet: Running;
  let description: DevnetDescription;

  before(async () => {
    devnet = run('devnet/main.ts', ['--l1-port', '0', '--port', '0', '--no-large']);
    const up = async (): Promise<void> => {
      while (!devnet.stdout().includes('Try it:')) await new Promise((resolve) => setTimeout(resolve, 100));
    };
    const early = devnet.ended.then(() => assert.fail(devnet.stderr()));
    await Promise.race([up(), early]);
    early.catch(() => {});
    description = await readDevnet(file);
  });
  after(async () => {
    devnet?.child.kill('SIGKILL');
    await devnet?.ended;
    rmSync(directory, { recursive: true, force: true });
  });

  test('describes what really listens', async () => {
    const info = await new SequencerClient({ url: description.sequencerUrl }).getInfo();
    assert.equal(info.rollupId, description.rollupId);
    assert.equal(info.bridge.toLowerCase(), description.bridge.toLowerCase());
    assert.deepEqual(
      info.keys.map(({ circuit, hash }) => [circuit, hash]).sort(),
      description.keys.map(({ name, hash }) => [name, hash]).sort(),
    );
    assert.deepEqual(description.keys.map(({ name }) => name).sort(), [
      'state-update-small',
      'transition-small',
    ]);
    assert.equal(description.insecureKeys, true);
    const l1 = createPublicClient({ transport: http(description.l1Url) });
    assert.equal(await l1.getChainId(), description.chainId);
    for (const address of [description.rollup, description.bridge, description.token]) {
      assert.ok(((await l1.getCode({ address })) ?? '0x').length > 100, address);
    }
    for (const { address } of description.accounts.slice(0, 3)) {
      assert.equal(await l1.getBalance({ address }), parseEther('10000'));
    }
  });

  test('prints the accounts with the warning that they are public', () => {
    const text = devnet.stdout();
    assert.match(text, /private keys are publicly known/);
    assert.match(text, /WILL BE LOST/);
    assert.match(text, /INSECURE development keys/);
    assert.match(text, /starts afresh/);
    for (const { address, privateKey } of description.accounts) {
      assert.ok(text.includes(address) && text.includes(privateKey), address);
    }
    assert.ok(!description.accounts.some(({ address }) => text.includes(`blocks with ${address}`)));
  });

  test('says at once that a port is taken', async () => {
    const { port } = new URL(description.l1Url);
    const second = run('devnet/main.ts', ['--l1-port', port, '--file', 'second.json', '--quiet']);
    assert.equal((await second.ended).status, 1);
    assert.match(second.stderr(), /^PORT_UNAVAILABLE: [^\n]*--l1-port[^\n]*\n$/);
    assert.ok(!existsSync(join(directory, 'second.json')));
    const server = createServer();
    const taken = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    });
    const third = run('devnet/main.ts', ['--l1-port', '0', '--port', String(taken), '--quiet']);
    assert.equal((await third.ended).status, 1);
    assert.match(third.stderr(), /^PORT_UNAVAILABLE: [^\n]*--port/);
    await new Promise((resolve) => server.close(resolve));
  });

  test('carries the example, which has fewer than 50 lines', async () => {
    assert.ok(readFileSync(script('examples/private-transfer.ts'), 'utf8').split('\n').length <= 50);
    const example = run('examples/private-transfer.ts');
    assert.equal((await example.ended).status, 0, example.stderr());
    assert.match(example.stdout(), /Alice has 70 tokens\nBob has {3}30 tokens\n$/);
  });

  test('ends with Ctrl-C, takes its file away, and leaves both ports', async () => {
    const left = readFileSync(file, 'utf8');
    devnet.child.kill('SIGINT');
    assert.deepEqual(await devnet.ended, { status: 0, signal: null });
    assert.ok(!existsSync(file));
    await assert.rejects(() => fetch(description.l1Url));
    await assert.rejects(() => fetch(description.sequencerUrl));
    // Without a devnet, and with the file of one that was killed, the example says what to do.
    for (const [code, text] of [
      ['DEVNET_FILE_MISSING', undefined],
      ['DEVNET_NOT_RUNNING', left],
    ] as const) {
      if (text !== undefined) writeFileSync(file, text);
      const example = run('examples/private-transfer.ts');
      assert.equal((await example.ended).status, 1);
      assert.match(example.stderr(), new RegExp(`^${code}: [^\\n]*npm run devnet[^\\n]*\\n$`));
    }
  });

  test('interrupted before it is up: ends cleanly, too', async () => {
    const early = run('devnet/main.ts', [
      '--l1-port',
      '0',
      '--port',
      '0',
      '--no-large',
      '--file',
      'early.json',
    ]);
    while (!early.stderr().includes('> Contracts')) await new Promise((resolve) => setTimeout(resolve, 20));
    early.child.kill('SIGTERM');
    assert.deepEqual(await early.ended, { status: 0, signal: null });
    assert.ok(!existsSync(join(directory, 'early.json')));
  });
});
