import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { L1Client } from '../../../l1/client.ts';
import { firstBlockSince } from '../../../l1/settled-block.ts';
import { birthdayFromText, birthdayToText } from '../../../protocol/text.ts';
import { memoryBackend } from '../../../pxe/store/backend.ts';
import { BIRTHDAY_MARGIN_MS } from '../../../pxe/sync/account-search.ts';
import { type SyncProgress, trackProgress } from '../../../pxe/sync/sync-progress.ts';
import { FakeChain, openPxe, pay } from '../../support/wallet/fake-note-chain.ts';

const NOW = Date.parse('2026-12-01');

describe('birthdays', () => {
  it('are days in UTC, none in the future', () => {
    assert.equal(birthdayToText(birthdayFromText('2026-11-30', NOW)), '2026-11-30');
    assert.equal(birthdayFromText('2026-12-01', NOW), NOW);
    for (const text of [
      '2026-12-02',
      '2026-02-30',
      '2026-1-1',
      '1999-01-01',
      '',
      'yesterday',
      '2026-11-30 ',
    ]) {
      assert.throws(() => birthdayFromText(text, NOW), { code: 'BIRTHDAY_INVALID' }, text);
    }
  });

  it('keep an account from being searched for in earlier blocks, and only there', async () => {
    const chain = new FakeChain();
    const other = await openPxe(chain);
    const alice = await other.keys.add();
    for (const salt of ['a', 'b', 'c', 'd']) chain.add(salt, [pay(alice, alice.keys.address.x, 1n)]);
    // L1 block n holds L2 block n, at the time n.
    const asked: number[] = [];
    const l1BlockSince = async (time: number) => {
      asked.push(time);
      return time > 4 ? undefined : Math.max(1, time);
    };
    const backend = memoryBackend();
    const pxe = await openPxe(chain, backend, chain, { l1BlockSince });
    const held = await pxe.keys.add({ seed: alice.keys.seed, birthday: 3 + BIRTHDAY_MARGIN_MS });
    await pxe.synchronizer.sync();
    const found = () => pxe.records.all(alice.keys.address.x).map(({ block }) => block);
    assert.deepEqual(found(), [3, 4]);
    assert.equal(held.scannedTo, 4);
    chain.add('e', [pay(alice, alice.keys.address.x, 1n)]);
    await pxe.synchronizer.sync();
    assert.deepEqual(found(), [3, 4, 5]);
    assert.deepEqual(asked, [3], 'L1 is asked once');
    const reopened = await openPxe(chain, backend, chain, { l1BlockSince });
    assert.equal(reopened.keys.get(alice.keys.address.x).searchFrom, 3);
    assert.equal(reopened.keys.get(alice.keys.address.x).birthday, 3 + BIRTHDAY_MARGIN_MS);
  });

  it('let a fresh account pass over applied blocks without fetching them', async () => {
    const chain = new FakeChain();
    let fetched = 0;
    const source = {
      getNotes: (page: Parameters<FakeChain['getNotes']>[0]) => {
        fetched++;
        return chain.getNotes(page);
      },
    };
    const pxe = await openPxe(chain, memoryBackend(), source, { l1BlockSince: async () => 4 });
    const alice = await pxe.keys.add();
    for (const salt of ['a', 'b', 'c', 'd']) chain.add(salt, [pay(alice, alice.keys.address.x, 1n)]);
    await pxe.synchronizer.sync();
    const bob = await pxe.keys.add();
    fetched = 0;
    await pxe.synchronizer.sync();
    assert.equal(bob.scannedTo, 4);
    // The newest block for a reorganisation, block 4 for Bob, and what comes after it.
    assert.equal(fetched, 3);
  });

  it('hide nothing when L1 cannot say, when a clock is wrong, or when none is known', async () => {
    const chain = new FakeChain();
    const other = await openPxe(chain);
    const alice = await other.keys.add();
    chain.add('a', [pay(alice, alice.keys.address.x, 1n)]);
    const { seed } = alice.keys;
    for (const [l1BlockSince, birthday] of [
      [async () => undefined, NOW],
      [() => Promise.reject(new Error('unreachable')), NOW],
      [async () => 1000, undefined],
      [undefined, NOW],
    ] as const) {
      const pxe = await openPxe(chain, memoryBackend(), chain, { l1BlockSince });
      await pxe.keys.add({ seed, birthday });
      await pxe.synchronizer.sync();
      assert.equal(pxe.records.all(alice.keys.address.x).length, 1);
    }
  });

  it('are found on L1 by bisection', async () => {
    const timestamps = [0n, 10n, 10n, 30n, 31n, 50n];
    const client = {
      getBlockNumber: async () => BigInt(timestamps.length - 1),
      getBlock: async ({ blockNumber }: { blockNumber: bigint }) => ({
        timestamp: timestamps[Number(blockNumber)],
      }),
    } as unknown as L1Client;
    const at = (seconds: number, from = 0) => firstBlockSince(client, from, seconds * 1000);
    assert.deepEqual(
      await Promise.all([at(0), at(10), at(11), at(31), at(50), at(51), at(10, 3), at(0, 9)]),
      [0, 1, 3, 4, 5, undefined, 3, undefined],
    );
  });
});

describe('progress of a wallet', () => {
  it('has an estimate after two seconds, from the blocks of this run', () => {
    const seen: SyncProgress[] = [];
    let time = 0;
    const report = trackProgress(
      (progress) => seen.push(progress),
      () => time,
    );
    time = 1000;
    report(11, 20);
    time = 4000;
    report(12, 20);
    assert.deepEqual(seen, [
      { block: 11, head: 20, secondsLeft: undefined },
      { block: 12, head: 20, secondsLeft: 16 },
    ]);
  });

  it('is reported for every block', async () => {
    const chain = new FakeChain();
    const seen: SyncProgress[] = [];
    const pxe = await openPxe(chain, memoryBackend(), chain, {
      onProgress: (progress) => seen.push(progress),
    });
    const alice = await pxe.keys.add();
    for (const salt of ['a', 'b', 'c']) chain.add(salt, [pay(alice, alice.keys.address.x, 1n)]);
    await pxe.synchronizer.sync();
    assert.deepEqual(
      seen.map(({ block, head }) => [block, head]),
      [
        [1, 3],
        [2, 3],
        [3, 3],
      ],
    );
  });
});
