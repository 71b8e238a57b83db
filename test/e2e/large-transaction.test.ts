/**
 * A small and a large transaction settle in one block over a real node and real HTTP. The receiver finds the large one's
 * records, from the sequencer and from L1 alone. The large proving key is made when the first wallet needs it.
 */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Devnet, startDevnet } from '../../devnet/start.ts';
import { readEvents } from '../../l1/events.ts';
import { decodeBlock } from '../../protocol/transaction/block.ts';
import { ensureDevVerificationKeys } from '../../prover/node/dev-keys.ts';
import type { ClientAccount } from '../../pxe/client/account.ts';
import type { Azalea } from '../../pxe/client/azalea.ts';
import type { ClientProgram } from '../../pxe/client/program.ts';
import { connect } from '../../pxe/node/connect.ts';
import { SequencerClient } from '../../rpc/client.ts';
import { madeOnDemand } from '../../sequencer/keys/dev-proving-key.ts';
import { loadConfig } from '../../sequencer/process/config.ts';
import { createLog } from '../../sequencer/process/log.ts';
import { startService } from '../../sequencer/process/service.ts';
import { MERGE_PROGRAM } from '../support/program/merge-program.ts';
import { removeDirectory, temporaryDirectory } from '../support/sequencer/sequencer-harness.ts';

interface User {
  readonly azalea: Azalea;
  readonly account: ClientAccount;
  readonly merge: ClientProgram;
}

