import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Hex } from 'viem';
import { startChain } from '../../devnet/chain.ts';
import type { Fixture } from '../../fixtures/rollup.ts';
import { accountFromPrivateKey, developmentAccounts } from '../../l1/account.ts';
import { connectL1 } from '../../l1/client.ts';
import { depositEth } from '../../l1/deposit.ts';
import { type FollowStep, followStep, type L1Cursor } from '../../l1/follow.ts';
import { decodeProposal, encodeProposal, proposeBlock } from '../../l1/propose.ts';
import { cameToNothing } from '../../l1/send.ts';
import { contractKeys } from '../../l1/verification-key.ts';
import { ABI_FILES, abiText } from '../../scripts/generate/abi.ts';
import { fixtureActions } from '../support/rollup/fixture-actions.ts';
import type { StandInChain } from '../support/rollup/stand-in-blocks.ts';
import type { StandInProver } from '../support/rollup/stand-in-prover.ts';
import { useStandInRollup } from '../support/rollup/stand-in-suite.ts';

describe('l1', () => {
  let prover: StandInProver;
  let fixture: Fixture;
  let blocks: StandInChain;

  const { request } = fixtureActions(() => fixture);
  const deposit = (ownerHash: bigint) =>
    depositEth(fixture.client, fixture.wallets[1], fixture.bridge, { ownerHash, amount: 1n });

  useStandInRollup((made) => {
    ({ prover, fixture, blocks } = made);
  });

  it('tells deposits that failed for certain: refused by the contract, or by the node for want of money', async () => {
    const { client, wallets, bridge } = fixture;
    for (const [ownerHash, amount] of [
      [5n, 0n],
      [2n ** 255n, 1n],
      [5n, 10n ** 30n],
    ]) {
      await assert.rejects(depositEth(client, wallets[1], bridge, { ownerHash, amount }), (error) =>
        cameToNothing(error),
      );
    }
  });

  it('has the ABIs of the contracts as they are', async () => {
    for (const { file, constant, contract } of ABI_FILES) {
      const text = await readFile(new URL(`../../l1/generated/${file}`, import.meta.url), 'utf8');
      assert.equal(text, await abiText(constant, contract), `${file}: run node scripts/generate/abi.ts`);
    }
  });

  it('reads back the bytes of any proposal, and of nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const input = encodeProposal(bytes);
        assert.deepEqual(decodeProposal(input), bytes);
        for (const other of [
          `0x00${input.slice(4)}`,
          `${input}00`,
          input.slice(0, -2),
          input.slice(0, 100),
          '0x',
          `${input.slice(0, 10)}${'00'.repeat(31)}40${input.slice(74)}`,
        ]) {
          assert.throws(() => decodeProposal(other as Hex), { code: 'L1_CALLDATA_MALFORMED' });
        }
      }),
    );
  });

  it('follows the chain through reorgs without losing or doubling an event', async () => {
    /** The view of a follower: every event, with the L1 block it came from. */
    let known: { place: number; log: number; what: string }[] = [];
    let cursors: L1Cursor[] = [];
    const step = async (): Promise<FollowStep['kind']> => {
      const result = await followStep(fixture.client, fixture.source, cursors, fixture.info.deployedAt, 3);
      if (result.kind === 'advance') {
        const { blocks: settled, deposits } = result.events;
        const found = [
          ...settled.map((event) => ({ event, what: `block of ${event.bytes.length} bytes` })),
          ...deposits.map((event) => ({ event, what: `deposit ${event.ownerHash}` })),
        ].map(({ event, what }) => ({ place: event.l1Block, log: event.logIndex, what }));
        known.push(...found.sort((a, b) => a.place - b.place || a.log - b.log));
        cursors.push(result.cursor);
      } else if (result.kind === 'rollback') {
        const to = result.to?.number ?? -1;
        known = known.filter((event) => event.place <= to);
        cursors = cursors.filter((cursor) => cursor.number <= to);
      }
      return result.kind;
    };
    const follow = async (): Promise<string[]> => {
      while ((await step()) !== 'idle');
      return known.map(({ what }) => what);
    };

    await deposit(1n);
    await proposeBlock(fixture.client, fixture.wallets[0], fixture.rollup, await blocks.simple(1));
    const block = `block of ${(await blocks.simple(1)).length} bytes`;
    assert.deepEqual(await follow(), ['deposit 1', block]);
    const snapshot = await request('evm_snapshot');
    await deposit(2n);
    await request('hardhat_mine', ['0x5']);
    await deposit(3n);
    assert.deepEqual(await follow(), ['deposit 1', block, 'deposit 2', 'deposit 3']);

    // The last blocks vanish; others take their place, in another order and fewer.
    await request('evm_revert', [snapshot]);
    assert.equal(await step(), 'rollback');
    assert.deepEqual(await follow(), ['deposit 1', block]);
    await deposit(3n);
    await deposit(2n);
    await request('hardhat_mine', ['0x9']);
    assert.deepEqual(await follow(), ['deposit 1', block, 'deposit 3', 'deposit 2']);
    assert.equal(cursors.at(-1)?.number, Number(await fixture.client.getBlockNumber()));

    // Another chain altogether: nothing stored is on it.
    const foreign = cursors.map(({ number }) => ({ number, hash: `0x${'22'.repeat(32)}` as Hex }));
    const result = await followStep(fixture.client, fixture.source, foreign, fixture.info.deployedAt);
    assert.deepEqual(result, { kind: 'rollback', to: undefined });
  });

  it('says that L1 does not answer, whatever the call', async () => {
    const served = await startChain({ port: 0 });
    const client = await connectL1({ l1: served.url!, pollingInterval: 10, http: { retryCount: 0 } });
    assert.equal(await client.getChainId(), 31337);
    await served.close();
    await assert.rejects(connectL1({ l1: served.url!, http: { retryCount: 0 } }), { code: 'L1_UNREACHABLE' });
    await assert.rejects(followStep(client, fixture.source, [], 0), { code: 'L1_UNREACHABLE' });
    const cursor = { number: 1, hash: `0x${'22'.repeat(32)}` as Hex };
    await assert.rejects(followStep(client, fixture.source, [cursor], 0), { code: 'L1_UNREACHABLE' });
  });

  it('names the port that is taken', async () => {
    const first = await startChain({ port: 0 });
    const port = Number(new URL(first.url!).port);
    await assert.rejects(startChain({ port }), { code: 'PORT_UNAVAILABLE' });
    await first.close();
  });

  it('passes reverts through JSON-RPC with their names', async () => {
    const served = await startChain({ port: 0 });
    const client = await connectL1({ l1: served.url!, pollingInterval: 10 });
    const { deployRollup } = await import('../../l1/deploy/deploy.ts');
    const { l1Wallet } = await import('../../l1/client.ts');
    const { loadArtifact } = await import('../../l1/artifacts.ts');
    const wallet = l1Wallet(client, accountFromPrivateKey(served.accounts[0].privateKey));
    assert.equal(wallet.account.address, developmentAccounts(1)[0].address);
    const { bridge } = await deployRollup(
      {
        keys: prover.keys,
        insecureKeys: true,
        creditsProgramId: 1n,
        bridgeProgramId: 2n,
        creditsTypeId: 1n,
        bridgeTypeId: 2n,
      },
      { client, wallet, artifact: await loadArtifact('Rollup') },
    );
    const refused = depositEth(client, wallet, bridge, { ownerHash: 1n, amount: 0n });
    await assert.rejects(refused, {
      code: 'L1_REVERTED',
      details: { action: 'deposit ETH', error: 'AmountOutOfRange', amount: '0' },
    });
    await served.close();
  });

  it('refuses keys of different setups, and L1 keys in a wrong form without repeating them', () => {
    const [first, second] = [
      prover.keys['transition-small'],
      structuredClone(prover.keys['state-update-small']),
    ];
    const other = { ...second, vk_alpha_1: ['1', '2', '1'] };
    assert.throws(() => contractKeys({ 'transition-small': first, 'state-update-small': other }), {
      code: 'L1_KEYS_OF_DIFFERENT_SETUPS',
    });
    assert.throws(() => contractKeys({}), { code: 'L1_KEYS_MISSING' });
    for (const key of [`0x${'0'.repeat(64)}`, `0x${'f'.repeat(64)}`, 'abcdef', `0x${'1'.repeat(63)}`]) {
      assert.throws(
        () => accountFromPrivateKey(key),
        (error: Error & { code?: string }) =>
          error.code === 'L1_KEY_INVALID' && !error.message.includes(key.slice(2)),
      );
    }
  });
});
