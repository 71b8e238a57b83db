/** Keys made in a process of their own: the same keys, and nothing half made or left running, however it ends. */
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import type { PublicCircuitKey, SetupEvent } from '../../prover/node/dev-key-builder.ts';
import { ensureDevKeys, ensureDevVerificationKeys } from '../../prover/node/dev-keys.ts';
import { ensureDevKeyInChild } from '../../prover/node/key-process.ts';
import { SnarkjsProver } from '../../prover/node/snarkjs-prover.ts';
import { madeOnDemand } from '../../sequencer/keys/dev-proving-key.ts';
import { ProvingKeys } from '../../sequencer/keys/proving-keys.ts';
import { builderOf, childrenOf, endOf, isRunning, keyCache, keyEntries } from '../support/keys/key-cache.ts';

const PROGRAM = fileURLToPath(new URL('../support/keys/key-builder-program.ts', import.meta.url));
const log = pino({ level: 'silent' });

describe('a key made in a process of its own', { timeout: 180_000 }, () => {
  const { cache, source } = keyCache();
  /** Calls `act` once, with the builder's process id, when a part of the key is made. */
  const halfway = (act: (pid: number) => void): ((event: SetupEvent) => void) => {
    let done = false;
    return ({ stage, fraction }) => {
      if (done || stage !== 'key' || fraction === 0 || fraction > 0.9) return;
      done = true;
      act(builderOf(cache));
    };
  };
  const build = (onProgress?: (event: SetupEvent) => void, signal?: AbortSignal) =>
    ensureDevKeyInChild(source, { cache, threads: 1, onProgress, signal });
  const removeKeys = (): void => rmSync(join(cache, 'keys'), { recursive: true, force: true });

  before(() => ensureDevVerificationKeys([source], { cache, threads: 1 }));
  afterEach(removeKeys);
  after(() => rmSync(cache, { recursive: true }));

  test('is the one that this process would make, byte by byte, and proves', async () => {
    const fractions: number[] = [];
    let builder = 0;
    const events = halfway((pid) => (builder = pid));
    const key = await build((event) => {
      events(event);
      if (event.stage === 'key') fractions.push(event.fraction);
    });
    assert.ok(key.built);
    assert.notEqual(builder, 0);
    assert.notEqual(builder, process.pid);
    assert.equal(isRunning(builder), false);
    assert.ok(fractions.length > 3, `${fractions.length} reports`);
    assert.deepEqual(
      fractions,
      fractions.toSorted((a, b) => a - b),
    );
    assert.equal(fractions.at(-1), 1);
    const prover = new SnarkjsProver({ keys: [key] });
    const { publicSignals } = await prover.prove('chain', { x: 5n }).finally(() => prover.close());
    assert.equal(publicSignals.length, 1);

    const bytes = readFileSync(key.zkeyFile);
    removeKeys();
    const [own] = await ensureDevKeys([source], { cache });
    assert.ok(own.built);
    assert.deepEqual({ ...own, circuit: undefined }, { ...key, circuit: undefined });
    assert.ok(bytes.equals(readFileSync(own.zkeyFile)));
  });

  test('is made once for two who ask at once', async () => {
    const keys = await Promise.all([build(), build()]);
    assert.deepEqual(keys.map(({ built }) => built).sort(), [false, true]);
    assert.deepEqual(keys[0].verificationKey, keys[1].verificationKey);
    assert.equal(keyEntries(cache).length, 1);
  });

  test('is not there when its process is killed, which is a typed error; the next one clears up', async () => {
    let killed = 0;
    const kill = halfway((pid) => {
      killed = pid;
      process.kill(pid, 'SIGKILL');
    });
    await assert.rejects(build(kill), { code: 'KEY_BUILD_FAILED', message: /SIGKILL.*out of memory/ });
    assert.equal(isRunning(killed), false);
    const left = keyEntries(cache);
    assert.equal(left.filter((name) => name.includes('.building-')).length, 1, left.join());
    assert.equal(left.filter((name) => name.endsWith('-v1')).length, 0, left.join());
    assert.ok((await build()).built);
    assert.equal(keyEntries(cache).length, 1);
  });

  test('leaves neither a process nor a file when it is cancelled', async () => {
    const stop = new AbortController();
    let builder = 0;
    const cancel = halfway((pid) => {
      builder = pid;
      stop.abort(new Error('enough'));
    });
    await assert.rejects(build(cancel, stop.signal), /enough/);
    assert.notEqual(builder, 0);
    assert.equal(isRunning(builder), false);
    assert.deepEqual(keyEntries(cache), []);
    await assert.rejects(build(undefined, stop.signal), /enough/);
    const other = new AbortController();
    const early = build(undefined, other.signal);
    other.abort(new Error('at once'));
    await assert.rejects(early, /at once/);
    assert.deepEqual(keyEntries(cache), []);
  });

  test('leaves neither when the program that wanted it is killed', async () => {
    const program = fork(PROGRAM, [source, cache], { execArgv: [] });
    const builder = await new Promise<number>((resolve) => program.on('message', halfway(resolve)));
    program.kill('SIGKILL');
    await once(program, 'exit');
    await endOf(builder);
    assert.deepEqual(keyEntries(cache), []);
  });

  test('a compiler whose parent is killed ends, too', async () => {
    // Compiling it takes far longer than `endOf` waits.
    const fresh = keyCache(400_000);
    const running = Promise.withResolvers<number>();
    const building = ensureDevKeyInChild(fresh.source, {
      cache: fresh.cache,
      onProgress: ({ stage, fraction }) =>
        stage === 'compile' &&
        fraction > 0 &&
        fraction < 1 &&
        running.resolve(builderOf(fresh.cache, 'circuits')),
    });
    const refused = assert.rejects(building, { code: 'KEY_BUILD_FAILED' });
    const builder = await running.promise;
    const compilers = childrenOf(builder);
    assert.equal(compilers.length, 1);
    process.kill(builder, 'SIGKILL');
    await refused;
    await endOf(compilers[0]);
    rmSync(fresh.cache, { recursive: true });
  });

  test('a circuit that does not exist is the error that it always was', async () => {
    await assert.rejects(ensureDevKeyInChild('no-such-circuit', { cache }), {
      code: 'CIRCUIT_NOT_FOUND',
      message: /no-such-circuit/,
    });
  });

  describe('on demand of clients', () => {
    let key: PublicCircuitKey;
    let keys: ProvingKeys;
    const made: string[] = [];

    const open = (known: PublicCircuitKey): void => {
      const { build } = madeOnDemand(known, { cache, source });
      keys = new ProvingKeys(
        { ready: [], later: [{ circuit: 'chain', build }] },
        { log, onMade: async ({ zkeyFile }) => void made.push(zkeyFile) },
      );
    };
    const untilNot = async (state: () => boolean): Promise<void> => {
      while (state()) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    const isBuilding = (): boolean => keys.request('chain').state === 'building';

    before(async () => {
      [key] = await ensureDevVerificationKeys([source], { cache });
    });
    afterEach(() => keys.close());

    test('all who ask join the making under way, and see how far it is', async () => {
      open(key);
      const fractions = new Set<number>();
      await untilNot(() => {
        const all = [keys.request('chain'), keys.request('chain')];
        assert.deepEqual(all[0], all[1]);
        fractions.add(all[0].fraction);
        return all[0].state === 'building';
      });
      assert.ok(fractions.size > 3, [...fractions].join());
      assert.equal(made.length, 1);
      assert.ok(readFileSync(made[0]).length > 500_000);
    });

    test('closing ends the process that makes it, and leaves no file', async () => {
      open(key);
      await untilNot(() => keys.request('chain').fraction === 0);
      const builder = builderOf(cache);
      assert.ok(isRunning(builder));
      await keys.close();
      assert.equal(isRunning(builder), false);
      assert.deepEqual(
        keyEntries(cache).filter((name) => !name.endsWith('-verification')),
        [],
      );
    });

    test('a process that dies is a typed error; the next question tries again', async () => {
      open(key);
      await untilNot(() => keys.request('chain').fraction === 0);
      process.kill(builderOf(cache), 'SIGKILL');
      await assert.rejects(untilNot(isBuilding), {
        code: 'PROVING_KEY_FAILED',
        message: /KEY_BUILD_FAILED: the process that made the key of .*chain.circom ended \(SIGKILL\)/,
      });
      await untilNot(isBuilding);
      assert.deepEqual(keys.request('chain'), { circuit: 'chain', state: 'ready', fraction: 1 });
    });

    test('a key other than the one that the rollup was deployed with is refused', async () => {
      const { vk_alpha_1 } = key.verificationKey;
      open({ ...key, verificationKey: { ...key.verificationKey, IC: [vk_alpha_1] } });
      await assert.rejects(untilNot(isBuilding), { code: 'PROVING_KEY_FAILED', message: /KEY_MISMATCH/ });
    });
  });
});