describe('a large transaction', { timeout: 900_000 }, () => {
  let net: Devnet;
  let alice: User;
  let bob: User;
  const built: number[] = [];
  const downloaded = new Set<string>();

  const open = async (alias: string, options: { seed?: string; notesFromL1?: boolean } = {}) => {
    const azalea = await connect({
      sequencer: net.service.url,
      l1: net.l1Url,
      passphrase: 'a passphrase',
      keyDerivation: { N: 2 ** 4, r: 8, p: 1 },
      pollMs: 100,
      notesFromL1: options.notesFromL1,
      onKeyBuilding: (_circuit, fraction) => built.push(fraction),
      onKeyDownload: (file) => downloaded.add(file),
    });
    const account =
      options.seed === undefined
        ? await azalea.accounts.create(alias)
        : await azalea.accounts.import(options.seed, alias);
    return { azalea, account, merge: await azalea.programs.load(MERGE_PROGRAM) };
  };
  /** Files are kept by content on this machine, so whether one is downloaded depends on earlier runs; this does not. */
  const offersLargeKey = async (): Promise<boolean> =>
    (await alice.azalea.pxe.sequencer.getInfo()).artifacts.some(
      ({ name }) => name === 'transition-large.zkey',
    );
  const amounts = ({ azalea, account }: User): unknown[] =>
    azalea.records(account).map(({ data }) => data.amount);

  before(async () => {
    net = await startDevnet({
      circuits: ['transition-small', 'state-update-small'],
      laterCircuits: ['transition-large'],
      software: 'test',
      log: createLog('silent'),
      // A block begins when two transactions wait: which ones share it does not depend on how long proofs take.
      sequencer: { blockTransactions: 2, blockDelayMs: 600_000 },
    });
    alice = await open('alice');
    bob = await open('bob');
  });
  after(async () => {
    await alice?.azalea.close();
    await bob?.azalea.close();
    await net?.close();
  });

  test('whoever only reads downloads no key; the rollup has both sizes from the start', async () => {
    assert.deepEqual([...downloaded], []);
    assert.deepEqual(
      alice.azalea.pxe.rollup.keys.map(({ name }) => name),
      ['transition-small', 'transition-large', 'state-update-small'],
    );
    const { keys } = await alice.azalea.pxe.sequencer.getInfo();
    assert.deepEqual(
      keys.filter(({ role }) => role === 'transition').map(({ circuit }) => circuit),
      ['transition-small', 'transition-large'],
    );
  });

  test('settles in one block with a small one, and four records are found', async () => {
    const mint = (user: User, amount: bigint) =>
      user.merge.functions.mint(user.account.address, amount).send({ from: user.account });
    const first = [await mint(alice, 103n), await mint(bob, 5n)];
    for (const { id } of first) await alice.azalea.pxe.wait(id);
    await alice.azalea.sync();
    assert.deepEqual(amounts(alice), ['103u64']);
    assert.ok(
      ![...downloaded].some((file) => file.startsWith('transition-large')),
      'not before it is needed',
    );
    assert.equal(await offersLargeKey(), false);

    const started = performance.now();
    const [coin] = alice.azalea.records(alice.account);
    const large = await alice.merge.functions
      .split_four(coin.commitment, bob.account.address)
      .send({ from: alice.account });
    const proven = performance.now();
    const small = await mint(bob, 7n);
    const status = await alice.azalea.pxe.wait(large.id);
    await bob.azalea.pxe.wait(small.id);
    console.log(
      `large: sent after ${((proven - started) / 1000).toFixed(1)} s (key ${built.length > 0 ? 'made' : 'there'}), settled after ${((performance.now() - proven) / 1000).toFixed(1)} s more`,
    );
    assert.ok(await offersLargeKey(), 'made for the first who asked');

    const { transactionIds, bytes } = await alice.azalea.pxe.sequencer.getBlock(status.l2Block!);
    assert.deepEqual(transactionIds, [large.id, small.id]);
    const head = Number(await net.client.getBlockNumber());
    const settled = (await readEvents(net.client, net.rollup, 0, head)).blocks.at(-1)!;
    assert.equal(`0x${Buffer.from(settled.bytes).toString('hex')}`, bytes);
    const block = decodeBlock(settled.bytes);
    assert.deepEqual(
      block.transitions.map(({ keyId, signals }) => [keyId, signals.length]),
      [
        [1, 49],
        [0, 27],
      ],
    );
    // Six nullifiers and six commitments over two chunks of four.
    assert.equal(block.chunks.length, 2);

    await bob.azalea.sync();
    assert.deepEqual(amounts(bob), ['5u64', '25u64', '25u64', '25u64', '28u64', '7u64']);
    assert.deepEqual(amounts(alice), []);
  });

  test('what a large transaction made can be spent, three records at once', async () => {
    const [, ...quarters] = bob.azalea.records(bob.account).map(({ commitment }) => commitment);
    const merged = await bob.merge.functions
      .merge_three(quarters[0], quarters[1], quarters[2], alice.account.address)
      .send({ from: bob.account });
    const other = await bob.merge.functions.mint(bob.account.address, 1n).send({ from: bob.account });
    await bob.azalea.pxe.wait(merged.id);
    await bob.azalea.pxe.wait(other.id);
    await alice.azalea.sync();
    await bob.azalea.sync();
    assert.deepEqual(amounts(alice), ['75u64']);
    assert.deepEqual(amounts(bob), ['5u64', '28u64', '7u64', '1u64']);
  });

  test('a wallet restored from its seed finds the same from L1 alone', async () => {
    const seed = bob.azalea.accounts.exportSeed('bob');
    const restored = await open('bob', { seed, notesFromL1: true });
    await restored.azalea.sync();
    assert.deepEqual(amounts(restored), amounts(bob));
    await restored.azalea.close();
  });

  test('a fresh sequencer rebuilds the same from L1 alone', async () => {
    const dataDirectory = temporaryDirectory();
    const config = loadConfig({
      overrides: {
        l1Url: net.l1Url,
        rollup: net.rollup.rollup,
        proposerKey: net.accounts[5].privateKey,
        dataDirectory,
        port: 0,
        pollMs: 100,
        logLevel: 'silent',
      },
    });
    const laterKeys = (await ensureDevVerificationKeys(['transition-large'])).map((key) => madeOnDemand(key));
    const fresh = await startService({ config, keys: net.keys, laterKeys, software: 'test' });
    try {
      const client = new SequencerClient({ url: fresh.url });
      while ((await client.getHealth()).status !== 'ok')
        await new Promise((resolve) => setTimeout(resolve, 50));
      assert.deepEqual(await client.getNotes(), await bob.azalea.pxe.sequencer.getNotes());
    } finally {
      await fresh.close();
      removeDirectory(dataDirectory);
    }
  });
});
