/** Services that npm or an older Node starts: signals reach them, and they end when their starter is killed. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'azalea-services-'));
after(() => rmSync(directory, { recursive: true, force: true }));

/** A program as the services are: it listens, says where, and ends in peace when it is told to stop. */
const SERVICE = `
import { createServer } from 'node:net';
import { onStopSignal } from ${JSON.stringify(root('host/stop-signals.ts'))};
const server = createServer((socket) => socket.destroy());
onStopSignal(() => { console.log('stopping'); setTimeout(() => process.exit(7), 200); });
server.listen(0, '127.0.0.1', () => console.log('port ' + server.address().port));
`;
writeFileSync(join(directory, 'service.ts'), SERVICE);
writeFileSync(
  join(directory, 'launch.mjs'),
  `import { startOnNode24 } from ${JSON.stringify(root('host/start-on-node24.mjs'))};
   Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.0.0' } });
   await startOnNode24(new URL('./service.ts', import.meta.url), []);`,
);
writeFileSync(
  join(directory, 'package.json'),
  JSON.stringify({
    type: 'module',
    scripts: {
      direct: 'node service.ts',
      launched: 'node launch.mjs',
      // A shell that stays between npm and the program.
      shell: 'node service.ts; true',
    },
  }),
);

interface Service {
  readonly starter: ChildProcess;
  readonly port: number;
  readonly lines: string[];
  readonly closed: Promise<unknown>;
}

async function start(command: string, ...args: string[]): Promise<Service> {
  const starter = spawn(command, args, { cwd: directory, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  // Closed when every process that holds the pipe has ended.
  const closed = once(starter, 'close');
  const port = await new Promise<number>((resolve, reject) => {
    starter.once('error', reject);
    closed.then(() => reject(new Error(`ended early: ${lines.join(' | ')}`)));
    createInterface(starter.stdout!).on('line', (line) => {
      lines.push(line);
      const found = /^port (\d+)$/.exec(line);
      if (found !== null) resolve(Number(found[1]));
    });
  });
  return { starter, port, lines, closed };
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const connected = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return connected;
}

describe('a service that npm started', { timeout: 60_000 }, () => {
  for (const script of ['direct', 'launched', 'shell']) {
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      test(`ends in peace when npm gets ${signal}: ${script}`, async () => {
        const service = await start('npm', 'run', '--silent', script);
        assert.ok(await listens(service.port));
        service.starter.kill(signal);
        await service.closed;
        assert.ok(service.lines.includes('stopping'), service.lines.join());
        assert.equal(await listens(service.port), false);
      });
    }
  }
});

describe('a launched service', { timeout: 60_000 }, () => {
  test('gets signals, repeated ones too, and its exit status comes back', async () => {
    const { starter, closed, lines } = await start(process.execPath, 'launch.mjs');
    starter.kill('SIGINT');
    starter.kill('SIGINT');
    starter.kill('SIGTERM');
    assert.deepEqual(await closed, [7, null]);
    assert.equal(lines.filter((line) => line === 'stopping').length, 1);
  });

  test('ends when its launcher is killed', async () => {
    const { starter, closed, port, lines } = await start(process.execPath, 'launch.mjs');
    starter.kill('SIGKILL');
    await closed;
    assert.ok(lines.includes('stopping'));
    assert.equal(await listens(port), false);
  });
});

test('a service that was started directly outlives its shell', { timeout: 60_000 }, async () => {
  const { npm_command: _, AZALEA_LAUNCHER: __, ...env } = process.env;
  const shell = spawnSync(
    'sh',
    // The shell ends once the service listens, however long its start takes.
    [
      '-c',
      `"${process.execPath}" service.ts > out.txt 2>&1 & echo $!; until grep -q '^port' out.txt; do sleep 0.1; done`,
    ],
    {
      timeout: 50_000,
      cwd: directory,
      env,
      encoding: 'utf8',
    },
  );
  const pid = Number(shell.stdout.trim());
  await new Promise((resolve) => setTimeout(resolve, 1200));
  try {
    const port = Number(/port (\d+)/.exec(readFileSync(join(directory, 'out.txt'), 'utf8'))?.[1]);
    assert.ok(await listens(port));
  } finally {
    process.kill(pid, 'SIGKILL');
  }
});

test('each program that is installed starts', () => {
  const { bin } = JSON.parse(readFileSync(root('package.json'), 'utf8')) as { bin: Record<string, string> };
  assert.deepEqual(Object.keys(bin), ['azalea', 'azalea-sequencer']);
  const help = (file: string, ...args: string[]) =>
    spawnSync(process.execPath, [root(file), ...args, '--help'], { encoding: 'utf8' });
  for (const [args, usage] of [
    [[bin.azalea], /^Usage: azalea /],
    [[bin.azalea, 'devnet'], /^Usage: devnet /],
    [[bin.azalea, 'sequencer'], /^Usage: sequencer /],
    [[bin['azalea-sequencer']], /^Usage: sequencer /],
  ] as const) {
    const { status, stdout, stderr } = help(args[0], ...args.slice(1));
    assert.equal(status, 0, stderr);
    assert.match(stdout, usage);
  }
});

test('npm ci says nothing about engines, whatever Node runs it', { timeout: 60_000 }, () => {
  const install = mkdtempSync(join(directory, 'install-'));
  for (const file of ['package.json', 'package-lock.json', '.npmrc']) cpSync(root(file), join(install, file));
  const lock = JSON.parse(readFileSync(join(install, 'package-lock.json'), 'utf8'));
  lock.packages['node_modules/viem'].engines = { node: '>=9999' };
  writeFileSync(join(install, 'package-lock.json'), JSON.stringify(lock));
  // npm hands its settings down to scripts, the log level among them: this test may run in one.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  const ci = () =>
    spawnSync('npm', ['ci', '--dry-run', '--ignore-scripts'], { cwd: install, encoding: 'utf8', env });
  const quiet = ci();
  assert.deepEqual([quiet.status, quiet.stderr], [0, '']);
  rmSync(join(install, '.npmrc'));
  assert.match(ci().stderr, /EBADENGINE/);
});
